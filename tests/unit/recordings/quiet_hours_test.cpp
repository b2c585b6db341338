#include "hub/recordings/quiet_hours.h"

#include "hub/recordings/library.h"
#include "tests/support/catch.h"

#include <string>

using namespace hub;
using recordings::QuietHours;

namespace {

base::Wall at(const std::string& utc) {
  return recordings::parse_time(utc + ":00.000Z").value();
}

}  // namespace

TEST_CASE("quiet hours are two different times of the day, or nothing") {
  for (const char* good : {"", "22:00-06:00", "00:00-23:59", "01:30-02:30"}) CHECK(QuietHours::parse(good));
  for (const char* bad : {"22-06", "22:00-22:00", "24:00-06:00", "22:60-06:00", "22:00–06:00", "2:00-06:00",
                          "22:00-06:00 ", "aa:bb-cc:dd", "22:00 06:00"}) {
    INFO(bad);
    CHECK_FALSE(QuietHours::parse(bad));
  }
}

TEST_CASE("quiet hours go by the clock on the wall, over midnight and over clock changes") {
  struct Row {
    const char *hours, *zone, *now, *next;  // UTC; next equals now: inside
  };
  const auto row =
      GENERATE(Row{"", "Africa/Bamako", "2027-01-15T12:00", "2027-01-15T12:00"},
               Row{"22:00-06:00", "Africa/Bamako", "2027-01-15T21:59", "2027-01-15T22:00"},
               Row{"22:00-06:00", "Africa/Bamako", "2027-01-15T22:00", "2027-01-15T22:00"},
               Row{"22:00-06:00", "Africa/Bamako", "2027-01-15T05:59", "2027-01-15T05:59"},
               Row{"22:00-06:00", "Africa/Bamako", "2027-01-15T06:00", "2027-01-15T22:00"},
               Row{"09:00-10:00", "Asia/Kuala_Lumpur", "2027-01-15T02:00", "2027-01-16T01:00"},
               // Europe/Paris, 28 March 2027: 02:00 becomes 03:00, so that 02:30 does not exist.
               Row{"02:30-04:00", "Europe/Paris", "2027-03-28T00:00", "2027-03-28T01:00"},
               Row{"02:15-02:45", "Europe/Paris", "2027-03-28T00:00", "2027-03-29T00:15"},
               // 31 October 2027: 03:00 becomes 02:00, so that 02:30 comes twice, and both are inside.
               Row{"02:00-03:00", "Europe/Paris", "2027-10-31T00:30", "2027-10-31T00:30"},
               Row{"02:00-03:00", "Europe/Paris", "2027-10-31T01:30", "2027-10-31T01:30"},
               Row{"02:00-03:00", "Europe/Paris", "2027-10-31T02:00", "2027-11-01T01:00"});
  INFO(row.hours << " " << row.zone << " " << row.now);
  const auto hours = QuietHours::parse(row.hours).value();
  const lib::glib::TimeZone zone{row.zone};
  CHECK(base::to_rfc3339(hours.next(at(row.now), zone)) == base::to_rfc3339(at(row.next)));
  CHECK(hours.contains(at(row.now), zone) == (std::string{row.now} == row.next));
}
