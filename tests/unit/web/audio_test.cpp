#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <algorithm>
#include <string>

using namespace hub;
using namespace std::chrono_literals;
using test::eventually;
using test::Fixture;

namespace {

/// An audio output whose chunk number n consists of frames of bytes n.
struct Station {
  std::shared_ptr<packager::AudioPublication> publication;
  std::size_t chunk_bytes = 4000;
  std::size_t window_chunks = 30;
  std::uint64_t end = 0;
  std::string title = "Room 1";
  std::deque<base::Blob> chunks{};

  void publish(int count) {
    for (int i = 0; i < count; ++i) {
      chunks.push_back(base::make_blob(base::Bytes(chunk_bytes, static_cast<std::uint8_t>(end++))));
      if (chunks.size() > window_chunks) chunks.pop_front();
    }
    auto window = std::make_shared<packager::AudioWindow>();
    window->chunks = chunks;
    window->first = end - chunks.size();
    window->title = title;
    window->burst_chunks = 10;
    publication->publish(window);
  }
};

}  // namespace

TEST_CASE("a listener gets a burst and then every chunk") {
  Fixture hub;
  Station station{hub.manager.room->mp3};
  station.publish(20);
  auto client = hub.client();
  client.send(client.request({"GET", "/audio/room-1.mp3"}));
  const auto head = client.read_answer(true);
  CHECK(head.status == 200);
  CHECK(head.headers.at("content-type") == "audio/mpeg");
  CHECK(head.headers.at("icy-name") == "DNSOP");
  CHECK_FALSE(head.headers.contains("icy-metaint"));
  CHECK_FALSE(head.headers.contains("content-length"));
  CHECK_FALSE(head.headers.contains("transfer-encoding"));
  std::string expected;
  for (int chunk = 10; chunk < 20; ++chunk) expected += std::string(4000, static_cast<char>(chunk));
  CHECK(client.read(expected.size()) == expected);
  for (int chunk = 20; chunk < 60; ++chunk) {
    station.publish(1);
    REQUIRE(client.read(4000) == std::string(4000, static_cast<char>(chunk)));
  }
  CHECK(hub.stats->audio_listeners == 1);
  CHECK(station.publication->subscribers() == 1);
  client.close();
  CHECK(eventually([&] { return station.publication->subscribers() == 0; }));
}

TEST_CASE("HTTP/1.0 without Host, and AAC") {
  Fixture hub;
  Station station{hub.manager.room->aac};
  station.publish(1);
  auto client = hub.client();
  client.send("GET /audio/room-1.aac HTTP/1.0\r\n\r\n");
  CHECK(client.read_answer(true).headers.at("content-type") == "audio/aac");
  CHECK(client.read(4000) == std::string(4000, '\0'));
}

TEST_CASE("ICY titles come between the bytes, and only for who asked") {
  Fixture hub;
  Station station{hub.manager.room->mp3};
  station.title = "L'audio; d'été";
  station.publish(10);
  auto client = hub.client();
  client.send(client.request({"GET", "/audio/room-1.mp3", "", "Icy-MetaData: 1\r\n"}));
  const auto head = client.read_answer(true);
  REQUIRE(head.headers.at("icy-metaint") == "16000");
  std::string audio;
  std::vector<std::string> titles;
  for (int block = 0; block < 6; ++block) {
    if (block == 2) station.title = "Next";
    while (station.end < static_cast<std::uint64_t>(10 + block * 4)) station.publish(1);
    audio += client.read(16000);
    const auto length = static_cast<std::uint8_t>(client.read(1).at(0));
    titles.push_back(client.read(length * 16U));
  }
  std::string expected;
  for (int chunk = 0; chunk < 24; ++chunk) expected += std::string(4000, static_cast<char>(chunk));
  CHECK(audio == expected);
  CHECK(
      titles[0].starts_with("StreamTitle='L\xE2\x80\x99"
                            "audio; d\xE2\x80\x99été';"));
  CHECK(titles[1].empty());
  CHECK(std::count_if(titles.begin(), titles.end(),
                      [](const auto& title) { return title.starts_with("StreamTitle='Next';"); }) == 1);
}

TEST_CASE("a stream that does not begin is answered 503, one that the host stops ends") {
  web::Limits limits;
  limits.starting = 100ms;
  limits.sweep = 20ms;
  Fixture hub{limits};
  CHECK(hub.ask({"GET", "/audio/room-1.mp3"}).status == 503);
  CHECK(hub.ask({"GET", "/audio/room-1.ogg"}).status == 404);
  CHECK(hub.ask({"GET", "/audio/room-2.mp3"}).status == 404);
  auto client = hub.client();
  client.send(client.request({"GET", "/audio/room-1.mp3"}));
  Station station{hub.manager.room->mp3};
  REQUIRE(eventually([&] { return station.publication->subscribers() == 1; }));
  station.publish(3);  // the encoder starts because somebody listens
  CHECK(client.read_answer(true).status == 200);
  CHECK(client.read(12'000).size() == 12'000);
  station.publication->publish(nullptr);
  CHECK(client.closed_within(5s));
}

TEST_CASE("a slow listener jumps ahead and is not kept waiting behind; one that stops reading is dropped") {
  web::Limits limits;
  limits.sweep = 20ms;
  limits.write_stall = 400ms;
  limits.audio_send_buffer_bytes = 8192;
  Fixture hub{limits};
  Station station{hub.manager.room->mp3};
  station.publish(30);
  test::Client slow{hub.port(), 4096};
  slow.send(slow.request({"GET", "/audio/room-1.mp3"}));
  CHECK(slow.read_answer(true).status == 200);
  // It reads a little all the time: no stall, but far too slow.
  std::string heard;
  for (int i = 0; i < 200; ++i) {
    station.publish(2);
    heard += slow.read(2000, 1s);
  }
  CHECK(hub.stats->audio_chunks_skipped > 0);
  CHECK(hub.stats->dropped_stalled == 0);
  CHECK(hub.stats->audio_listeners == 1);
  // Whole chunks only: the byte never changes in the middle of one, and never goes back.
  for (std::size_t at = 4000; at + 4000 <= heard.size(); at += 4000)
    REQUIRE(heard.substr(at, 4000) == std::string(4000, heard[at]));
  // What waits for it is at most the window, the queue above the socket and the socket itself: the rest of
  // what was published since its start (chunk 20) was heard or skipped.
  const auto waiting = station.end - 20 - heard.size() / 4000 - hub.stats->audio_chunks_skipped;
  CHECK(waiting <= 30 + 10 + 10);
  // And now it stops.
  CHECK(eventually([&] {
    station.publish(1);
    return hub.stats->audio_listeners == 0;
  }));
  CHECK(hub.stats->dropped_stalled == 1);
}
