#include "hub/channels/flow_watch.h"

#include "tests/support/catch.h"

using hub::base::Mono;
using hub::base::Nanos;
using hub::channels::FlowWatch;
using namespace std::chrono_literals;

namespace {
const Mono kStart{1h};

/// Feeds @p length of media at @p speed and says when the source was found down, if it was.
std::optional<Nanos> run(double speed, Nanos length) {
  FlowWatch watch{kStart, 10s};
  for (Nanos media{0}; media < length; media += 40ms) {
    const Nanos at{static_cast<std::int64_t>(static_cast<double>(media.count()) / speed)};
    watch.on_unit(media, kStart + at);
    if (watch.check(kStart + at)) return at;
  }
  return std::nullopt;
}
}  // namespace

TEST_CASE("a source that has not flowed gets the time that the config gives, then 3 s") {
  FlowWatch watch{kStart, 10s};
  CHECK_FALSE(watch.check(kStart + 9999ms));
  CHECK(watch.check(kStart + 10s));
  watch.on_unit(0s, kStart + 9s);
  CHECK_FALSE(watch.check(kStart + 18s));
  for (Nanos t = 0s; t <= 3s; t += 40ms) watch.on_unit(t, kStart + 9s + t);
  CHECK(watch.flowed() >= 2960ms);
  watch.on_unit(3040ms, kStart + 12040ms);
  CHECK_FALSE(watch.check(kStart + 15s));
  const auto down = watch.check(kStart + 15040ms);
  REQUIRE(down);
  CHECK(down->code == hub::base::Errc::Stalled);
}

TEST_CASE("media that falls behind the clock is down, an inaccurate clock is not") {
  CHECK(run(0.5, 60s));
  CHECK(*run(0.5, 60s) >= 6s);
  CHECK(*run(0.5, 60s) < 7s);
  CHECK(run(0.9, 120s));
  CHECK_FALSE(run(0.9995, 24h));
  CHECK_FALSE(run(1.0005, 24h));
}

TEST_CASE("a jump of the source's time is not lag") {
  FlowWatch watch{kStart, 10s};
  for (Nanos t = 0s; t < 5s; t += 40ms) watch.on_unit(100s + t, kStart + t);
  for (Nanos t = 5s; t < 10s; t += 40ms) {
    watch.on_unit(t - 5s, kStart + t);
    CHECK_FALSE(watch.check(kStart + t));
  }
}
