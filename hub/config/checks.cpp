#include "hub/config/checks.h"

#include "hub/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fstream>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace hub::config {
namespace {

constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool letter(char c) {
  return lower(c) || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool known_time_zone(std::string_view name) {
  if (name == "UTC") return true;  // also on a machine without the database
  if (name.empty() || name.size() > 64 || !letter(name[0])) return false;
  const auto fine = [](char c) {
    return letter(c) || digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
  };
  if (!std::all_of(name.begin(), name.end(), fine)) return false;  // no '.', so no way up
  if (name.starts_with("posix/") || name.starts_with("right/")) return false;
  const auto path = std::filesystem::path{"/usr/share/zoneinfo"} / name;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<char, 4> magic{};
  std::ifstream file{path, std::ios::binary};
  file.read(magic.data(), magic.size());
  return file && std::string_view{magic.data(), magic.size()} == "TZif";
}

bool is_language_tag(std::string_view text) noexcept {
  if (text.empty()) return true;
  if (text.size() > 35 || text.back() == '-') return false;
  bool first = true;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('-'));
    const auto fine = [&](char c) { return letter(c) || (!first && digit(c)); };
    if (part.empty() || part.size() > 8 || !std::all_of(part.begin(), part.end(), fine)) return false;
    if (first && (part.size() < 2 || part.size() > 3)) return false;
    first = false;
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return true;
}

bool is_country(std::string_view text) noexcept {
  const auto upper = [](char c) { return letter(c) && !lower(c); };
  return text.empty() || (text.size() == 2 && upper(text[0]) && upper(text[1]));
}

bool is_host_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253 || !(letter(text[0]) || digit(text[0]))) return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return letter(c) || digit(c) || c == '-' || c == '.'; });
}

bool is_web_address(std::string_view text) noexcept {
  for (const std::string_view start : {"http://", "https://"}) {
    if (!text.starts_with(start)) continue;
    const auto rest = text.substr(start.size());
    return !rest.empty() && rest[0] != '/' && rest.find(' ') == std::string_view::npos &&
           !base::has_control(rest);
  }
  return false;
}

bool is_permission(std::string_view text) noexcept {
  if (text.empty()) return true;
  constexpr std::string_view kDay = "0000-00-00";
  const auto comma = text.rfind(',');
  if (comma == std::string_view::npos || text.size() > 300 || base::has_control(text)) return false;
  auto day = text.substr(comma + 1);
  day.remove_prefix(std::min(day.find_first_not_of(' '), day.size()));
  const auto name = text.substr(0, comma);
  if (base::code_points(name) < 2 || name.find_first_not_of(" ,") == std::string_view::npos ||
      day.size() != kDay.size())
    return false;
  return std::equal(day.begin(), day.end(), kDay.begin(),
                    [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; });
}

std::optional<std::pair<std::string, std::uint16_t>> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  std::string address{text.substr(0, colon)};
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  if (inet_pton(bracketed ? AF_INET6 : AF_INET, address.c_str(), binary.data()) != 1) return std::nullopt;
  return std::pair{std::move(address), port};
}

}  // namespace hub::config
