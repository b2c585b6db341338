#include "hub/base/clock.h"

#include "tests/support/catch.h"

using namespace hub::base;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 with milliseconds, also before 1970") {
  CHECK(to_rfc3339(Wall{0ms}) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(Wall{1'800'000'000'123ms}) == "2027-01-15T08:00:00.123Z");
  CHECK(to_rfc3339(Wall{-1ms}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a step of the wall clock does not move the monotonic one") {
  ManualClock clock;
  const auto before = clock.mono();
  clock.set_wall(clock.wall() + 1h);
  CHECK(clock.mono() == before);
  clock.advance(2s);
  CHECK(clock.mono() - before == 2s);
}
