#include "hub/recordings/quiet_hours.h"

#include <cctype>
#include <string>

namespace hub::recordings {
namespace {

using std::chrono::minutes;

/// "22:00"; nothing if it is no time of the day.
std::optional<minutes> parse_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U})
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return minutes{hour * 60 + minute};
}

}  // namespace

std::optional<QuietHours> QuietHours::parse(std::string_view text) {
  QuietHours out;
  if (text.empty()) return out;
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = parse_time(text.substr(0, 5));
  const auto to = parse_time(text.substr(6));
  if (!from || !to || *from == *to) return std::nullopt;
  out.from_ = *from;
  out.to_ = *to;
  return out;
}

bool QuietHours::contains(base::Wall time, const lib::glib::TimeZone& zone) const {
  if (any_time()) return true;
  const std::string local = zone.iso(time);  // "2027-01-15T09:00:00+01:00"
  const auto now = *parse_time(std::string_view{local}.substr(11, 5));
  return from_ < to_ ? from_ <= now && now < to_ : from_ <= now || now < to_;
}

base::Wall QuietHours::next(base::Wall time, const lib::glib::TimeZone& zone) const {
  if (contains(time, zone)) return time;
  auto minute = std::chrono::ceil<minutes>(time);
  // Walked minute by minute, so that no rule for clock changes is needed; at most a day and an hour.
  for (int i = 0; i < 26 * 60 && !contains(base::Wall{minute}, zone); ++i) minute += minutes{1};
  return base::Wall{minute};
}

}  // namespace hub::recordings
