#include "tests/support/catch.h"
#include "tests/unit/attendance/world.h"

using namespace hub;
using namespace hub::attendance;
using hub::test::World;
using namespace std::chrono_literals;

namespace {
std::int64_t seconds(const Row& row) {
  return row.stay.ms / 1000;
}
}  // namespace

TEST_CASE("invariant 3, declared: from sign-in to sign-out, whatever the silence") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.pass(3h);
  CHECK(seconds(world.row(true)) == 3 * 3600);
  CHECK_FALSE(world.row(true).stay.last_out);
  CHECK(world.sign_out(awa.device) == 1);
  CHECK(world.sign_out(awa.device) == 0);
  world.pass(1h);
  CHECK(seconds(world.row(true)) == 3 * 3600);
  CHECK(world.row(true).stay.last_out == test::kMorning + 3h);
  CHECK(world.row(true).percent_of_session == 13);  // 12.5 % of a day
}

TEST_CASE("invariant 3, declared: leaving and coming back are two intervals of one row") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.pass(10min);
  world.sign_out(awa.device);
  world.pass(20min);
  world.sign_in("Awa", awa.device);
  world.pass(30min);
  const auto table = world.table();
  REQUIRE(table.rows.size() == 1);
  CHECK(seconds(table.rows[0]) == 40 * 60);
  CHECK(table.rows[0].stay.intervals == 2);
  CHECK(table.rows[0].stay.first_in == test::kMorning);
}

TEST_CASE("invariant 3, declared: the day ends at midnight, and the next one begins with a sign-in") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.pass(17h);  // 01:00 of the 16th
  CHECK(seconds(world.row(true)) == 16 * 3600);
  CHECK(world.row(true).stay.last_out == test::kMorning + 16h);
  auto table = world.table();
  REQUIRE(table.sessions.size() == 1);
  CHECK(table.sessions[0].session.id == "local:2027-01-15");
  CHECK(table.sessions[0].present == 0);
  const auto again = world.sign_in("Awa", awa.device);
  CHECK(again.person.ref == awa.person.ref);
  CHECK(again.device == awa.device);
  table = world.table();
  REQUIRE(table.sessions.size() == 2);
  CHECK(table.sessions[1].session.id == "local:2027-01-16");
  CHECK(table.sessions[1].present == 1);
  CHECK(table.totals.named == 1);
}

TEST_CASE("invariant 3, declared: a power cut does not shorten it, and is flagged") {
  World world;
  world.sign_in("Awa");
  world.pass(1h);
  world.power_cut(30min);
  world.pass(30min);
  CHECK(seconds(world.row(true)) == 2 * 3600);
  CHECK(world.row(true).stay.bridged_outage);
  CHECK_FALSE(world.row(true).stay.last_out);
}

TEST_CASE("invariant 3, declared: a power cut over midnight ends the day at midnight") {
  World world;
  world.sign_in("Awa");
  world.pass(15h);
  world.power_cut(3h);
  CHECK(seconds(world.row(true)) == 16 * 3600);
  CHECK(world.row(true).stay.last_out == test::kMorning + 16h);
}

TEST_CASE("invariant 3, measured: gaps and tails") {
  struct Case {
    const char* what;
    std::chrono::seconds first, gap, second;
    std::int64_t seconds, intervals;
  };
  const Case cases[] = {
      {"one ping stands for 15 s", 0s, 1h, 0s, 30, 2},
      {"a gap of 120 s continues", 60s, 120s, 60s, 60 + 120 + 60 + 15, 1},
      {"a gap of 121 s does not", 60s, 121s, 60s, 60 + 15 + 60 + 15, 2},
      {"two stretches", 600s, 1800s, 300s, 600 + 15 + 300 + 15, 2},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    World world;
    const auto awa = world.sign_in("Awa");
    const auto a = world.now();
    world.pass(c.first);
    world.seen(awa.device, a, world.now());
    world.pass(c.gap);
    const auto b = world.now();
    world.pass(c.second);
    world.seen(awa.device, b, world.now());
    world.pass(1h);
    const Row row = world.row(false);
    CHECK(std::abs(row.stay.ms - c.seconds * 1000) <= 1);
    CHECK(row.stay.intervals == c.intervals);
    CHECK(row.stay.last_out);
    CHECK_FALSE(row.stay.bridged_outage);
    CHECK_FALSE(row.is_counted);
  }
}

TEST_CASE(
    "invariant 3, measured: it goes on while the last proof is fresh, and never runs ahead of the clock") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 10min);
  world.pass(5s);
  CHECK(seconds(world.row(false)) == 605);
  CHECK_FALSE(world.row(false).stay.last_out);
  world.pass(100s);
  CHECK(seconds(world.row(false)) == 615);
  CHECK_FALSE(world.row(false).stay.last_out);
  world.pass(60s);
  CHECK(seconds(world.row(false)) == 615);
  CHECK(world.row(false).stay.last_out == test::kMorning + 615s);
}

TEST_CASE("invariant 3, measured: it is clipped to the session") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.pass(16h - 60s);
  const auto from = world.now();
  world.pass(60s - 5ms);
  const auto session_day = world.now();
  world.seen(awa.device, from, session_day);
  world.pass(1h);
  const Row row = world.row(false);
  CHECK(row.stay.ms <= 60'000);
  CHECK(row.stay.ms >= 59'990);
  CHECK(row.stay.last_out == test::kMorning + 16h);
}

TEST_CASE("invariant 3, measured: after a power cut it closes at the last proof") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 10min);
  world.power_cut(30min);
  world.pass(1h);
  const Row row = world.row(false);
  CHECK(row.stay.ms == 600'000);  // no 15 s: nobody knows
  CHECK(row.stay.last_out == test::kMorning + 10min);
  CHECK_FALSE(row.stay.bridged_outage);
}

TEST_CASE("invariant 3, measured: who is back within 10 min of the restart is bridged") {
  struct Case {
    base::Nanos off, back;
    bool bridged;
  };
  const Case cases[] = {{30min, 9min, true}, {30min, 11min, false}, {5h, 1min, true}, {30s, 5min, true}};
  for (const auto& c : cases) {
    CAPTURE(c.off.count(), c.back.count());
    World world;
    const auto awa = world.sign_in("Awa");
    world.watch(awa.device, 10min);
    world.power_cut(c.off);
    world.pass(c.back);
    world.watch(awa.device, 10min);
    world.pass(1h);
    const Row row = world.row(false);
    CHECK(row.stay.bridged_outage == c.bridged);
    CHECK(row.stay.intervals == (c.bridged ? 1 : 2));
    const auto expected = c.bridged ? 20min + c.off + c.back + 15s : 20min + 15s;
    CHECK(std::abs(row.stay.ms - std::chrono::duration_cast<base::Millis>(expected).count()) <= 2);
  }
}

TEST_CASE("invariant 3, measured: who had left before the outage is not bridged") {
  World world;
  const auto awa = world.sign_in("Awa");
  const auto moussa = world.sign_in("Moussa");
  world.watch(awa.device, 10min);
  world.pass(20min);
  world.watch(moussa.device, 1min);  // the hub was alive 20 min after Awa's last proof
  world.power_cut(2min);
  world.watch(awa.device, 10min);
  for (const auto& row : world.table().rows)
    if (!row.is_declared && row.person_ref == awa.person.ref) {
      CHECK(row.stay.intervals == 2);
      CHECK_FALSE(row.stay.bridged_outage);
    }
}

TEST_CASE("invariant 3, measured: an orderly stop is no outage") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 10min);
  world.stop();
  world.power_cut(5min);
  world.watch(awa.device, 10min);
  world.pass(1h);
  CHECK(world.ledger.state().outages().empty());
  CHECK(world.row(false).stay.intervals == 2);
  CHECK(seconds(world.row(false)) == 20 * 60 + 30);
}

TEST_CASE("a crash of the hub writes an outage; a second of it splits nothing") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 10min);
  world.crash(2s);
  world.watch(awa.device, 10min);
  world.pass(1h);
  REQUIRE(world.ledger.state().outages().size() == 1);
  CHECK(seconds(world.row(false)) == 20 * 60 + 2 + 15);
  CHECK(world.row(false).stay.bridged_outage);
}

TEST_CASE("invariant 3: no clock step changes a duration") {
  for (const auto step : {-5h, -1h, 1h, 5h, 24h * 400}) {
    CAPTURE(step.count());
    World world;
    const auto awa = world.sign_in("Awa");
    const auto from = world.now();
    world.pass(10min);
    const auto before = world.now();
    const auto day = world.today().id;
    world.clock.set_wall(world.clock.wall() + step);
    if (world.today().id != day) world.end_day(day);  // what the hub does when the date changes
    world.pass(5min);
    auto seen = make_event(Kind::Seen, before);
    seen.session = day;
    seen.device = *world.ledger.device(awa.device);
    seen.payload = {{"mode", "audio"}, {"from", to_json(from)}};
    world.ledger.run_one([&](Ledger& l) { l.append(seen); });
    if (world.today().id == day) {
      world.sign_out(awa.device);
      CHECK(seconds(world.row(true)) == 15 * 60);
    } else {
      CHECK(seconds(world.row(true)) == 10 * 60);  // until the date changed
    }
    CHECK(std::abs(world.row(false).stay.ms - 615'000) <= 1);
    // Set right again later: what was measured stays as it was.
    const auto declared_before = world.row(true).stay.ms;
    world.clock.set_wall(world.clock.wall() - step);
    world.pass(1h);
    if (world.row(true).stay.last_out) CHECK(world.row(true).stay.ms == declared_before);
    CHECK(std::abs(world.row(false).stay.ms - 615'000) <= 1);
  }
}

TEST_CASE("over a reboot the clock counts between the boots only") {
  World world;
  world.sign_in("Awa");
  world.pass(10min);
  world.clock.set_wall(world.clock.wall() + 1h);  // somebody sets the clock …
  world.sign_in("Moussa");                        // … and the log knows
  world.power_cut(20min);
  world.pass(10min);
  for (const auto& row : world.table().rows)
    CHECK(std::abs(seconds(row) - (row.form.name == "Awa" ? 40 : 30) * 60) <= 1);
}

TEST_CASE("the mode is the one that was proven longest") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 5min, Proof::Mode::Video);
  world.watch(awa.device, 20min, Proof::Mode::Audio);
  world.watch(awa.device, 1min, Proof::Mode::Page);
  CHECK(world.row(false).stay.mode == Proof::Mode::Audio);
  CHECK(world.row(false).stay.intervals == 1);
  CHECK(seconds(world.row(false)) == 26 * 60);
}
