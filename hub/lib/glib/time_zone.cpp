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

base::Wall TimeZone::start_of(Date date) const {
  const auto midnight = std::chrono::duration_cast<std::chrono::seconds>(days_of(date).time_since_epoch());
  // Where a clock change makes midnight happen twice the earlier offset is the first of them; where it makes
  // midnight not exist, GLib moves the time to the end of the gap.
  gint64 local = midnight.count();
  const int interval = g_time_zone_adjust_time(raw(zone_), G_TIME_TYPE_DAYLIGHT, &local);
  const std::chrono::seconds offset{g_time_zone_get_offset(raw(zone_), interval)};
  return base::Wall{std::chrono::seconds{local} - offset};
}

Date next_day(Date date) {
  return date_of(days_of(date) + std::chrono::days{1});
}

}  // namespace hub::lib::glib
