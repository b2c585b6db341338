#include "hub/attendance/day.h"

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace hub::attendance {
namespace {

constexpr std::string_view kPrefix = "local:";
constexpr std::array<std::string_view, 12> kFrench{"janvier",   "février", "mars",     "avril",
                                                   "mai",       "juin",    "juillet",  "août",
                                                   "septembre", "octobre", "novembre", "décembre"};
constexpr std::array<std::string_view, 12> kEnglish{"January",   "February", "March",    "April",
                                                    "May",       "June",     "July",     "August",
                                                    "September", "October",  "November", "December"};

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Day day_at(const lib::glib::TimeZone& zone, base::Wall time) {
  const auto date = zone.date(time);
  return {fmt::format("{}{:04}-{:02}-{:02}", kPrefix, date.year, date.month, date.day), zone.start_of(date),
          zone.start_of(next_day(date))};
}

std::string session_title(std::string_view id, std::string_view language) {
  if (!id.starts_with(kPrefix) || id.size() != kPrefix.size() + 10) return std::string{id};
  const auto date = id.substr(kPrefix.size());
  const auto month = digits(date.substr(5, 2));
  const auto day = digits(date.substr(8, 2));
  if (!month || !day || *month < 1 || *month > 12) return std::string{id};
  const auto index = static_cast<std::size_t>(*month - 1);
  const auto year = date.substr(0, 4);
  if (language == "fr")
    return fmt::format("{} {} {}", *day == 1 ? "1er" : std::to_string(*day), kFrench[index], year);
  return fmt::format("{} {} {}", *day, kEnglish[index], year);
}

}  // namespace hub::attendance
