#include "hub/lib/glib/time_zone.h"

#include "hub/base/error.h"
#include "hub/lib/glib/ref.h"

#include <chrono>

#include <fmt/format.h>

namespace hub::lib::glib {
namespace {

GTimeZone* raw(const std::shared_ptr<void>& zone) {
  return static_cast<GTimeZone*>(zone.get());
}

/// Offset from UTC at @p time.
std::chrono::seconds offset_at(GTimeZone* zone, base::Wall time) {
  const auto unix_seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, unix_seconds);
  return std::chrono::seconds{g_time_zone_get_offset(zone, interval)};
}

std::chrono::sys_days days_of(Date date) {
  return std::chrono::sys_days{std::chrono::year{date.year} /
                               std::chrono::month{static_cast<unsigned>(date.month)} /
                               std::chrono::day{static_cast<unsigned>(date.day)}};
}

Date date_of(std::chrono::sys_days days) {
  const std::chrono::year_month_day ymd{days};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

/// Reads the parts of a time from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  bool skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

  std::optional<Date> date() {
    const auto year = digits(4);
    if (!year || !skip('-')) return std::nullopt;
    const auto month = digits(2);
    if (!month || !skip('-')) return std::nullopt;
    const auto day = digits(2);
    if (!day || !std::chrono::year_month_day{std::chrono::year{*year},
                                             std::chrono::month{static_cast<unsigned>(*month)},
                                             std::chrono::day{static_cast<unsigned>(*day)}}
                     .ok())
      return std::nullopt;
    return Date{*year, *month, *day};
  }

  /// Hours, minutes and, if they are there, seconds, whose fraction is passed over.
  std::optional<std::chrono::seconds> clock() {
    auto time = hours_minutes();
    if (!time || !skip(':')) return time;
    const auto seconds = digits(2);
    if (!seconds || *seconds > 59) return std::nullopt;
    if (skip('.')) {
      if (!digits(1)) return std::nullopt;
      while (digits(1)) {
      }
    }
    return *time + std::chrono::seconds{*seconds};
  }

  std::optional<std::chrono::seconds> offset() {
    if (skip('Z') || skip('z')) return std::chrono::seconds{0};
    const bool west = skip('-');
    if (!west && !skip('+')) return std::nullopt;
    const auto shift = hours_minutes();
    if (!shift) return std::nullopt;
    return west ? -*shift : *shift;
  }

 private:
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  std::optional<std::chrono::seconds> hours_minutes() {
    const auto hours = digits(2);
    if (!hours || *hours > 23 || !skip(':')) return std::nullopt;
    const auto minutes = digits(2);
    if (!minutes || *minutes > 59) return std::nullopt;
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  }

  std::string_view rest_;
};

}  // namespace

TimeZone::TimeZone(const std::string& name) : name_{name} {
  GTimeZone* zone = g_time_zone_new_identifier(name.c_str());
  if (!zone)
    throw base::Error{base::Errc::Config,
                      fmt::format("the time zone \"{}\" is not known here: use an IANA name "
                                  "such as \"Africa/Bamako\" (package tzdata)",
                                  name)};
  zone_ = std::shared_ptr<void>{zone, [](void* p) { g_time_zone_unref(static_cast<GTimeZone*>(p)); }};
}

Date TimeZone::date(base::Wall time) const {
  return date_of(std::chrono::floor<std::chrono::days>(time + offset_at(raw(zone_), time)));
}

std::string TimeZone::iso(base::Wall time) const {
  const auto offset = offset_at(raw(zone_), time);
  const auto local = std::chrono::floor<std::chrono::seconds>(time + offset);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const Date date = date_of(day);
  const std::chrono::hh_mm_ss clock{local - day};
  const std::chrono::hh_mm_ss shift{std::chrono::abs(offset)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", date.year, date.month, date.day,
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     offset < std::chrono::seconds{0} ? '-' : '+', shift.hours().count(),
                     shift.minutes().count());
}

base::Wall TimeZone::at(Date date, std::chrono::seconds clock) const {
  const auto wanted =
      std::chrono::duration_cast<std::chrono::seconds>(days_of(date).time_since_epoch()) + clock;
  // Where a clock change makes a time happen twice the earlier offset is the first of them; where it makes
  // it not exist, GLib moves the time to the end of the gap.
  gint64 local = wanted.count();
  const int interval = g_time_zone_adjust_time(raw(zone_), G_TIME_TYPE_DAYLIGHT, &local);
  const std::chrono::seconds offset{g_time_zone_get_offset(raw(zone_), interval)};
  return base::Wall{std::chrono::seconds{local} - offset};
}

std::optional<base::Wall> parse_time(std::string_view text, const TimeZone& zone,
                                     const std::optional<Date>& day) {
  Reader reader{text};
  std::optional<Date> date = day;
  if (text.size() > 10) {
    date = reader.date();
    if (!date || !(reader.skip(' ') || reader.skip('T'))) return std::nullopt;
  }
  const auto clock = reader.clock();
  if (!date || !clock) return std::nullopt;
  if (reader.done()) return zone.at(*date, *clock);
  const auto offset = text.size() > 10 ? reader.offset() : std::nullopt;
  if (!offset || !reader.done()) return std::nullopt;
  return base::Wall{days_of(*date).time_since_epoch() + *clock - *offset};
}

Date next_day(Date date) {
  return date_of(days_of(date) + std::chrono::days{1});
}

}  // namespace hub::lib::glib
