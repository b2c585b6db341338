#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace hub;
using namespace std::chrono_literals;
using test::eventually;
using test::FakeSnapshot;
using test::Fixture;

namespace {

std::shared_ptr<FakeSnapshot> snapshot(std::uint64_t newest) {
  auto out = std::make_shared<FakeSnapshot>();
  out->newest = newest;
  out->files["master.m3u8"] = "#EXTM3U\n";
  out->files["main.m3u8"] = "#EXTM3U newest " + std::to_string(newest) + "\n";
  out->files["main-x-1.m4s"] = std::string(100'000, 'm');
  return out;
}

web::Limits quick() {
  web::Limits limits;
  limits.starting = 300ms;
  limits.sweep = 20ms;
  return limits;
}

}  // namespace

TEST_CASE("playlists and parts come from the snapshot") {
  Fixture hub;
  hub.manager.room->hls->publish(snapshot(5));
  const auto playlist = hub.ask({"GET", "/hls/room-1/main.m3u8"});
  CHECK(playlist.status == 200);
  CHECK(playlist.body == "#EXTM3U newest 5\n");
  CHECK(playlist.headers.at("content-type") == "application/vnd.apple.mpegurl");
  CHECK(playlist.headers.at("cache-control") == "no-cache");
  CHECK(playlist.headers.at("access-control-allow-origin") == "*");
  const auto part = hub.ask({"GET", "/hls/room-1/main-x-1.m4s"});
  CHECK(part.body == std::string(100'000, 'm'));
  CHECK(part.headers.at("cache-control") == "public, max-age=60, immutable");
  CHECK(hub.ask({"HEAD", "/hls/room-1/main-x-1.m4s"}).headers.at("content-length") == "100000");
  CHECK(hub.ask({"GET", "/hls/room-1/gone.m4s"}).status == 404);
  CHECK(hub.ask({"GET", "/hls/room-2/main.m3u8"}).status == 404);
  CHECK(hub.ask({"GET", "/hls/room-1"}).status == 404);
  CHECK(hub.ask({"GET", "/hls/room-1/a/b.m4s"}).status == 404);
  CHECK(hub.ask({"GET", "/hls/room-1/main.m3u8?_HLS_msn=99"}).status == 400);
  CHECK(hub.ask({"GET", "/hls/room-1/main.m3u8?_HLS_msn=x"}).status == 400);
  CHECK(hub.ask({"GET", "/hls/room-1/main.m3u8?_HLS_part=1"}).status == 400);
  CHECK(hub.ask({"POST", "/hls/room-1/main.m3u8", "{}"}).status == 405);
}

TEST_CASE("a blocked playlist is answered when it is published") {
  Fixture hub;
  hub.manager.room->hls->publish(snapshot(5));
  auto client = hub.client();
  client.send(client.request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=6&_HLS_part=0"}));
  REQUIRE(eventually([&] { return hub.stats->blocked == 1; }));
  hub.manager.room->hls->publish(snapshot(6));
  const auto answer = client.read_answer();
  CHECK(answer.status == 200);
  CHECK(answer.body == "#EXTM3U newest 6\n");
  CHECK(hub.stats->blocked == 0);
  CHECK(client.ask({"GET", "/hls/room-1/main.m3u8"}).status == 200);  // the connection goes on
}

TEST_CASE("a blocked playlist that never comes is answered 503") {
  Fixture hub{quick()};
  auto stuck = snapshot(5);
  stuck->wait = 200ms;
  hub.manager.room->hls->publish(stuck);
  const auto answer = hub.ask({"GET", "/hls/room-1/main.m3u8?_HLS_msn=6"});
  CHECK(answer.status == 503);
  CHECK(answer.headers.contains("retry-after"));
  CHECK(hub.stats->timeouts_media == 1);
  CHECK(eventually([&] { return hub.manager.room->hls->subscribers() == 0; }));
}

TEST_CASE("a channel that starts holds its playlists, then says 503") {
  Fixture hub{quick()};
  CHECK(hub.ask({"GET", "/hls/room-1/master.m3u8"}).status == 503);
  CHECK(hub.ask({"GET", "/hls/room-1/main-x-1.m4s"}).status == 404);
  auto client = hub.client();
  client.send(client.request({"GET", "/hls/room-1/main.m3u8"}));
  REQUIRE(eventually([&] { return hub.stats->blocked == 1; }));
  auto first = snapshot(1);
  first->is_playable = false;
  hub.manager.room->hls->publish(first);  // not enough yet
  hub.manager.room->hls->publish(snapshot(2));
  CHECK(client.read_answer().body == "#EXTM3U newest 2\n");
}

TEST_CASE("three hundred blocked playlists are answered by one publish") {
  Fixture hub;
  hub.manager.room->hls->publish(snapshot(5));
  std::vector<test::Client> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(hub.client());
    clients.back().send(clients.back().request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=6"}));
  }
  REQUIRE(eventually([&] { return hub.stats->blocked == 300; }));
  CHECK(hub.manager.room->hls->subscribers() <= 2);  // one for each web thread
  CHECK(hub.ask({"GET", "/healthz"}).status == 200);
  const auto begin = std::chrono::steady_clock::now();
  hub.manager.room->hls->publish(snapshot(6));
  for (auto& client : clients) REQUIRE(client.read_answer().body == "#EXTM3U newest 6\n");
  const auto took = std::chrono::steady_clock::now() - begin;
  WARN("300 blocked playlists answered in "
       << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
  CHECK(took < 2s);
}

TEST_CASE("clients that leave while they wait are forgotten") {
  Fixture hub{quick()};
  hub.manager.room->hls->publish(snapshot(5));
  {
    std::vector<test::Client> clients;
    for (int i = 0; i < 20; ++i) {
      clients.push_back(hub.client());
      clients.back().send(clients.back().request({"GET", "/hls/room-1/main.m3u8?_HLS_msn=6"}));
    }
    REQUIRE(eventually([&] { return hub.stats->blocked == 20; }));
  }
  CHECK(eventually([&] { return hub.stats->blocked == 0; }));
  CHECK(eventually([&] { return hub.stats->connections == 0; }));
  CHECK(hub.stats->gone_while_waiting == 20);
  hub.manager.room->hls->publish(snapshot(6));
  CHECK(hub.ask({"GET", "/healthz"}).status == 200);
}

TEST_CASE("the server stops while requests wait, and nothing calls back") {
  Fixture hub;
  hub.manager.room->hls->publish(snapshot(5));
  std::vector<test::Client> clients;
  for (int i = 0; i < 30; ++i) {
    clients.push_back(hub.client());
    const auto* path = i % 3 == 0   ? "/hls/room-1/main.m3u8?_HLS_msn=6"
                       : i % 3 == 1 ? "/audio/room-1.mp3"
                                    : "/hls/room-1/nothing/";
    clients.back().send(clients.back().request({"GET", path}));
  }
  REQUIRE(eventually([&] { return hub.stats->blocked == 10 && hub.stats->audio_listeners == 10; }));
  hub.stop();
  for (auto& client : clients) CHECK(client.closed_within(5s));
  hub.manager.room->hls->publish(snapshot(6));
  CHECK(hub.manager.room->hls->subscribers() == 0);
  CHECK(hub.manager.room->mp3->subscribers() == 0);
  CHECK(hub.stats->connections == 0);
  CHECK(hub.client().closed_within(1s));
}

TEST_CASE("who watches is counted, and the register hears of devices") {
  Fixture hub{quick()};
  hub.manager.room->hls->publish(snapshot(5));
  const std::string phone = "Cookie: vh_device=phone\r\n";
  auto client = hub.client();
  for (int i = 0; i < 10; ++i) client.ask({"GET", "/hls/room-1/main.m3u8", "", phone});
  hub.ask({"GET", "/hls/room-1/main.m3u8", "", phone});
  hub.ask({"GET", "/hls/room-1/main.m3u8", "", "Cookie: vh_device=tablet\r\n"});
  hub.ask({"GET", "/hls/room-1/main.m3u8"});  // no cookie, no page: by address
  const auto viewers = [&] {
    int count = 0;
    hub.on_main([&] { count = hub.audience->viewers("room-1"); });
    return count;
  };
  CHECK(eventually([&] { return viewers() == 3; }));
  hub.on_main([&] {
    const auto of_phone = std::count_if(hub.people.proofs.begin(), hub.people.proofs.end(),
                                        [](const auto& proof) { return proof.device == "phone"; });
    CHECK(of_phone >= 1);
    CHECK(of_phone <= 2);  // once for each web thread, not for each request
    CHECK(hub.people.proofs.front().channel == "room-1");
    CHECK(hub.people.proofs.front().mode == attendance::Proof::Mode::Video);
  });
}
