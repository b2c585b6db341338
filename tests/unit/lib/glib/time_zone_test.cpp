#include "hub/lib/glib/time_zone.h"

#include "hub/base/error.h"
#include "hub/lib/glib/unicode.h"
#include "tests/support/catch.h"

using namespace hub::lib::glib;
using hub::base::Wall;
using namespace std::chrono_literals;

namespace {
Wall at(int year, unsigned month, unsigned day, int hour, int minute) {
  return Wall{std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} /
                                    std::chrono::day{day}}
                  .time_since_epoch()} +
         std::chrono::hours{hour} + std::chrono::minutes{minute};
}
}  // namespace

TEST_CASE("local dates and times of a zone") {
  struct Case {
    const char* zone;
    Wall time;
    Date date;
    const char* iso;
  };
  const Case cases[] = {
      {"UTC", at(2027, 1, 15, 8, 0), {2027, 1, 15}, "2027-01-15T08:00:00+00:00"},
      {"Africa/Bamako", at(2027, 1, 15, 23, 59), {2027, 1, 15}, "2027-01-15T23:59:00+00:00"},
      {"Europe/Vienna", at(2026, 7, 20, 22, 30), {2026, 7, 21}, "2026-07-21T00:30:00+02:00"},
      {"Europe/Vienna", at(2026, 1, 20, 22, 30), {2026, 1, 20}, "2026-01-20T23:30:00+01:00"},
      {"America/St_Johns", at(2026, 1, 1, 3, 0), {2025, 12, 31}, "2025-12-31T23:30:00-03:30"},
      {"Asia/Kathmandu", at(2026, 1, 1, 18, 15), {2026, 1, 2}, "2026-01-02T00:00:00+05:45"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.zone);
    const TimeZone zone{c.zone};
    CHECK(zone.date(c.time) == c.date);
    CHECK(zone.iso(c.time) == c.iso);
  }
}

TEST_CASE("a day starts at its first moment, also where the clocks change at midnight") {
  CHECK(TimeZone{"Africa/Bamako"}.start_of({2027, 1, 15}) == at(2027, 1, 15, 0, 0));
  CHECK(TimeZone{"Europe/Vienna"}.start_of({2026, 7, 21}) == at(2026, 7, 20, 22, 0));
  // Beirut went from 00:00 to 01:00 on 27 March 2022: the day began at 22:00 UTC, as 01:00 local.
  const TimeZone beirut{"Asia/Beirut"};
  CHECK(beirut.start_of({2022, 3, 27}) == at(2022, 3, 26, 22, 0));
  CHECK(beirut.iso(beirut.start_of({2022, 3, 27})) == "2022-03-27T01:00:00+03:00");
  // Azores, 25 October 2020: 01:00 became 00:00, so midnight came twice.
  const TimeZone azores{"Atlantic/Azores"};
  CHECK(azores.start_of({2020, 10, 25}) == at(2020, 10, 25, 0, 0));
}

TEST_CASE("every moment lies in the day that its date names") {
  for (const char* name : {"Africa/Bamako", "Europe/Vienna", "Asia/Beirut", "Atlantic/Azores", "Pacific/Apia",
                           "America/St_Johns"}) {
    const TimeZone zone{name};
    for (Wall t = at(2022, 1, 1, 0, 0); t < at(2023, 1, 1, 0, 0); t += 37min) {
      const Date date = zone.date(t);
      if (zone.start_of(date) > t || t >= zone.start_of(next_day(date))) {
        CAPTURE(name, zone.iso(t));
        CHECK(zone.start_of(date) <= t);
        CHECK(t < zone.start_of(next_day(date)));
      }
    }
  }
}

TEST_CASE("an unknown zone is an error that names it") {
  REQUIRE_THROWS_WITH(TimeZone{"Africa/Nowhere"}, Catch::Contains("Africa/Nowhere"));
}

TEST_CASE("the day after") {
  CHECK(next_day({2027, 1, 31}) == Date{2027, 2, 1});
  CHECK(next_day({2027, 12, 31}) == Date{2028, 1, 1});
  CHECK(next_day({2028, 2, 28}) == Date{2028, 2, 29});
}

TEST_CASE("folding makes spellings equal") {
  CHECK(fold("AWA TRAORÉ") == fold("awa traor\u00e9"));
  CHECK(fold("traore\u0301") == fold("Traor\u00c9"));
  CHECK(fold("Awa") != fold("Awo"));
  CHECK(fold("\xff") == "\xff");
}

TEST_CASE("times as people write them") {
  const TimeZone vienna{"Europe/Vienna"};
  const Date day{2027, 3, 15};
  const auto read = [&](const char* text, bool with_day = true) {
    const auto time = parse_time(text, vienna, with_day ? std::optional{day} : std::nullopt);
    return time ? hub::base::to_rfc3339(*time) : std::string{"none"};
  };
  CHECK(read("09:42") == "2027-03-15T08:42:00.000Z");
  CHECK(read("09:42:10") == "2027-03-15T08:42:10.000Z");
  CHECK(read("09:42", false) == "none");
  CHECK(read("2027-03-15 09:30", false) == "2027-03-15T08:30:00.000Z");
  CHECK(read("2027-07-15T09:30:00") == "2027-07-15T07:30:00.000Z");
  CHECK(read("2027-03-15T09:30:00Z") == "2027-03-15T09:30:00.000Z");
  CHECK(read("2027-03-15T09:30:00.123+07:00") == "2027-03-15T02:30:00.000Z");
  CHECK(read("2027-03-15T09:30-03:30") == "2027-03-15T13:00:00.000Z");
  CHECK(read("2027-03-28 02:30") == "2027-03-28T01:00:00.000Z");  // left out: the end of the jump
  CHECK(read("2027-10-31 02:30") == "2027-10-31T00:30:00.000Z");  // twice: the first
  for (const char* odd :
       {"", "9:42", "24:00", "09:60", "09:42 ", "09:42Z", "2027-02-29 09:30", "2027-03-15", "2027-03-15 ",
        "2027-03-15T09:30:00+7", "2027-03-15T09:30:61", "2027-03-15x09:30", "noon"})
    CHECK(read(odd) == "none");
}
