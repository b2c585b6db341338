#include "tests/support/catch.h"
#include "tests/unit/attendance/world.h"

#include <algorithm>
#include <random>
#include <sstream>

using namespace hub;
using namespace hub::attendance;
using hub::test::World;
using namespace std::chrono_literals;

namespace {

/// Everything that is derived, as text.
std::string dump(const State& state, const Stamp& now) {
  std::ostringstream out;
  Table table;
  table.language = "fr";
  count(table, state, rows_of(state, now));
  for (const auto& row : table.rows)
    out << row.session_id << ' ' << row.person_ref << ' ' << row.is_declared << row.is_named << row.is_counted
        << ' ' << to_payload(row.form).dump() << ' ' << row.consent_at.time_since_epoch().count() << ' '
        << row.stay.first_in.time_since_epoch().count() << ' '
        << (row.stay.last_out ? row.stay.last_out->time_since_epoch().count() : 0) << ' ' << row.stay.ms
        << ' ' << row.stay.intervals << row.stay.bridged_outage << to_string(row.stay.mode)
        << row.percent_of_session << '\n';
  for (const auto& session : table.sessions)
    out << session.session.id << ' ' << session.session.title
        << session.session.end.time_since_epoch().count() << to_string(session.session.state)
        << session.session.forgotten << ' ' << session.figures.head_count.value_or(-1) << ' '
        << session.figures.groups.gender.at("woman") << ' ' << session.figures.named << ' '
        << session.figures.anonymous << ' ' << session.present << '\n';
  return out.str();
}

/// What a host does, at random; what the hub refuses is refused.
void host(World& world, std::mt19937& random, std::vector<std::string>& changes) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::string session = pick(3) == 0 ? "" : "talk-" + std::to_string(pick(3));
  const auto time = [&](int within) {
    return base::to_rfc3339(world.clock.wall() + std::chrono::seconds{pick(within) - within / 2});
  };
  try {
    switch (pick(8)) {
      case 0:
        world.run([&](Ledger& l) {
          return l.open_session({"Talk", "", "", session, "", "", time(20000), "host", ""}, world.now());
        });
        break;
      case 1:
        world.run([&](Ledger& l) { return l.close_session(session, "host", "", world.now()); });
        break;
      case 2:
        world.run([&](Ledger& l) {
          return l.change_session({session, {}, time(20000), "why", "host", ""}, world.now());
        });
        break;
      case 3:
        world.ledger.run_one([&](Ledger& l) { l.head_count(session, pick(50), "", world.now()); });
        break;
      case 4:
        if (!changes.empty())
          world.ledger.run_one(
              [&](Ledger& l) { l.desk_undo(changes[random() % changes.size()], "", world.now()); });
        break;
      case 5: {
        const auto rows = world.table(session).rows;
        if (rows.empty()) break;
        const auto& ref = rows[random() % rows.size()].person_ref;
        changes.push_back(world.run([&](Ledger& l) {
          return l.desk_left({ref, session, pick(2) == 0 ? "" : time(2000), ""}, world.now());
        }));
        break;
      }
      default: {
        SignIn form;
        form.name = "desk " + std::to_string(pick(5));
        form.gender = static_cast<SignIn::Gender>(pick(4));
        const auto added = world.run([&](Ledger& l) {
          return l.desk_add({session, pick(2) == 0, {{"", form, pick(2) == 0 ? "" : time(6000)}}, ""},
                            world.now());
        });
        if (!added.refused) changes.push_back(added.change);
      }
    }
  } catch (const base::Error&) {
  }
}

/// A few days of a hub, at random: people, proofs, sessions, the desk, clocks set, power cuts, erasing.
void live(World& world, unsigned seed) {
  std::mt19937 random{seed};
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<std::string> tokens;
  std::string day = world.today().id;
  std::vector<std::string> changes;
  for (int step = 0; step < 150; ++step) {
    world.pass(std::chrono::seconds{pick(400)});
    if (world.today().id != day) {
      world.end_day(day);
      day = world.today().id;
    }
    const std::string token = tokens.empty() || pick(4) == 0 ? "" : tokens[random() % tokens.size()];
    switch (pick(16)) {
      case 0:
      case 1:
      case 2:
        tokens.push_back(world.sign_in(pick(4) == 0 ? "" : "name " + std::to_string(pick(5)), token).device);
        break;
      case 3:
        world.sign_out(token);
        break;
      case 4:
        if (pick(3) == 0) world.power_cut(std::chrono::seconds{pick(3000)});
        break;
      case 5:
        if (pick(3) == 0) world.crash(std::chrono::seconds{pick(200)});
        break;
      case 6:
        if (pick(3) == 0) world.clock.set_wall(world.clock.wall() + std::chrono::seconds{pick(20000) - 8000});
        break;
      case 7:
        if (pick(4) == 0) world.erase(token);
        break;
      case 8:
      case 9:
      case 10:
      case 11:
        host(world, random, changes);
        break;
      default:
        if (world.ledger.device(token))
          world.watch(token, std::chrono::seconds{pick(200)}, static_cast<Proof::Mode>(pick(3)));
    }
  }
}

}  // namespace

TEST_CASE("invariant 2: an event id is applied once, in whatever order events come") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    World world;
    live(world, seed);
    const Stamp now = world.now();
    const std::string incremental = dump(world.ledger.state(), now);
    auto log = world.store.events;
    std::mt19937 random{seed};
    for (int round = 0; round < 4; ++round) {
      State rebuilt;
      for (const auto& event : log) {
        REQUIRE(rebuilt.apply(event));
        if (random() % 4 == 0) REQUIRE_FALSE(rebuilt.apply(event));
        Event forged = event;  // the same id with something else in it
        forged.kind = Kind::SignOut;
        forged.at.mono_us += 1;
        REQUIRE_FALSE(rebuilt.apply(forged));
      }
      CAPTURE(seed, round);
      REQUIRE(dump(rebuilt, now) == incremental);
      std::shuffle(log.begin(), log.end(), random);
    }
  }
}

TEST_CASE("derived state can be rebuilt from the log to the byte") {
  World world;
  live(world, 7);
  const Stamp now = world.now();
  const std::string before = dump(world.ledger.state(), now);
  world.ledger.load();
  CHECK(dump(world.ledger.state(), now) == before);
  CHECK(before.size() > 500);
}

TEST_CASE("no interval is longer than the time that passed, no percent above 100") {
  for (unsigned seed = 100; seed < 160; ++seed) {
    World world;
    const auto start = world.clock.mono();
    live(world, seed);
    const auto passed = std::chrono::duration_cast<base::Millis>(world.clock.mono() - start).count();
    for (const auto& row : world.table().rows) {
      REQUIRE(row.stay.ms >= 0);
      REQUIRE(row.stay.intervals >= 1);
      REQUIRE(row.percent_of_session <= 100);
      // A clock set during an outage is all that the hub knows about its length (power_cut, up to 3000 s
      // each).
      if (world.ledger.state().outages().empty()) REQUIRE(row.stay.ms <= passed + 1);
    }
  }
}

TEST_CASE("invariant 2: one bad event never blocks another") {
  World world;
  std::vector<Ledger::Work> works;
  for (int i = 0; i < 5; ++i)
    works.emplace_back([&, i](Ledger& l) {
      SignIn form;
      form.name = "name " + std::to_string(i);
      static_cast<void>(l.sign_in({form, "", false, ""}, "", world.now()));
      if (i == 2) throw base::Error{base::Errc::Internal, "bad"};
    });
  const auto outcome = world.ledger.run(works);
  for (std::size_t i = 0; i < 5; ++i) CHECK(outcome[i].has_value() == (i == 2));
  const auto table = world.table();
  CHECK(table.totals.named == 4);
  CHECK(std::none_of(table.rows.begin(), table.rows.end(),
                     [](const Row& row) { return row.form.name == "name 2"; }));
}

TEST_CASE("a line of the log that makes no sense changes nothing else") {
  World world;
  world.sign_in("Awa");
  const auto before = world.table().rows.size();
  for (const auto kind :
       {Kind::Seen, Kind::Outage, Kind::Session, Kind::SessionEnd, Kind::SignOut, Kind::Erased}) {
    Event event = make_event(kind, world.now());
    event.payload = {{"from", "nonsense"}, {"mode", 7}, {"start_ms", "x"}};
    event.session = "never";
    event.person = "p-nobody";
    world.ledger.run_one([&](Ledger& l) { l.append(event); });
  }
  CHECK(world.table().rows.size() == before);
}

TEST_CASE("a failed commit leaves nothing behind, neither on disk nor in memory") {
  World world;
  world.sign_in("Awa");
  world.store.fail_commits = 1;
  REQUIRE_THROWS_AS(world.sign_in("Moussa"), base::Error);
  CHECK(world.table().totals.named == 1);
  world.sign_in("Moussa");
  CHECK(world.table().totals.named == 2);
}

TEST_CASE("signing in again with the same name is the same person, however it is spelt") {
  World world;
  const auto awa = world.sign_in("Awa Traoré");
  for (const char* spelling : {"Awa Traoré", "awa traoré", "AWA TRAORÉ", "Awa Traore\u0301"})
    CHECK(world.sign_in(spelling, awa.device).person.ref == awa.person.ref);
  CHECK(world.table().rows.size() == 1);
  CHECK(world.sign_in("Moussa", awa.device).person.ref != awa.person.ref);
  CHECK(world.sign_in("Awa Traoré").person.ref != awa.person.ref);  // another phone
  CHECK(world.table().totals.named == 3);
}

TEST_CASE("what was written last counts") {
  World world;
  SignIn form;
  form.name = "Awa";
  form.affiliation = "Université";
  const auto awa = world.sign_in(form, "");
  form.affiliation = "ISOC Mali";
  world.sign_in(form, awa.device);
  CHECK(world.row(true).form.affiliation == "ISOC Mali");
  CHECK(world.row(true).stay.intervals == 1);
}

TEST_CASE("invariant 4: an unknown cookie makes a new device") {
  World world;
  const auto awa = world.sign_in("Awa", "0123456789abcdef0123456789abcdef");
  CHECK(awa.device.size() == 32);
  CHECK(awa.device != "0123456789abcdef0123456789abcdef");
  CHECK(awa.device.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("invariant 4: the cookie is neither in the log nor in the export") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 1min);
  for (const auto& event : world.store.events) {
    CHECK(event.device != awa.device);
    CHECK(event.payload.dump().find(awa.device) == std::string::npos);
  }
  for (const auto& row : world.table().rows) CHECK(row.person_ref != awa.device);
}

TEST_CASE("invariant 4: several people may share one phone") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.sign_in("Moussa", awa.device);
  world.watch(awa.device, 10min);
  const auto table = world.table();
  CHECK(table.totals.named == 2);
  REQUIRE(table.rows.size() == 3);
  const Row& shared = table.rows[2];
  CHECK_FALSE(shared.is_declared);
  CHECK_FALSE(shared.is_counted);
  CHECK(shared.person_ref.starts_with("d-"));  // who of them looked at it, nobody knows
  CHECK(shared.form.name.empty());
  CHECK(world.sign_out(awa.device) == 2);
}

TEST_CASE("invariant 4: a device of one person measures that person") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.watch(awa.device, 10min);
  const Row row = world.row(false);
  CHECK(row.person_ref == awa.person.ref);
  CHECK(row.form.name == "Awa");
}

TEST_CASE("invariant 4: one person may use several devices, whose proofs are one union") {
  World world;
  const auto phone = world.sign_in("Awa");
  const auto tablet = world.sign_in("somebody");
  // The same person on a second device, as a merge will say.
  Event event = make_event(Kind::SignIn, world.now());
  event.session = world.today().id;
  event.person = phone.person.ref;
  event.device = "d-tablet";
  event.payload = {{"name", "Awa"}};
  Event seen = make_event(Kind::Seen, world.now());
  seen.session = event.session;
  seen.device = event.device;
  seen.payload = {{"mode", "audio"}, {"from", to_json(world.now())}};
  const auto from = world.now();
  world.pass(10min);
  seen.at = world.now();
  seen.payload["from"] = to_json(from);
  world.ledger.run_one([&](Ledger& l) {
    l.append(event);
    l.append(seen);
  });
  world.seen(phone.device, from, world.now());
  std::int64_t rows = 0;
  for (const auto& row : world.table().rows)
    if (!row.is_declared) {
      ++rows;
      CHECK(row.person_ref == phone.person.ref);
      CHECK(row.stay.ms / 1000 == 600);
    }
  CHECK(rows == 1);
}

TEST_CASE("invariant 5: named and anonymous are numbers side by side, each person once") {
  World world;
  const auto awa = world.sign_in("Awa");
  const auto nobody = world.sign_in("");
  world.sign_in("", nobody.device);  // the same device: counted once
  world.sign_in("");
  world.watch(awa.device, 1min);
  world.watch(nobody.device, 1min);
  const auto table = world.table();
  CHECK(table.totals.named == 1);
  CHECK(table.totals.anonymous == 2);
  REQUIRE(table.sessions.size() == 1);
  CHECK(table.sessions[0].figures.named == 1);
  CHECK(table.sessions[0].figures.anonymous == 2);
  CHECK(table.sessions[0].present == 3);
  CHECK(std::count_if(table.rows.begin(), table.rows.end(), [](const Row& row) { return row.is_counted; }) ==
        3);
}

TEST_CASE("invariant 7: erasing removes what was said and changes no total") {
  World world;
  SignIn form;
  form.name = "Awa Traoré";
  form.affiliation = "Université";
  form.contact = "awa@example.org";
  form.member = SignIn::Member::Wants;
  form.first_time = true;
  form.consent_version = "2026-11";
  const auto awa = world.sign_in(form, "");
  world.sign_in("Moussa");
  world.pass(1h);
  const auto before = world.table();
  CHECK(world.erase(awa.device) == 1);
  const auto after = world.table();
  CHECK(after.totals.named == before.totals.named);
  CHECK(after.totals.anonymous == before.totals.anonymous);
  REQUIRE(after.sessions.size() == 1);
  CHECK(after.sessions[0].figures.named == before.sessions[0].figures.named);
  CHECK(after.sessions[0].present == 1);  // who erased themselves has left
  REQUIRE(after.rows.size() == before.rows.size());
  for (const auto& row : after.rows) {
    if (row.person_ref != awa.person.ref) continue;
    CHECK(row.is_named);
    CHECK(to_payload(row.form) ==
          base::Json{{"consent", "2026-11"}, {"member", "wants"}, {"first_time", true}});  // only counted
    CHECK(row.stay.ms / 1000 == 3600);
  }
  for (const auto& event : world.store.events)
    for (const char* word : {"Awa", "Universit", "awa@"})
      CHECK(event.payload.dump().find(word) == std::string::npos);
  CHECK(world.store.known.size() == 1);
  CHECK(world.erase(awa.device) == 0);
  // The same name on the same phone is somebody new now.
  CHECK(world.sign_in(form, awa.device).person.ref != awa.person.ref);
}

TEST_CASE("retention empties what is old and leaves what is not") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.pass(24h * 30);
  world.sign_in("Moussa");
  world.pass(24h * 31);  // Awa's day ended more than 60 days ago, Moussa's did not
  const auto before = world.table().totals;
  int erased = 0;
  world.ledger.run_one([&](Ledger& l) { erased = l.retain(world.now()); });
  CHECK(erased == 1);
  const auto table = world.table();
  CHECK(table.totals.named == before.named);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].form.name.empty());
  CHECK(table.rows[1].form.name == "Moussa");
  CHECK(world.ledger.device(awa.device) == nullptr);  // the cookie has expired long ago
  world.ledger.run_one([&](Ledger& l) { erased = l.retain(world.now()); });
  CHECK(erased == 0);
}

TEST_CASE("an export applies the retention first and is written into the log") {
  World world;
  world.sign_in("Awa");
  world.pass(24h * 62);
  Register::Exported exported;
  world.ledger.run_one([&](Ledger& l) { exported = l.export_({"csv", "fr", ""}, world.now()); });
  CHECK(exported.bytes == "1");
  CHECK(world.row(true).form.name.empty());
  const auto& last = world.store.events.back();
  CHECK(last.kind == Kind::Exported);
  CHECK(last.payload.at("export_id").get<std::string>().size() == 32);
  CHECK(last.payload.at("rows") == 1);
  REQUIRE_THROWS_AS(world.ledger.run_one([&](Ledger& l) {
    static_cast<void>(l.export_({"csv", "fr", "no"}, world.now()));
  }),
                    base::Error);
}

TEST_CASE("me shows everything held about a device, and nothing of another") {
  World world;
  const auto awa = world.sign_in("Awa");
  world.sign_in("Moussa");
  world.watch(awa.device, 10min);
  const auto me = world.ledger.me(awa.device, world.now());
  REQUIRE(me.persons.size() == 1);
  CHECK(me.persons[0].person.form.name == "Awa");
  CHECK(me.persons[0].attendance.size() == 2);
  CHECK(me.present);
  CHECK(world.ledger.me("unknown", world.now()).persons.empty());
  CHECK_FALSE(world.ledger.me("unknown", world.now()).present);
}

TEST_CASE("one phone cannot fill the register") {
  World world;
  const auto first = world.sign_in("name 0");
  for (int i = 1; i < 50; ++i) world.sign_in("name " + std::to_string(i), first.device);
  REQUIRE_THROWS_AS(world.sign_in("name 50", first.device), base::Error);
  world.sign_in("name 49", first.device);
  CHECK(world.table().totals.named == 50);
}

TEST_CASE("titles of days") {
  CHECK(session_title("local:2027-01-15", "fr") == "15 janvier 2027");
  CHECK(session_title("local:2027-08-01", "fr") == "1er août 2027");
  CHECK(session_title("local:2027-08-01", "en") == "1 August 2027");
  for (const char* odd : {"", "local:", "local:2027-13-01", "local:2027-xx-01", "29811", "local:2027-01-015"})
    CHECK(session_title(odd, "fr") == odd);
}
