#pragma once
#include "hub/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::packager {

/// What an AudioSpecificConfig says (ISO/IEC 14496-3, 1.6.2.1).
struct AacConfig {
  std::uint32_t object_type = 0;  ///< as signalled first: 2 = AAC-LC, 5 = with SBR, 29 = with SBR and PS
  std::uint32_t core_rate_hz = 0;
  std::uint32_t rate_hz = 0;           ///< of the output: differs from core_rate_hz with explicit SBR
  std::uint8_t rate_index = 15;        ///< of the core rate; 15: not one that a 4-bit index can name
  std::uint8_t channels = 0;           ///< channelConfiguration; 0: described in the stream
  std::uint32_t frame_samples = 1024;  ///< at the core rate: 1024 or 960
};
/// Untrusted bytes; nothing if they are too short or name a reserved rate or object type.
[[nodiscard]] std::optional<AacConfig> parse_aac_config(const base::Bytes& config);
/// RFC 6381, 3.3: "mp4a.40.2".
[[nodiscard]] std::string codec_string(const AacConfig& config);

/// What the head of an AVCDecoderConfigurationRecord says (ISO/IEC 14496-15, 5.3.3.1).
struct AvcConfig {
  std::uint8_t profile = 0, compatibility = 0, level = 0;
};
/// Untrusted bytes; nothing unless the record is whole and has at least one SPS and one PPS.
[[nodiscard]] std::optional<AvcConfig> parse_avc_config(const base::Bytes& config);
/// RFC 6381, 3.3: "avc1.64001f".
[[nodiscard]] std::string codec_string(const AvcConfig& config);

}  // namespace hub::packager
