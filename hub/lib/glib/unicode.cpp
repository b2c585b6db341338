#include "hub/lib/glib/unicode.h"

#include "hub/lib/glib/ref.h"

namespace hub::lib::glib {

std::string fold(std::string_view text) {
  const GCharPtr normal{g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFKC)};
  if (!normal) return std::string{text};
  const GCharPtr folded{g_utf8_casefold(normal.get(), -1)};
  return folded.get();
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const gunichar character = g_utf8_get_char_validated(at, end - at);
    if (character >= 0x110000) {  // not UTF-8: one column for the byte
      ++at;
      ++count;
      continue;
    }
    at = g_utf8_next_char(at);
    if (!g_unichar_iszerowidth(character)) count += g_unichar_iswide(character) ? 2 : 1;
  }
  return count;
}

}  // namespace hub::lib::glib
