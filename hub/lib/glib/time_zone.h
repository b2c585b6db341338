#pragma once
#include "hub/base/clock.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hub::lib::glib {

/// A day of the calendar, Gregorian.
struct Date {
  int year = 1970;
  int month = 1;  ///< 1 to 12
  int day = 1;    ///< 1 to 31
  friend bool operator==(const Date&, const Date&) = default;
};

/// A zone of the IANA database (tzdata) with its rules for the past and the future. Copies share it;
/// thread-safe, since it never changes.
class TimeZone {
 public:
  /// @param name  IANA name such as "Africa/Bamako".
  /// @throws base::Error{Config} if the machine's tzdata has no such zone.
  explicit TimeZone(const std::string& name);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The day that a clock on the wall of this zone shows.
  [[nodiscard]] Date date(base::Wall time) const;
  /// ISO 8601 with the offset of that moment: "2027-01-15T09:00:00+01:00".
  [[nodiscard]] std::string iso(base::Wall time) const;
  /// The first moment of @p date: midnight, or when the clocks jump over midnight, the end of the jump.
  [[nodiscard]] base::Wall start_of(Date date) const { return at(date, std::chrono::seconds{0}); }
  /// When a clock on the wall shows @p clock (since midnight) on @p date: the first time where a change of
  /// the clocks makes it happen twice, the end of the jump where it is left out.
  [[nodiscard]] base::Wall at(Date date, std::chrono::seconds clock) const;

 private:
  std::string name_;
  std::shared_ptr<void> zone_;  // GTimeZone; void keeps GLib out of the domain's sight
};

/// A time as people write it: RFC 3339 with an offset, or on the clocks of @p zone "2027-03-15 09:30" (also
/// with T and seconds) or, if @p day is given, "09:30". Nothing if it is none.
[[nodiscard]] std::optional<base::Wall> parse_time(std::string_view text, const TimeZone& zone,
                                                   const std::optional<Date>& day);

/// The day after @p date.
[[nodiscard]] Date next_day(Date date);

}  // namespace hub::lib::glib
