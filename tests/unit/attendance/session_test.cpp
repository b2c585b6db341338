// Sessions, the desk and the figures, with exact seconds.
#include "tests/support/catch.h"
#include "tests/unit/attendance/world.h"

#include <algorithm>

using namespace hub;
using namespace hub::attendance;
using hub::test::kMorning;
using hub::test::World;
using namespace std::chrono_literals;

namespace {

/// One session, 10:00 to 12:00 in Bamako; the world begins at 08:00.
Settings one_session() {
  Settings settings;
  settings.sessions = {{"dnsop", "DNS Operations", "dnsop", "127", "", kMorning + 2h, kMorning + 4h}};
  settings.questions = {{"transport", {"Venu ?", "Come?"}, {{"À pied", "On foot"}, {"Bus", ""}}}};
  return settings;
}

SignIn named(const std::string& name) {
  SignIn form;
  form.name = name;
  return form;
}

Register::DeskLine line(const std::string& name, const std::string& at = "") {
  return {"", named(name), at};
}

std::string add(World& world, std::vector<Register::DeskLine> lines, bool paper = false,
                const std::string& session = "dnsop") {
  const auto added = world.run([&](Ledger& l) {
    return l.desk_add({session, paper, lines, "en"}, world.now());
  });
  INFO((added.refused ? added.refused->why : ""));
  REQUIRE_FALSE(added.refused);
  return added.change;
}

std::int64_t seconds(World& world, const std::string& name, bool declared = true) {
  for (const auto& row : world.table("dnsop").rows)
    if (row.form.name == name && row.is_declared == declared) return row.stay.ms / 1000;
  return -1;
}

Session close(World& world) {
  return world.run([&](Ledger& l) { return l.close_session("dnsop", "host", "en", world.now()); });
}

}  // namespace

TEST_CASE("declared presence in a session, to the second") {
  World world{one_session()};
  const auto expect = [&](std::int64_t wanted) {
    world.clock.advance(24h);  // whenever it is asked
    CHECK(seconds(world, "Awa") == wanted);
  };
  SECTION("a sign-in before the start counts from the start; a locked phone stays") {
    world.pass(100min);  // 09:40
    world.sign_in(named("Awa"), "", "dnsop");
    CHECK(seconds(world, "Awa") == 0);
    expect(7200);
  }
  SECTION("the host closes") {
    world.pass(2h + 10min);
    world.sign_in(named("Awa"), "", "dnsop");
    world.pass(30min);
    CHECK(close(world).state == Session::State::Closed);
    expect(1800);
  }
  SECTION("who leaves and comes back") {
    world.pass(2h);
    const auto awa = world.sign_in(named("Awa"), "", "dnsop");
    world.pass(10min);
    world.sign_out(awa.device);
    world.pass(10min);
    world.sign_in(named("Awa"), awa.device, "dnsop");
    world.pass(5min);
    close(world);
    expect(900);
  }
  SECTION("a power cut changes nothing of what was declared") {
    world.pass(2h);
    world.sign_in(named("Awa"), "", "dnsop");
    world.pass(10min);
    world.power_cut(20min);
    world.pass(10min);
    close(world);
    expect(2400);
  }
  SECTION("a session closed late: it went on until 12:10") {
    world.pass(3h);
    world.sign_in(named("Awa"), "", "dnsop");
    world.pass(1h + 15min);  // 12:15
    CHECK(seconds(world, "Awa") == 3600);
    CHECK(world.table("dnsop").sessions.at(0).session.forgotten);
    world.run([&](Ledger& l) {
      return l.change_session({"dnsop", {}, "12:10", "the discussion went on", "host", "en"}, world.now());
    });
    const auto& last = world.store.events.back();
    CHECK(last.kind == Kind::Correction);
    CHECK(last.payload.at("who") == "host");
    CHECK(last.payload.at("why") == "the discussion went on");
    CHECK_FALSE(world.table("dnsop").sessions.at(0).session.forgotten);
    expect(4200);
  }
  SECTION("closed by mistake, then corrected") {
    world.pass(3h);
    world.sign_in(named("Awa"), "", "dnsop");
    world.pass(10min);
    close(world);
    CHECK(seconds(world, "Awa") == 600);
    world.pass(2h);
    world.run([&](Ledger& l) { return l.change_session({"dnsop", {}, "11:30", "", "", "en"}, world.now()); });
    expect(1800);
  }
  SECTION("a clock that is set does not change the duration, and the row says so") {
    world.pass(2h);
    world.sign_in(named("Awa"), "", "dnsop");
    world.clock.set_wall(world.clock.wall() + 20min);
    world.pass(10min);
    world.sign_in(named("Moussa"), "", "dnsop");
    close(world);
    expect(600);
    for (const auto& row : world.table("dnsop").rows) CHECK(row.clock_suspect == (row.form.name == "Moussa"));
  }
}

TEST_CASE("a forgotten session ends as planned, flagged only if somebody was in it to the end") {
  World world{one_session()};
  world.pass(2h);
  const auto awa = world.sign_in(named("Awa"), "", "dnsop");
  world.pass(10min);
  world.sign_out(awa.device);
  world.pass(5h);
  CHECK_FALSE(world.table("dnsop").sessions.at(0).session.forgotten);
  REQUIRE_THROWS_AS(close(world), base::Error);  // over already
}

TEST_CASE("measured presence counts for the session of the sign-in, within its bounds") {
  World world{one_session()};
  world.watched = "dnsop";
  world.pass(110min);  // 09:50
  const auto awa = world.sign_in(named("Awa"), "", "dnsop");
  world.watch(awa.device, 30min);  // to 10:20
  CHECK(seconds(world, "Awa", false) == 1200);
  world.pass(1h);
  CHECK(seconds(world, "Awa", false) == 1215);
}

TEST_CASE("a paper sheet entered in the evening keeps its times") {
  World world{one_session()};
  world.pass(2h + 30min);
  world.sign_in(named("Awa"), "", "dnsop");
  world.pass(1h);
  world.power_cut(10min);
  world.pass(8h);
  add(world, {line("Moussa", "10:42"), line("Fanta"), line("Oumar", "2027-01-15T11:30:00Z")}, true);
  CHECK(seconds(world, "Moussa") == 78 * 60);
  CHECK(seconds(world, "Fanta") == 7200);
  CHECK(seconds(world, "Oumar") == 1800);
  CHECK(seconds(world, "Awa") == 5400);
}

TEST_CASE("the desk: add, left, and undo of both, once") {
  World world{one_session()};
  world.pass(2h);
  const auto change = add(world, {line("Awa"), line("Moussa", "10:00")});
  const auto known = world.table("dnsop").rows.at(0).person_ref;
  world.pass(10min);
  const auto left = world.run([&](Ledger& l) {
    return l.desk_left({known, "dnsop", "", "en"}, world.now());
  });
  world.pass(10min);
  const auto name = world.ledger.state().latest(*world.ledger.state().person(known))->form.name;
  CHECK(seconds(world, name) == 600);
  CHECK(world.table("dnsop").sessions.at(0).present == 1);
  const auto undo = [&](const std::string& what) {
    world.ledger.run_one([&](Ledger& l) { l.desk_undo(what, "en", world.now()); });
  };
  undo(left);
  CHECK(seconds(world, name) == 1200);
  REQUIRE_THROWS_AS(undo(left), base::Error);
  REQUIRE_THROWS_AS(undo("c-nothing"), base::Error);
  undo(change);
  CHECK(world.table("dnsop").rows.empty());
  CHECK(world.ledger.desk({"dnsop", "Awa", "en"}, world.now()).persons.empty());
  CHECK(world.ledger.desk({"dnsop", "", "en"}, world.now()).changes.empty());
}

TEST_CASE("the desk finds who was here on another day") {
  World world{one_session()};
  world.sign_in("Awa Traoré");
  world.pass(2h);
  add(world, {line("Moussa")});
  auto desk = world.ledger.desk({"dnsop", "traore", "en"}, world.now());
  if (desk.persons.empty()) desk = world.ledger.desk({"dnsop", "traoré", "en"}, world.now());
  REQUIRE(desk.persons.size() == 1);
  CHECK_FALSE(desk.persons[0].here);
  CHECK(desk.named == 1);
  REQUIRE(desk.changes.size() == 1);
  CHECK(desk.changes[0].name == "Moussa");
  add(world, {{desk.persons[0].ref, {}, ""}});
  CHECK(world.table().totals.named == 2);
  CHECK(world.ledger.desk({"dnsop", "", "en"}, world.now()).present == 2);
}

TEST_CASE("the desk takes all lines or none, and says which is wrong") {
  World world{one_session()};
  world.pass(3h);
  struct Case {
    Register::DeskLine wrong;
    const char* word;
  };
  const Case cases[] = {{{"p-unknown", {}, ""}, "known"},
                        {line("Fanta", "08:00"), "within"},
                        {line("Fanta", "11:59"), "yet"},
                        {line("Fanta", "noon"), "no time"},
                        {line("Fanta", "13:00"), "within"}};
  for (const auto& c : cases) {
    const auto added = world.run([&](Ledger& l) {
      return l.desk_add({"dnsop", false, {line("Awa"), c.wrong}, "en"}, world.now());
    });
    REQUIRE(added.refused);
    CHECK(added.refused->line == 2);
    CHECK_THAT(added.refused->why, Catch::Contains(c.word) && Catch::Contains("2"));
  }
  CHECK(world.table().rows.empty());
  world.pass(2h);
  const auto late = world.run([&](Ledger& l) {
    return l.desk_add({"dnsop", false, {line("Awa")}, "en"}, world.now());
  });
  CHECK(late.refused);
}

TEST_CASE("invariant 5: the last head-count stands beside the others") {
  World world{one_session()};
  world.pass(2h);
  add(world, {line("Awa")});
  for (const std::int64_t count : {12, 15})
    world.ledger.run_one([&](Ledger& l) { l.head_count("dnsop", count, "en", world.now()); });
  for (const std::int64_t count : {-1, 100'001})
    REQUIRE_THROWS_AS(
        world.ledger.run_one([&](Ledger& l) { l.head_count("dnsop", count, "en", world.now()); }),
        base::Error);
  const auto table = world.table();
  CHECK(table.sessions.at(0).figures.head_count == 15);
  CHECK(table.totals.head_count == 15);
  CHECK(table.totals.named == 1);
}

TEST_CASE("sessions of the host") {
  World world{one_session()};
  world.pass(1h);
  const auto open = [&](Register::NewSession wanted) {
    wanted.language = "en";
    return world.run([&](Ledger& l) { return l.open_session(wanted, world.now()); });
  };
  const auto talk = open({"AFRINIC talk", "", "", "", "room-1", "", "", "host", ""});
  CHECK(talk.state == Session::State::Open);
  CHECK(talk.id == "20270115");
  CHECK(world.ledger.roster().current(world.clock.wall(), "fr").id == talk.id);
  REQUIRE_THROWS_AS(open({"Another", "", "", "", "room-1", "", "", "", ""}), base::Error);
  REQUIRE_THROWS_AS(open({"Another", "", "", talk.id, "", "", "", "", ""}), base::Error);
  REQUIRE_THROWS_AS(open({"Another", "", "", "dnsop", "", "", "", "", ""}), base::Error);
  REQUIRE_THROWS_AS(open({"", "", "", "", "", "", "", "", ""}), base::Error);
  REQUIRE_THROWS_AS(open({"Another", "", "", "", "", "12:00", "11:00", "", ""}), base::Error);
  const auto second = open({"Another", "tls", "127", "", "", "14:00", "15:00", "", ""});
  CHECK(second.id == "127-tls-20270115");
  CHECK(second.state == Session::State::Upcoming);
  world.power_cut(5min);
  CHECK(world.ledger.roster().contains(talk.id));
  CHECK(world.ledger.roster().today(world.clock.wall(), "fr").size() == 3);
  world.run([&](Ledger& l) { return l.close_session(talk.id, "host", "en", world.now()); });
  CHECK(world.ledger.roster().current(world.clock.wall(), "fr").id == "dnsop");  // takes sign-ins from 09:00
  REQUIRE_THROWS_AS(world.sign_in(named("Awa"), "", talk.id), base::Error);
  REQUIRE_THROWS_AS(world.sign_in(named("Awa"), "", "nothing"), base::Error);
}

TEST_CASE("a device comes back with its code, and everybody of it with one tap") {
  World world{one_session()};
  const auto awa = world.sign_in("Awa");
  world.sign_in("Moussa", awa.device);
  const auto code = world.ledger.me(awa.device, world.now()).code;
  REQUIRE(code.size() == 6);
  CHECK(world.ledger.recover(code, world.now()).device == awa.device);
  CHECK(world.ledger.recover(code.substr(0, 3) + "-" + code.substr(3), world.now()).device == awa.device);
  REQUIRE_THROWS_AS(world.ledger.recover("000000", world.now()), base::Error);
  world.pass(2h);
  const auto again = world.run([&](Ledger& l) { return l.sign_in_again(awa.device, "", "fr", world.now()); });
  CHECK(again.persons.size() == 2);
  CHECK(again.session.id == "dnsop");
  CHECK(world.table("dnsop").sessions.at(0).present == 2);
  CHECK(world.table().totals.named == 2);
}

TEST_CASE("a kiosk has no device") {
  World world;
  const auto first = world.run([&](Ledger& l) {
    return l.sign_in({named("Awa"), "", true, ""}, "", world.now());
  });
  world.run([&](Ledger& l) { return l.sign_in({named("Moussa"), "", true, ""}, "", world.now()); });
  CHECK(first.device.empty());
  CHECK(world.table().totals.named == 2);
  CHECK(world.store.known.empty());
}

TEST_CASE("invariant 7: erasing changes no figure of the summary, and leaves what the desk did") {
  World world{one_session()};
  world.pass(2h);
  SignIn form = named("Awa");
  form.member = SignIn::Member::Wants;
  form.contact = "+223 70 00 00 00";
  form.gender = SignIn::Gender::Woman;
  form.status = SignIn::Status::Student;
  form.first_time = true;
  form.answers["transport"] = "À pied";
  const auto awa = world.sign_in(form, "", "dnsop");
  const auto before = world.table("dnsop").sessions.at(0).figures;
  world.pass(10min);
  world.erase(awa.device);
  world.ledger.load();  // from the log
  const auto after = world.table("dnsop").sessions.at(0).figures;
  CHECK(after.named == before.named);
  CHECK(after.groups.members == before.groups.members);
  CHECK(after.groups.first_time == before.groups.first_time);
  CHECK(after.groups.gender == before.groups.gender);
  CHECK(after.groups.status == before.groups.status);
  CHECK(after.groups.answers == before.groups.answers);
  CHECK(after.groups.answers.at("transport").at("À pied") == 1);
  for (const auto& event : world.store.events)
    for (const char* word : {"Awa", "+223"}) CHECK(event.payload.dump().find(word) == std::string::npos);
}
