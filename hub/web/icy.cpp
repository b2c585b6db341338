#include "hub/web/icy.h"

#include <algorithm>
#include <array>

namespace hub::web {
namespace {
constexpr std::size_t kMaxBytes = 255 * 16;
}

base::Bytes icy_metadata(std::string_view title) {
  constexpr std::string_view kHead = "StreamTitle='";
  constexpr std::string_view kTail = "';";
  constexpr std::string_view kApostrophe = "\xE2\x80\x99";
  std::string text{kHead};
  for (std::size_t i = 0; i < title.size();) {
    std::size_t length = 1;
    while (i + length < title.size() && (static_cast<std::uint8_t>(title[i + length]) & 0xC0U) == 0x80)
      ++length;
    std::string_view character = title.substr(i, length);
    if (character == "'") character = kApostrophe;
    if (static_cast<std::uint8_t>(character.front()) < 0x20 || character == "\x7F") character = " ";
    if (text.size() + character.size() + kTail.size() > kMaxBytes) break;
    text += character;
    i += length;
  }
  text += kTail;
  const auto blocks = (text.size() + 15) / 16;
  base::Bytes out(1 + blocks * 16, 0);
  out[0] = static_cast<std::uint8_t>(blocks);
  std::copy(text.begin(), text.end(), out.begin() + 1);
  return out;
}

base::Bytes IcyInterleaver::weave(std::span<const std::uint8_t> audio, std::string_view title) {
  base::Bytes out;
  out.reserve(audio.size() + audio.size() / kInterval * 64 + 64);
  while (!audio.empty()) {
    const auto take = std::min(audio.size(), until_metadata_);
    out.insert(out.end(), audio.begin(), audio.begin() + static_cast<std::ptrdiff_t>(take));
    audio = audio.subspan(take);
    until_metadata_ -= take;
    if (until_metadata_ != 0) break;
    until_metadata_ = kInterval;
    if (!sent_any_ || sent_title_ != title) {
      const auto metadata = icy_metadata(title);
      out.insert(out.end(), metadata.begin(), metadata.end());
      sent_title_ = title;
      sent_any_ = true;
    } else {
      out.push_back(0);
    }
  }
  return out;
}

std::string header_safe(std::string_view text) {
  std::string out{text};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F; }, ' ');
  return out;
}

int mp3_kbps(std::span<const std::uint8_t> chunk) {
  // Layer III: index → kbit/s, MPEG-1 and MPEG-2/2.5.
  constexpr std::array<std::array<int, 16>, 2> kRates{
      {{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
       {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}}};
  if (chunk.size() < 4 || chunk[0] != 0xFF || (chunk[1] & 0xE6U) != 0xE2) return 0;
  const bool mpeg1 = (chunk[1] & 0x18U) == 0x18;
  return kRates[mpeg1 ? 0 : 1][chunk[2] >> 4U];
}

}  // namespace hub::web
