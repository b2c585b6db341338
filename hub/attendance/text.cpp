#include "hub/attendance/text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace hub::attendance {
namespace {

/// Length in bytes of the character that @p text begins with.
std::size_t length_of_first(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

bool is_space(std::string_view character) {
  constexpr std::string_view kSpaces[] = {
      " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00a0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  return std::find(std::begin(kSpaces), std::end(kSpaces), character) != std::end(kSpaces);
}

bool is_control(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character.front());
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<std::uint8_t>(character[1]) < 0xA0;
}

}  // namespace

bool is_visible(std::string_view text) {
  constexpr std::string_view kBlank[] = {"\u00ad", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e",
                                         "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2060",
                                         "\u2066", "\u2067", "\u2068", "\u2069", "\u3164", "\ufeff"};
  for (std::size_t i = 0; i < text.size();) {
    const auto character = text.substr(i, length_of_first(text.substr(i)));
    const bool blank =
        character == " " || std::find(std::begin(kBlank), std::end(kBlank), character) != std::end(kBlank);
    if (!blank) return true;
    i += character.size();
  }
  return false;
}

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = text.substr(i, length_of_first(text.substr(i)));
    i += character.size();
    if (is_space(character)) {
      space = !out.empty();
    } else if (!is_control(character)) {
      if (std::exchange(space, false)) out += ' ';
      out += character;
    }
  }
  return out;
}

}  // namespace hub::attendance
