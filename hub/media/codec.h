#pragma once
#include "hub/base/clock.h"
#include "hub/stream/track.h"

#include <optional>
#include <string>

#include <gst/gst.h>

namespace hub::media {

/// What has to be done with an encoded stream so that every browser and the relay can use it.
enum class Treatment {
  PassH264,     ///< 8-bit 4:2:0 progressive H.264 up to High profile
  PassAac,      ///< AAC-LC or HE-AAC
  KeepMp3,      ///< MP3: sent as it came, and as AAC
  EncodeVideo,  ///< decoded and encoded as H.264
  EncodeAudio,  ///< decoded and encoded as AAC-LC
  None          ///< neither picture nor sound
};

/// @param caps  of a parsed stream, such as video/x-h264, profile=high, interlace-mode=progressive.
[[nodiscard]] Treatment treatment_of(const GstCaps* caps);
[[nodiscard]] constexpr bool is_video(Treatment treatment) noexcept {
  return treatment == Treatment::PassH264 || treatment == Treatment::EncodeVideo;
}
[[nodiscard]] constexpr bool is_audio(Treatment treatment) noexcept {
  return treatment == Treatment::PassAac || treatment == Treatment::KeepMp3 ||
         treatment == Treatment::EncodeAudio;
}
/// "VP9", "AC-3 (ATSC A/52)", … for people; the caps themselves if nobody gave them a name.
[[nodiscard]] std::string codec_name(const GstCaps* caps);

/// The track that @p caps at the end of a branch describe; nothing as long as the codec's configuration is
/// missing. Shape: video/x-h264, stream-format=avc, codec_data; audio/mpeg, mpegversion=4,
/// stream-format=raw, codec_data; audio/mpeg, mpegversion=1, layer=3.
[[nodiscard]] std::optional<stream::Track> track_from(const GstCaps* caps, std::uint8_t id);
/// Exact length of each unit of @p track: 1024 samples of AAC, 1152 or 576 of MP3; 0 for video.
[[nodiscard]] base::Nanos frame_length(const stream::Track& track) noexcept;

}  // namespace hub::media
