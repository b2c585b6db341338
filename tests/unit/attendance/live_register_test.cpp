#include "hub/attendance/live_register.h"

#include "hub/lib/sqlite/database.h"
#include "hub/reports/attendance_report.h"
#include "hub/store/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <functional>
#include <memory>

using namespace hub;
using namespace hub::attendance;
using namespace std::chrono_literals;

namespace {

/// A LiveRegister on a file, and the main loop that it lives on.
class Hub {
 public:
  test::TempDir dir;
  base::ManualClock clock;
  lib::glib::Loop main;
  lib::glib::LoopThread thread{"store"};
  std::unique_ptr<store::SqliteStore> store;
  std::unique_ptr<LiveRegister> reg;

  Hub() { start(); }
  ~Hub() { stop(); }
  void start() {
    store = std::make_unique<store::SqliteStore>(dir.path() / "hub.sqlite",
                                                 store::SqliteStore::Options{false, 50ms});
    base::Identity identity;
    identity.time_zone = "Africa/Bamako";
    reg = std::make_unique<LiveRegister>(main, thread, *store, clock, identity, Settings{},
                                         reports::write_attendance, "boot");
  }
  void stop() {
    reg.reset();
    store.reset();
  }
  /// Calls @p ask with a callback, runs the loop until it is called, and gives what it was called with.
  template <class T>
  base::Result<T> wait(const std::function<void(Register::Then<T>)>& ask) {
    std::optional<base::Result<T>> answer;
    ask([&](base::Result<T> result) {
      answer.emplace(std::move(result));
      main.quit();
    });
    REQUIRE_FALSE(answer);  // never inline
    const auto guard = main.after(10s, [&] { main.quit(); });
    main.run();
    REQUIRE(answer);
    return std::move(*answer);
  }
  base::Result<Register::SignedIn> sign_in(const std::string& name, const std::string& token = "") {
    Register::Arrival arrival;
    arrival.form.anonymous = name.empty();
    arrival.form.name = name;
    return wait<Register::SignedIn>([&](auto then) { reg->sign_in(arrival, token, then); });
  }
  std::string export_(const std::string& format = "csv") {
    const auto exported = wait<Register::Exported>([&](auto then) {
      reg->export_({format, "en", ""}, then);
    });
    REQUIRE(exported);
    return exported->bytes;
  }
  std::vector<Register::SessionSummary> sessions() {
    return wait<Register::Summary>([&](auto then) { reg->summary("", "fr", then); })->sessions;
  }
};

std::int64_t count(const std::string& text, const std::string& word) {
  std::int64_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("invariant 1: the answer comes after the row is on the disk") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  // Another connection sees only what was committed.
  lib::sqlite::Database other{hub.dir.path() / "hub.sqlite"};
  CHECK(other.number("SELECT count(*) FROM event WHERE kind = 'sign_in' AND person = '" + awa->person.ref +
                     "'") == 1);
  CHECK(hub.reg->knows(awa->device));
  CHECK_FALSE(hub.reg->knows(""));
  CHECK(awa->session.id == "local:2027-01-15");
}

TEST_CASE("invariant 1: a database that cannot be written is told, and nothing is half done") {
  Hub hub;
  REQUIRE(hub.sign_in("Awa"));
  {
    lib::sqlite::Database other{hub.dir.path() / "hub.sqlite"};
    lib::sqlite::Database& locked = other;
    const lib::sqlite::Transaction holds{locked};
    const auto moussa = hub.sign_in("Moussa");
    REQUIRE_FALSE(moussa);
    CHECK(moussa.error().code == base::Errc::Busy);
  }
  CHECK(count(hub.export_(), "Moussa") == 0);
  REQUIRE(hub.sign_in("Moussa"));
  CHECK(count(hub.export_(), "Moussa") == 1);
}

TEST_CASE("many sign-ins at once share commits, and each is answered once") {
  Hub hub;
  constexpr int kPeople = 500;
  int answered = 0;
  std::set<std::string> refs;
  for (int i = 0; i < kPeople; ++i) {
    Register::Arrival arrival;
    arrival.form.name = "name " + std::to_string(i);
    hub.reg->sign_in(arrival, "", [&](base::Result<Register::SignedIn> done) {
      REQUIRE(done);
      refs.insert(done->person.ref);
      if (++answered == kPeople) hub.main.quit();
    });
  }
  const auto guard = hub.main.after(20s, [&] { hub.main.quit(); });
  hub.main.run();
  CHECK(answered == kPeople);
  CHECK(refs.size() == kPeople);
  CHECK(hub.sessions().at(0).figures.named == kPeople);
}

TEST_CASE("proofs are coalesced: minutes of pings are one row a minute") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  for (int minute = 0; minute < 5; ++minute) {
    for (int ping = 0; ping < 60; ++ping) {
      hub.clock.advance(1s);
      hub.reg->seen({awa->device, "room-1", Proof::Mode::Audio});
    }
    hub.reg->flush();
  }
  hub.reg->seen({"unknown", "room-1", Proof::Mode::Audio});
  hub.clock.advance(1min);
  const auto csv = hub.export_();
  CHECK(count(csv, ",audio,measured,") == 1);
  CHECK(count(csv, ",314,") == 1);  // 299 s and the tail
  lib::sqlite::Database other{hub.dir.path() / "hub.sqlite"};
  CHECK(other.number("SELECT count(*) FROM event WHERE kind = 'seen'") == 5);
}

TEST_CASE("who signed out is not measured, nor who did not sign in today") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  CHECK(*hub.wait<int>([&](auto then) { hub.reg->sign_out(awa->device, then); }) == 1);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.reg->flush();
  CHECK(count(hub.export_(), "measured") == 0);
  REQUIRE(hub.sign_in("Awa", awa->device));
  hub.clock.advance(24h);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.reg->flush();
  CHECK(count(hub.export_(), "measured") == 0);
  CHECK(hub.reg->knows(awa->device));  // the cookie lasts; one tap signs in again
  CHECK(hub.reg->current("fr").id == "local:2027-01-16");
  CHECK(hub.reg->current("fr").title == "16 janvier 2027");
}

TEST_CASE("at midnight everybody leaves, and the next day begins with a sign-in") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  CHECK(hub.sessions().at(0).present == 1);
  hub.clock.advance(16h + 1min);
  hub.reg->flush();
  CHECK(hub.sessions().at(0).present == 0);
  const auto again = hub.sign_in("Awa", awa->device);
  REQUIRE(again);
  CHECK(again->person.ref == awa->person.ref);
  CHECK(again->session.id == "local:2027-01-16");
  REQUIRE(hub.sessions().size() == 2);
  CHECK(hub.sessions()[1].present == 1);
}

TEST_CASE("a restart remembers who is there, and measures them on") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.clock.advance(10s);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.stop();
  hub.clock.advance(30s);
  hub.start();
  CHECK(hub.reg->knows(awa->device));
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.clock.advance(10s);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.reg->flush();
  const auto csv = hub.export_();
  CHECK(count(csv, ",video,measured,") == 1);
  CHECK(count(csv, ",50,0,1,no,no,") == 1);  // 50 s in one interval; an orderly stop is no outage
}

TEST_CASE("erasing takes the cookie's rights away and leaves the counts") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  auto me = hub.wait<Register::Me>([&](auto then) { hub.reg->me(awa->device, then); });
  REQUIRE(me);
  CHECK(me->persons.size() == 1);
  CHECK(*hub.wait<int>([&](auto then) { hub.reg->erase(awa->device, then); }) == 1);
  CHECK_FALSE(hub.reg->knows(awa->device));
  me = hub.wait<Register::Me>([&](auto then) { hub.reg->me(awa->device, then); });
  CHECK(me->persons.empty());
  CHECK(count(hub.export_(), "Awa") == 0);
  CHECK(hub.sessions().at(0).figures.named == 1);
}

TEST_CASE("invariant 8: what the screen shows is what the export holds") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  REQUIRE(hub.sign_in("Moussa", awa->device));
  REQUIRE(hub.sign_in(""));
  hub.clock.advance(24h);
  REQUIRE(hub.sign_in("Awa", awa->device));
  REQUIRE(hub.sign_in("Fanta"));
  const auto screen = hub.sessions();
  const auto json = base::parse_json(hub.export_("json"));
  REQUIRE(json);
  REQUIRE(json->at("sessions").size() == screen.size());
  for (std::size_t i = 0; i < screen.size(); ++i) {
    const auto& exported = json->at("sessions")[i];
    CHECK(exported.at("id") == screen[i].session.id);
    CHECK(exported.at("named") == screen[i].figures.named);
    CHECK(exported.at("anonymous") == screen[i].figures.anonymous);
    CHECK(exported.at("present") == screen[i].present);
    // And the rows that count add up to it.
    std::int64_t rows = 0;
    for (const auto& row : json->at("rows"))
      if (row.at("session_id") == screen[i].session.id && row.at("counted") == "yes") ++rows;
    CHECK(rows == screen[i].figures.named + screen[i].figures.anonymous);
  }
  CHECK(json->at("totals").at("named") == 3);
  CHECK(json->at("totals").at("anonymous") == 1);
}

TEST_CASE("sessions and the desk, and who is told of them") {
  Hub hub;
  std::vector<Register::Changed> told;
  hub.reg->on_change([&](Register::Changed what) { told.push_back(what); });
  Register::NewSession talk;
  talk.title = "AFRINIC";
  talk.id = "talk";
  talk.end = "09:00";
  const auto opened = hub.wait<Session>([&](auto then) { hub.reg->open_session(talk, then); });
  REQUIRE(opened);
  CHECK(opened->state == Session::State::Open);
  CHECK(hub.reg->current("fr").id == "talk");
  CHECK(told == std::vector{Register::Changed::Sessions, Register::Changed::Desk});
  const auto awa = hub.sign_in("Awa");
  REQUIRE(awa);
  CHECK(awa->session.id == "talk");
  CHECK(told.back() == Register::Changed::Desk);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.clock.advance(1min);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.stop();
  hub.clock.advance(1min);
  hub.start();  // the session is an event of the log
  hub.reg->on_change([&](Register::Changed what) { told.push_back(what); });
  CHECK(hub.reg->current("fr").id == "talk");
  const auto left = hub.wait<std::string>([&](auto then) {
    hub.reg->desk_left({awa->person.ref, "talk", "", "en"}, then);
  });
  REQUIRE(left);
  const auto events = [&] {
    lib::sqlite::Database other{hub.dir.path() / "hub.sqlite"};
    return other.number("SELECT count(*) FROM event WHERE kind = 'seen'");
  };
  const auto before = events();
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});  // marked as gone: not measured
  hub.reg->flush();
  CHECK(hub.sessions().at(0).present == 0);
  CHECK(events() == before);
  REQUIRE(hub.wait<base::Done>([&](auto then) { hub.reg->desk_undo(*left, "en", then); }));
  CHECK(hub.sessions().at(0).present == 1);
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  hub.reg->flush();
  CHECK(hub.sessions().at(0).present == 1);
  CHECK(events() == before + 1);
  told.clear();
  hub.clock.advance(1h);
  hub.reg->tick();
  hub.reg->tick();
  CHECK(told == std::vector{Register::Changed::Sessions, Register::Changed::Desk});
  CHECK(hub.reg->current("fr").id == "local:2027-01-15");
  CHECK(hub.sessions().at(0).session.forgotten);
  hub.reg->flush();
  const auto at_the_end = events();
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});  // nobody signed in to anything that goes on
  hub.reg->flush();
  CHECK(hub.sessions().at(0).present == 0);
  CHECK(events() == at_the_end);
}

TEST_CASE("a recount of the export's rows is the summary") {
  Hub hub;
  for (int i = 0; i < 12; ++i) {
    Register::Arrival arrival;
    arrival.form.anonymous = i == 11;
    if (i < 11) {
      arrival.form.name = "name " + std::to_string(i);
      arrival.form.member = static_cast<SignIn::Member>(i % 4);
      arrival.form.gender = static_cast<SignIn::Gender>(i % 3);
      arrival.form.status = static_cast<SignIn::Status>(i % 2);
      arrival.form.first_time = i % 5 == 0;
    }
    REQUIRE(hub.wait<Register::SignedIn>([&](auto then) { hub.reg->sign_in(arrival, "", then); }));
  }
  const auto rows = base::parse_json(hub.export_("json"))->at("rows");
  const auto recount = [&](const char* column, const std::string& word) {
    return std::count_if(rows.begin(), rows.end(), [&](const base::Json& row) {
      return row.at("counted") == "yes" && row.at(column).is_string() && row.at(column) == word;
    });
  };
  const auto figures = hub.sessions().at(0).figures;
  CHECK(figures.named == 11);
  CHECK(figures.anonymous == 1);
  const auto check = [&](const char* column, const std::map<std::string, std::int64_t>& group) {
    for (const auto& [word, number] : group) {
      CAPTURE(column, word);
      CHECK(recount(column, word) == number);
    }
  };
  check("member", figures.groups.members);
  check("gender", figures.groups.gender);
  check("status", figures.groups.status);
  check("first_time", figures.groups.first_time);
}

TEST_CASE("the last minute of proofs is written at an orderly stop") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  hub.reg->seen({awa->device, "", Proof::Mode::Video});  // nothing plays: the page is open
  hub.stop();
  lib::sqlite::Database other{hub.dir.path() / "hub.sqlite"};
  CHECK(other.number("SELECT count(*) FROM event WHERE kind = 'seen' AND payload LIKE '%\"page\"%'") == 1);
  CHECK(other.text("SELECT kind FROM event ORDER BY seq DESC LIMIT 1") == "stop");
}

TEST_CASE("proofs survive a disk that is full for a while") {
  Hub hub;
  const auto awa = hub.sign_in("Awa");
  hub.reg->seen({awa->device, "room-1", Proof::Mode::Video});
  {
    lib::sqlite::Database other{hub.dir.path() / "hub.sqlite"};
    const lib::sqlite::Transaction holds{other};
    hub.reg->flush();
    // Wait for the flush to fail: what comes after it fails, too.
    CHECK_FALSE(hub.sign_in("Moussa"));
  }
  hub.reg->flush();
  CHECK(count(hub.export_(), ",video,measured,") == 1);
}
