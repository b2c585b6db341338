#pragma once
#include "hub/base/bytes.h"
#include "hub/base/clock.h"

#include <cstdint>
#include <string>

/// The one stream type of the kit: encoded access units on a timeline, and the framing that carries them
/// between processes. Knows no container, no network and no GStreamer.
namespace hub::stream {

enum class Kind : std::uint8_t { Video = 1, Audio = 2 };
enum class Codec : std::uint8_t { H264 = 1, Aac = 2, Mp3 = 3 };

[[nodiscard]] constexpr Kind kind_of(Codec codec) noexcept {
  return codec == Codec::H264 ? Kind::Video : Kind::Audio;
}

/// One elementary stream.
struct Track {
  std::uint8_t id = 0;  ///< unique within a source; at most 15
  Codec codec = Codec::H264;
  /// H264: AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). Aac: AudioSpecificConfig (ISO/IEC
  /// 14496-3, 1.6.2.1). Mp3: empty.
  base::Bytes config;
  std::uint16_t width_px = 0, height_px = 0;  ///< video only
  std::uint32_t rate_hz = 0;                  ///< audio only
  std::uint8_t channels = 0;                  ///< audio only
  std::uint32_t bitrate_bps = 0;              ///< as declared or measured at the start; 0 if unknown
  std::string language;                       ///< BCP 47; empty if unknown
  friend bool operator==(const Track&, const Track&) = default;
};

/// One encoded access unit.
/// H264: length-prefixed NAL units with the length size of the track's config (stream-format=avc,
/// alignment=au). Aac: one raw frame without ADTS header. Mp3: one whole frame with its header.
struct Unit {
  std::uint8_t track = 0;
  bool key = false;            ///< decoding can start here; always true for audio
  base::Nanos pts{0}, dts{0};  ///< on the timeline of whoever made it; pts >= 0; for audio both are equal
  base::Nanos duration{0};     ///< until the next unit of the track in decoding order, > 0
  base::Blob payload;          ///< never null, never empty
};

}  // namespace hub::stream
