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

std::string slug(std::string_view text, std::size_t most) {
  const GCharPtr apart{g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFKD)};
  std::string out;
  bool gap = false;
  for (const char* p = apart ? apart.get() : ""; *p; p = g_utf8_next_char(p)) {
    const gunichar c = g_utf8_get_char(p);
    if (g_unichar_ismark(c)) continue;  // the accent of the letter before
    if (c >= 0x80 || !g_ascii_isalnum(static_cast<char>(c))) {
      gap = !out.empty();
      continue;
    }
    if (out.size() + (gap ? 2 : 1) > most) break;
    if (gap) out += '-';
    gap = false;
    out += g_ascii_tolower(static_cast<char>(c));
  }
  return out;
}

}  // namespace hub::lib::glib
