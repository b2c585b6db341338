#include "tests/support/catch.h"
#include "tests/support/patience.h"
#include "tests/unit/web/fixture.h"

#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>

using namespace hub;
using namespace std::chrono_literals;
using test::eventually;
using test::Fixture;

namespace {

web::Limits quick() {
  web::Limits limits;
  limits.header = 800ms;
  limits.body = 500ms;
  limits.idle = 600ms;
  limits.write_stall = 400ms;
  limits.sweep = 20ms;
  return limits;
}

}  // namespace

TEST_CASE("five hundred half-open connections do not keep the page from anybody") {
  Fixture hub{quick()};
  std::vector<test::Client> rude;
  for (int i = 0; i < 500; ++i) {
    rude.push_back(hub.client());
    if (i % 2 == 0) rude.back().send("GET / HTTP/1.1\r\nHost: loc");
  }
  REQUIRE(eventually([&] { return hub.stats->accepted >= 500; }));
  std::chrono::nanoseconds worst{0};
  while (hub.stats->dropped_header == 0) {
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(hub.ask({"GET", "/healthz"}).status == 200);
    worst = std::max<std::chrono::nanoseconds>(worst, std::chrono::steady_clock::now() - begin);
  }
  WARN("slowest answer beside 500 half-open connections: "
       << std::chrono::duration_cast<std::chrono::microseconds>(worst).count() << " us");
  CHECK(worst < 200ms * test::kPatience);
  for (auto& client : rude) REQUIRE(client.closed_within(5s));
  CHECK(hub.stats->dropped_header == 500);
  eventually([&] { return hub.stats->connections <= 1; });
  CHECK(hub.stats->connections <= 1);
}

TEST_CASE("a visitor who has gone costs nothing, whenever and however he went") {
  Fixture hub{quick()};
  const auto descriptors = [] {
    const auto folder = std::filesystem::directory_iterator{"/proc/self/fd"};
    return std::distance(begin(folder), end(folder));
  };
  hub.ask({"GET", "/healthz"});
  REQUIRE(eventually([&] { return hub.stats->connections == 0; }));
  const auto before = descriptors();
  for (int i = 0; i < 50; ++i) {
    auto quiet = hub.client();
    auto half = hub.client();
    half.send("GET / HT");
    auto served = hub.client();
    served.ask({"GET", "/healthz"});
    auto reset = hub.client();
    reset.ask({"GET", "/healthz"});
    reset.reset();
  }
  CHECK(eventually([&] { return hub.stats->connections == 0; }));
  CHECK(descriptors() == before);
  CHECK(hub.stats->dropped_header + hub.stats->dropped_idle == 0);  // at once, not at a deadline
}

TEST_CASE("a head that comes byte by byte has the same deadline") {
  Fixture hub{quick()};
  auto client = hub.client();
  const auto begin = std::chrono::steady_clock::now();
  const std::string head = "GET /healthz HTTP/1.1\r\nX-Long: " + std::string(100'000, 'x');
  for (std::size_t i = 0; i < head.size() && !client.closed_within(10ms); ++i) client.send(head.substr(i, 1));
  CHECK(client.closed_within(1s));
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE("a body that drips is cut off") {
  Fixture hub{quick()};
  auto client = hub.client();
  client.send(
      "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 1000\r\n\r\n{");
  for (int i = 0; i < 1000 && !client.closed_within(20ms); ++i) client.send(" ");
  CHECK(client.closed_within(1s));
  CHECK(hub.stats->dropped_body == 1);
}

TEST_CASE("an idle connection is closed, one that waits for a part is not") {
  Fixture hub{quick()};
  auto parked = std::make_shared<test::FakeSnapshot>();
  parked->wait = 30s;
  hub.manager.room->hls->publish(parked);
  auto idle = hub.client();
  CHECK(idle.ask({"GET", "/healthz"}).status == 200);
  auto waiting = hub.client();
  waiting.send(waiting.request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=1"}));
  CHECK(idle.closed_within(3s));
  CHECK(hub.stats->dropped_idle == 1);
  CHECK_FALSE(waiting.closed_within(1s));
  CHECK(hub.stats->blocked == 1);
}

TEST_CASE("a peer that stops reading is cut off, a slow one is not") {
  Fixture hub{quick()};
  auto big = std::make_shared<test::FakeSnapshot>();
  big->files["big.m4s"] = std::string(std::size_t{24} << 20U, 'b');
  hub.manager.room->hls->publish(big);
  test::Client slow{hub.port(), 16'384};
  test::Client stuck{hub.port(), 16'384};
  for (auto* client : {&slow, &stuck}) client->send(client->request({"GET", "/hls/room-1/big.m4s"}));
  CHECK(slow.read_answer(true).status == 200);
  // Some kilobytes at a time: by the time the kernel's buffer has room for libsoup again, more than the stall
  // limit may have passed.
  const auto end = std::chrono::steady_clock::now() + 2s;
  std::size_t got = 0;
  while (std::chrono::steady_clock::now() < end) {
    got += slow.read(4096, 50ms).size();
    std::this_thread::sleep_for(5ms);
  }
  CHECK(hub.stats->dropped_stalled == 1);  // the stuck one
  got += slow.read(std::size_t{24} << 20U, 20s).size();
  CHECK(got == std::size_t{24} << 20U);
}

TEST_CASE("past the limit the oldest half-open connection goes, not the newcomer") {
  auto settings = Fixture::local();
  settings.max_connections_per_address = 10;
  auto limits = quick();
  limits.header = limits.idle = 30s;
  Fixture hub{limits, settings};
  auto busy = std::make_shared<test::FakeSnapshot>();
  busy->wait = 30s;
  hub.manager.room->hls->publish(busy);

  auto oldest = hub.client();
  auto older = hub.client();
  std::vector<test::Client> others;
  for (int i = 0; i < 8; ++i) {
    others.push_back(hub.client());
    others.back().send(others.back().request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=1"}));
  }
  REQUIRE(eventually([&] { return hub.stats->blocked == 8 && hub.stats->accepted == 10; }));
  auto newcomer = hub.client();
  newcomer.send(newcomer.request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=1"}));
  CHECK(oldest.closed_within(5s));
  CHECK_FALSE(older.closed_within(50ms));
  REQUIRE(eventually([&] { return hub.stats->blocked == 9; }));
  auto another = hub.client();
  another.send(another.request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=1"}));
  CHECK(older.closed_within(5s));
  REQUIRE(eventually([&] { return hub.stats->blocked == 10; }));
  CHECK(hub.client().closed_within(5s));  // everybody is at work
  CHECK(hub.stats->refused == 1);
  CHECK(hub.stats->evicted == 2);
  CHECK(hub.stats->blocked == 10);
}

TEST_CASE("without file descriptors the gate waits instead of spinning, and goes on") {
  Fixture hub{quick()};
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  auto ready = hub.client();
  CHECK(ready.ask({"GET", "/healthz"}).status == 200);
  std::vector<test::Client> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(hub.client());
  REQUIRE(eventually([&] { return hub.stats->accepted == 4; }));
  // The client's socket takes the last descriptor: the kernel connects it, accept() fails.
  rlimit none = before;
  auto last = std::make_unique<test::Client>(hub.port());
  REQUIRE(eventually([&] { return hub.stats->accepted == 5; }));
  const int probe = dup(0);
  close(probe);
  none.rlim_cur = static_cast<rlim_t>(probe) + 1;
  setrlimit(RLIMIT_NOFILE, &none);
  test::Client starved{hub.port()};
  starved.send(starved.request({"GET", "/healthz"}));
  const bool refused = eventually([&] { return hub.stats->refused >= 1; });
  const auto tries = hub.stats->refused.load();
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(refused);
  CHECK(tries < 20);
  CHECK(starved.read_answer().status == 200);
}

TEST_CASE("a port that is taken is said so") {
  Fixture hub;
  auto settings = Fixture::local();
  settings.port = hub.port();
  hub.on_main([&] {
    web::Server second{settings, *hub.services, hub.main.loop(), {}};
    try {
      second.start();
      FAIL("two servers on one port");
    } catch (const base::Error& error) {
      CHECK(error.code() == base::Errc::Io);
      CHECK(std::string{error.what()}.starts_with("port " + std::to_string(hub.port()) +
                                                  " is taken by another"));
    }
    settings.address = "nonsense";
    web::Server third{settings, *hub.services, hub.main.loop(), {}};
    CHECK_THROWS_AS(third.start(), base::Error);
  });
  CHECK(hub.ask({"GET", "/healthz"}).status == 200);
}
