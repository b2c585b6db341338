#include "hub/media/title.h"

#include "hub/base/json.h"

namespace hub::media {
namespace {

constexpr std::size_t kMaxBytes = 500;

std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

}  // namespace

std::string clean_title(std::string_view text) {
  const std::string utf8 = base::is_utf8(text) ? std::string{text} : from_latin1(text);
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    // U+0080 to U+009F are controls too: C2 80 to C2 9F.
    const bool c1 = byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
    if (c1) ++i;
    if (!c1 && byte >= 0x20 && byte != 0x7F) out += utf8[i];
  }
  if (out.size() <= kMaxBytes) return out;
  std::size_t end = kMaxBytes;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
  out.resize(end);
  return out;
}

}  // namespace hub::media
