#include "hub/packager/codec_config.h"

#include <array>
#include <cstddef>
#include <span>

#include <fmt/format.h>

namespace hub::packager {
namespace {

constexpr std::array<std::uint32_t, 13> kRates{96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                               22050, 16000, 12000, 11025, 8000,  7350};

class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}
  [[nodiscard]] std::optional<std::uint32_t> take(unsigned bits) {
    if (at_ + bits > bytes_.size() * 8) return std::nullopt;
    std::uint32_t value = 0;
    for (unsigned i = 0; i < bits; ++i, ++at_)
      value = (value << 1U) | ((std::uint32_t{bytes_[at_ / 8]} >> (7U - at_ % 8)) & 1U);
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

std::optional<std::uint32_t> take_object_type(BitReader& bits) {
  const auto type = bits.take(5);
  if (!type || *type != 31) return type;
  const auto more = bits.take(6);
  if (!more) return std::nullopt;
  return 32 + *more;
}

struct Rate {
  std::uint32_t hz;
  std::uint8_t index;
};

std::optional<Rate> take_rate(BitReader& bits) {
  const auto index = bits.take(4);
  if (!index) return std::nullopt;
  if (*index == 15) {
    const auto hz = bits.take(24);
    if (!hz || *hz < 7000 || *hz > 384'000) return std::nullopt;
    return Rate{*hz, 15};
  }
  if (*index >= kRates.size()) return std::nullopt;
  return Rate{kRates[*index], static_cast<std::uint8_t>(*index)};
}

}  // namespace

std::optional<AacConfig> parse_aac_config(const base::Bytes& config) {
  // 64 bytes hold every AAC configuration in use; the esds box that carries it stays small.
  if (config.size() > 64) return std::nullopt;
  BitReader bits{config};
  AacConfig out;
  const auto type = take_object_type(bits);
  const auto rate = take_rate(bits);
  const auto channels = bits.take(4);
  if (!type || *type == 0 || !rate || !channels) return std::nullopt;
  out.object_type = *type;
  out.core_rate_hz = out.rate_hz = rate->hz;
  out.rate_index = rate->index;
  out.channels = static_cast<std::uint8_t>(*channels);
  if (*type == 5 || *type == 29) {
    const auto extended = take_rate(bits);
    const auto core_type = take_object_type(bits);
    if (!extended || !core_type) return std::nullopt;
    out.rate_hz = extended->hz;
  }
  const auto short_frames = bits.take(1);
  if (!short_frames) return std::nullopt;
  out.frame_samples = *short_frames != 0 ? 960 : 1024;
  return out;
}

std::string codec_string(const AacConfig& config) {
  return fmt::format("mp4a.40.{}", config.object_type);
}

std::optional<AvcConfig> parse_avc_config(const base::Bytes& config) {
  if (config.size() < 7 || config.size() > 4096 || config[0] != 1) return std::nullopt;
  const bool length_size_of_3 = (config[4] & 3U) == 2;
  if (length_size_of_3) return std::nullopt;
  std::size_t at = 5;
  const auto skip_sets = [&](std::uint8_t mask) {
    if (at >= config.size()) return false;
    const unsigned count = config[at++] & mask;
    for (unsigned i = 0; i < count; ++i) {
      if (config.size() - at < 2) return false;
      const std::size_t length = std::size_t{config[at]} * 256 + config[at + 1];
      at += 2;
      if (length == 0 || config.size() - at < length) return false;
      at += length;
    }
    return count > 0;
  };
  if (!skip_sets(0x1F) || !skip_sets(0xFF)) return std::nullopt;
  return AvcConfig{config[1], config[2], config[3]};
}

std::string codec_string(const AvcConfig& config) {
  return fmt::format("avc1.{:02x}{:02x}{:02x}", config.profile, config.compatibility, config.level);
}

}  // namespace hub::packager
