#include "hub/attendance/device_code.h"

#include "hub/lib/glib/hash.h"

#include <cstdint>

namespace hub::attendance {

std::string device_code(std::string_view token) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr int kLength = 6;
  const auto hash = lib::glib::sha256("viewing-hub device code " + std::string{token});
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof bits; ++i) bits = bits << 8 | hash[i];
  std::string code;
  for (int i = 0; i < kLength; ++i) code += kDigits[bits >> (5 * i) & 31];
  return code;
}

std::string normal_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    code += c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
  }
  return code;
}

}  // namespace hub::attendance
