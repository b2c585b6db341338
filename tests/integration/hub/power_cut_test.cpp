#include "tests/support/catch.h"
#include "tests/support/hub.h"

#include <atomic>
#include <csignal>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

/// PRAGMA integrity_check of a database that nobody has open.
std::string integrity(const std::string& file) {
  sqlite3* db = nullptr;
  std::string answer = "cannot be opened";
  if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK)
    sqlite3_exec(
        db, "PRAGMA integrity_check",
        [](void* to, int, char** values, char**) {
          *static_cast<std::string*>(to) = values[0];
          return 0;
        },
        &answer, nullptr);
  sqlite3_close(db);
  return answer;
}

}  // namespace

TEST_CASE("200 power cuts in the middle of sign-ins lose none that was confirmed") {
  constexpr int kCuts = 200;
  constexpr int kPhones = 3;
  Hub hub{{}};
  std::mutex mutex;                 // guards confirmed
  std::set<std::string> confirmed;  // names that were answered 201
  std::mt19937 random{20261124};

  for (int cut = 0; cut < kCuts; ++cut) {
    if (cut > 0) hub.start();
    std::atomic<bool> power{true};
    std::atomic<int> answered = 0;
    std::vector<std::thread> phones;
    for (int phone = 0; phone < kPhones; ++phone)
      phones.emplace_back([&, phone] {
        for (int i = 0; power; ++i) {
          const std::string name = fmt::format("Personne {}-{}-{}", cut, phone, i);
          const auto answer = hub.post("/api/v1/sign-in", {{"name", name}, {"consent", true}});
          if (answer.status != 201) continue;
          ++answered;
          const std::lock_guard lock{mutex};
          confirmed.insert(name);
        }
      });
    // Every cut falls somewhere else: between two commits, inside one, or right after an answer.
    wait_until(5s, [&] { return answered > 0; });
    std::this_thread::sleep_for(
        std::chrono::microseconds{random() % 15'000});  // the moment of the cut is the input
    hub.kill();
    power = false;
    for (auto& phone : phones) phone.join();
  }

  CHECK(integrity(hub.dir().file("data/hub.sqlite")) == "ok");
  hub.start();
  const auto [code, text] = hub.run({"attendance", "export", "--format", "json"});
  REQUIRE(code == 0);
  const auto exported = base::parse_json(text);
  REQUIRE(exported.has_value());
  std::set<std::string> names;
  for (const auto& row : exported->at("rows"))
    if (row.at("basis") == "declared") names.insert(row.at("name").get<std::string>());
  std::size_t lost = 0;
  for (const auto& name : confirmed)
    if (!names.contains(name)) ++lost;
  INFO(confirmed.size() << " confirmed, " << names.size() << " exported");
  CHECK(lost == 0);
  CHECK(confirmed.size() >= kCuts);
}
