#include "hub/store/sqlite_store.h"

#include "hub/attendance/ledger.h"
#include "hub/store/data_folder.h"
#include "hub/store/schema.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include <sys/stat.h>

using namespace hub;
using namespace hub::store;
using attendance::Event;
using attendance::Kind;
using lib::sqlite::Database;
using test::TempDir;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Event> all(SqliteStore& store) {
  std::vector<Event> events;
  store.load([&](const Event& event) { events.push_back(event); });
  return events;
}

attendance::Stamp stamp(std::int64_t n) {
  return {1'800'000'000'000 + n, n * 1000, "boot"};
}

}  // namespace

TEST_CASE("an event comes back as it went in, once, in the order of arrival") {
  SqliteStore store{":memory:"};
  Event first = attendance::make_event(Kind::SignIn, stamp(5));
  first.session = "local:2027-01-15";
  first.person = "p-1";
  first.device = "d-1";
  first.payload = {{"name", "O'Brien \"=1+1\" محمد 👩🏽‍💻"}};
  const Event second = attendance::make_event(Kind::SignOut, stamp(1));
  store.in_transaction([&] {
    CHECK(store.append(first));
    CHECK(store.append(second));
    CHECK_FALSE(store.append(first));
    Event forged = second;
    forged.kind = Kind::Erased;
    CHECK_FALSE(store.append(forged));
  });
  const auto events = all(store);
  REQUIRE(events.size() == 2);
  CHECK(events[0].id == first.id);
  CHECK(events[0].kind == Kind::SignIn);
  CHECK(events[0].session == first.session);
  CHECK(events[0].person == first.person);
  CHECK(events[0].device == first.device);
  CHECK(events[0].payload == first.payload);
  CHECK(events[0].at.utc_ms == first.at.utc_ms);
  CHECK(events[0].at.mono_us == first.at.mono_us);
  CHECK(events[0].at.boot == "boot");
  CHECK(events[1].kind == Kind::SignOut);
}

TEST_CASE("a transaction that fails leaves nothing") {
  SqliteStore store{":memory:"};
  REQUIRE_THROWS_AS(store.in_transaction([&] {
    store.append(attendance::make_event(Kind::Start, stamp(1)));
    throw base::Error{base::Errc::Internal, "no"};
  }),
                    base::Error);
  CHECK(all(store).empty());
  store.in_transaction([&] { store.append(attendance::make_event(Kind::Start, stamp(1))); });
  CHECK(all(store).size() == 1);
}

TEST_CASE("the log is append-only, whoever writes") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  SqliteStore store{file};
  store.append(attendance::make_event(Kind::Start, stamp(1)));
  Database other{file};
  REQUIRE_THROWS_AS(other.run("DELETE FROM event"), base::Error);
  REQUIRE_THROWS_AS(other.run("UPDATE event SET at_ms = 0"), base::Error);
  REQUIRE_THROWS_AS(other.run("UPDATE event SET person = 'p-2'"), base::Error);
  CHECK(all(store).size() == 1);
}

TEST_CASE("devices, marks and secrets") {
  SqliteStore store{":memory:"};
  store.put_device({"token", "d-1", 1});
  store.put_device({"token", "d-1", 2});
  REQUIRE(store.devices().size() == 1);
  CHECK(store.devices()[0].used_ms == 2);
  CHECK(store.devices()[0].token == "token");
  store.forget_device("d-1");
  CHECK(store.devices().empty());

  CHECK(store.marks().empty());
  store.save_mark("room-1", 3'600'000'000, 7);
  store.save_mark("room-2", 1, 0);
  store.save_mark("room-1", 3'600'000'100, 8);
  store.save_mark("room-1", 5, 9);  // a mark never goes back
  CHECK(store.marks().at("room-1") == std::pair<std::uint64_t, std::uint64_t>{3'600'000'100, 9});
  CHECK(store.marks().size() == 2);

  CHECK_FALSE(store.secret("passphrase.host"));
  store.set_secret("passphrase.host", "$argon2id$…");
  store.set_secret("passphrase.host", "$argon2id$2");
  CHECK(store.secret("passphrase.host") == "$argon2id$2");
}

TEST_CASE("channels that were added and their rooms outlive the program") {
  const TempDir folder;
  const std::string file = (folder.path() / "hub.db").string();
  {
    SqliteStore store{file};
    CHECK(store.added_channels().empty());
    CHECK(store.rooms().empty());
    store.save_added_channel("z", R"({"title":"Zoé"})");
    store.save_added_channel("a", "{}");
    store.save_added_channel("gone", "{}");
    store.save_added_channel("z", R"({"title":"Zoé 2"})");  // keeps its place
    store.save_room("room-1", R"({"stopped":true})");
    store.save_room("gone", "{}");
    store.save_room("z", "1");
    store.save_room("z", "2");
    store.forget_channel("gone");
    store.forget_channel("never");
  }
  SqliteStore store{file};
  CHECK(store.added_channels() == SqliteStore::Texts{{"z", R"({"title":"Zoé 2"})"}, {"a", "{}"}});
  auto rooms = store.rooms();
  std::sort(rooms.begin(), rooms.end());
  CHECK(rooms == SqliteStore::Texts{{"room-1", R"({"stopped":true})"}, {"z", "2"}});
}

TEST_CASE("a database of every older step is brought up to date with what it holds") {
  for (std::size_t step = 0; step <= schema_steps().size(); ++step) {
    CAPTURE(step);
    TempDir dir;
    const auto file = dir.path() / "hub.sqlite";
    {
      Database old{file};
      migrate(old, step);
      CHECK(old.number("PRAGMA user_version") == static_cast<std::int64_t>(step));
      if (step >= 1)
        old.run(
            "INSERT INTO event(id, kind, session, person, device, at_ms, mono_us, boot, payload) VALUES("
            "randomblob(16), 'sign_in', 's', 'p-1', 'd-1', 1, 2, 'b', '{\"name\":\"Awa\"}')");
      if (step >= 2) old.run("INSERT INTO channel_mark VALUES('room-1', 7, 1)");
      if (step >= 3) old.run("INSERT INTO secret VALUES('a', 'b')");
    }
    SqliteStore store{file};
    CHECK(all(store).size() == (step >= 1 ? 1 : 0));
    CHECK(store.marks().size() == (step >= 2 ? 1 : 0));
    CHECK(store.secret("a").has_value() == (step >= 3));
    CHECK_FALSE(store.damage());
    store.save_mark("room-2", 1, 1);
    Database now{file};
    CHECK(now.number("PRAGMA user_version") == static_cast<std::int64_t>(schema_steps().size()));
  }
}

TEST_CASE("a database of a newer program is left alone, and the error says what to do") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  {
    Database future{file};
    future.run("PRAGMA user_version = 99");
  }
  REQUIRE_THROWS_WITH(SqliteStore{file}, Catch::Contains("newer than this program"));
  Database after{file};
  CHECK(after.number("SELECT count(*) FROM sqlite_schema") == 0);
}

TEST_CASE("files that are no database, or not there") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  REQUIRE_THROWS_WITH((SqliteStore{file, {.must_exist = true}}), Catch::Contains("--data-dir"));
  CHECK_FALSE(std::filesystem::exists(file));
  std::ofstream{file} << std::string(5000, 'x');
  REQUIRE_THROWS_WITH(SqliteStore{file}, Catch::Contains("damaged"));
}

TEST_CASE("an event that cannot be read is left out, the others stay") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  SqliteStore store{file};
  store.append(attendance::make_event(Kind::Start, stamp(1)));
  Database other{file};
  other.run(
      "INSERT INTO event(id, kind, session, person, device, at_ms, mono_us, boot, payload)"
      " VALUES(randomblob(16), 'from the future', '', '', '', 1, 2, 'b', '{}'),"
      " (randomblob(16), 'start', '', '', '', 1, 2, 'b', 'not JSON')");
  store.append(attendance::make_event(Kind::Stop, stamp(2)));
  CHECK(all(store).size() == 2);
}

TEST_CASE("a full disk is Busy, and what was there stays") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  SqliteStore store{file};
  store.append(attendance::make_event(Kind::Start, stamp(1)));
  // The limit belongs to the connection, so this one is filled through SQLite's own interface.
  Database small{file};
  small.run("PRAGMA max_page_count = 20");
  try {
    for (int i = 0; i < 100; ++i)
      small.run("INSERT INTO secret VALUES(hex(randomblob(8)), hex(zeroblob(2000)))");
    FAIL("the disk did not get full");
  } catch (const base::Error& error) {
    CHECK(error.code() == base::Errc::Busy);
    CHECK_THAT(error.what(), Catch::Contains("disk is full"));
  }
  CHECK(all(store).size() == 1);
}

TEST_CASE("nobody else can read the files") {
  TempDir dir;
  const auto old_mask = umask(0);
  {
    const DataFolder folder{dir.path() / "data", DataFolder::Use::Serve};
    SqliteStore store{folder.database()};
    store.append(attendance::make_event(Kind::Start, stamp(1)));
    CHECK(mode_of(folder.path()) == 0700);
    for (const char* name : {"hub.sqlite", "hub.sqlite-wal", "hub.sqlite-shm", "lock"})
      CHECK(mode_of(folder.path() / name) == 0600);
  }
  umask(old_mask);
}

TEST_CASE("an open data folder is closed to others") {
  TempDir dir;
  const auto path = dir.path() / "data";
  std::filesystem::create_directory(path);
  std::filesystem::permissions(path, std::filesystem::perms{0755});
  const DataFolder folder{path, DataFolder::Use::Serve};
  CHECK(mode_of(path) == 0700);
}

TEST_CASE("one hub per data folder") {
  TempDir dir;
  const auto path = dir.path() / "deep" / "data";
  {
    const DataFolder first{path, DataFolder::Use::Serve};
    REQUIRE_THROWS_WITH(
        (DataFolder{path, DataFolder::Use::Serve}),
        Catch::Contains("another viewing-hub serve") && Catch::Contains(std::to_string(getpid())));
    const DataFolder look{path, DataFolder::Use::Look};  // the command line may look
  }
  const DataFolder again{path, DataFolder::Use::Serve};
  REQUIRE_THROWS_WITH((DataFolder{dir.path() / "none", DataFolder::Use::Look}),
                      Catch::Contains("--data-dir"));
  std::ofstream{dir.path() / "file"} << "x";
  REQUIRE_THROWS_AS((DataFolder{dir.path() / "file", DataFolder::Use::Serve}), base::Error);
}

TEST_CASE("files are written whole or not at all") {
  TempDir dir;
  const auto file = dir.path() / "out.csv";
  write_atomically(file, "first");
  write_atomically(file, "second");
  CHECK(read(file) == "second");
  CHECK(mode_of(file) == 0600);
  REQUIRE_THROWS_AS(write_atomically(dir.path() / "none" / "out.csv", "x"), base::Error);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{dir.path()}) ++files;
  CHECK(files == 1);
}

TEST_CASE("invariant 7: no byte of an erased person is left in the files") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  SqliteStore store{file};
  attendance::Ledger ledger{store, {}, {}, nullptr};
  base::ManualClock clock;
  attendance::Stamper stamper{clock, "boot"};
  constexpr int kPeople = 150;
  std::vector<std::string> tokens;
  const auto name = [](int i) { return "Prénom" + std::to_string(1000 + i) + "Nom"; };
  std::mt19937 random{std::random_device{}()};
  for (int i = 0; i < kPeople; ++i) {
    attendance::SignIn form;
    form.name = name(i);
    form.affiliation = "Organisation" + std::to_string(1000 + i) + std::string(random() % 150, 'x');
    form.contact_ok = true;
    form.contact = "mail" + std::to_string(1000 + i) + "@example.org";
    ledger.run_one([&](auto& l) {
      tokens.push_back(l.sign_in({form, "", false, ""}, "", stamper.now()).device);
    });
  }
  const auto total = [&] { return ledger.table("", "fr", stamper.now()).totals.named; };
  const auto files = [&] {
    std::string bytes;
    for (const char* suffix : {"", "-wal", "-shm"}) bytes += read(file.string() + suffix);
    return bytes;
  };
  CHECK(files().find(name(0)) != std::string::npos);  // the test can see a name
  std::vector<int> order(kPeople);
  for (int i = 0; i < kPeople; ++i) order[static_cast<std::size_t>(i)] = i;
  std::shuffle(order.begin(), order.end(), random);
  for (int k = 0; k < kPeople; ++k) {
    const int who = order[static_cast<std::size_t>(k)];
    const auto& token = tokens[static_cast<std::size_t>(who)];
    ledger.run_one([&](auto& l) { CHECK(l.erase(token, stamper.now()) == 1); });
    if (k % 10 != 0 && k != kPeople - 1) continue;
    const auto bytes = files();
    for (int j = 0; j <= k; ++j) {
      const int erased = order[static_cast<std::size_t>(j)];
      const auto number = std::to_string(1000 + erased);
      REQUIRE(bytes.find(name(erased)) == std::string::npos);
      REQUIRE(bytes.find("Organisation" + number) == std::string::npos);
      REQUIRE(bytes.find("mail" + number) == std::string::npos);
      REQUIRE(bytes.find(tokens[static_cast<std::size_t>(erased)]) == std::string::npos);
    }
    REQUIRE(total() == kPeople);
  }
  CHECK_FALSE(store.damage());
}

TEST_CASE("two programs write the same database in turns") {
  TempDir dir;
  const auto file = dir.path() / "hub.sqlite";
  SqliteStore first{file};
  std::thread other{[&] {
    SqliteStore second{file};
    for (int i = 0; i < 100; ++i)
      second.in_transaction([&] { second.append(attendance::make_event(Kind::Exported, stamp(i))); });
  }};
  for (int i = 0; i < 100; ++i)
    first.in_transaction([&] { first.append(attendance::make_event(Kind::Seen, stamp(i))); });
  other.join();
  CHECK(all(first).size() == 200);
}
