#include "hub/web/admission.h"

#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

using namespace hub;
using namespace std::chrono_literals;
using web::Admission;

namespace {
constexpr base::Mono kNow{1h};
}

TEST_CASE("watchers are let in up to the limit; who has a place keeps it, and it opens with a tenth free") {
  Admission admission{3000};
  admission.refresh({{"a", 1000, 100, 0, 0}}, kNow);
  CHECK(admission.admit("a", "1", kNow));
  CHECK(admission.admit("a", "2", kNow));
  CHECK(admission.admit("a", "3", kNow));
  CHECK_FALSE(admission.admit("a", "4", kNow));
  CHECK_FALSE(admission.has_place("a", kNow));
  CHECK(admission.admit("a", "3", kNow + 10s));
  CHECK(admission.demand_kbps(kNow + 10s) == 3000);
  // One has left: 2000 and 1000 are 3000, more than nine tenths, so that nobody new comes yet.
  CHECK(admission.admit("a", "1", kNow + 15s));
  CHECK_FALSE(admission.admit("a", "4", kNow + 21s));
  CHECK(admission.demand_kbps(kNow + 21s) == 2000);
  // Two have left.
  CHECK(admission.admit("a", "1", kNow + 31s));
  CHECK(admission.admit("a", "4", kNow + 32s));
}

TEST_CASE("listeners and other channels take their part; no limit lets everybody in") {
  Admission admission{2000};
  admission.refresh({{"a", 800, 100, 1, 5}, {"b", 500, 100, 0, 2}}, kNow);
  CHECK(admission.demand_kbps(kNow) == 1500);
  CHECK_FALSE(admission.has_place("a", kNow));
  CHECK(admission.admit("b", "x", kNow));
  Admission open{0};
  for (int i = 0; i < 100; ++i) CHECK(open.admit("a", std::to_string(i), kNow));
  Admission fresh{2500};
  CHECK(fresh.admit("a", "1", kNow));  // not measured yet: a megabit each
  CHECK(fresh.admit("a", "2", kNow));
  CHECK_FALSE(fresh.admit("a", "3", kNow));
}

TEST_CASE("the rate of a channel is what came in, and stays while the source is down") {
  web::RateMeter meter;
  CHECK(meter.look("a", 0, kNow) == 0);
  CHECK(meter.look("a", 125'000, kNow + 1s) == 1000);
  CHECK(meter.look("a", 125'000, kNow + 5s) == 1000);
  CHECK(meter.look("a", 0, kNow + 6s) == 1000);
}

TEST_CASE("a full network answers 503 lan_full to pictures, and the sound stays open") {
  auto settings = test::Fixture::local();
  settings.lan_max_kbps = 1500;
  test::Fixture hub{{}, settings};
  auto snapshot = std::make_shared<test::FakeSnapshot>();
  for (const char* file : {"master.m3u8", "main.m3u8", "audio.m3u8"}) snapshot->files[file] = "#EXTM3U\n";
  hub.manager.room->hls->publish(snapshot);
  const auto get = [&](const std::string& path, const std::string& device) {
    return hub.ask({"GET", path, "", "Cookie: vh_device=" + device + "\r\n"});
  };
  CHECK(get("/hls/room-1/master.m3u8", "aaaaaaaaaaaaaaaaaaaaaaaa").status == 200);
  const auto refused = get("/hls/room-1/master.m3u8?lang=en", "bbbbbbbbbbbbbbbbbbbbbbbb");
  CHECK(refused.status == 503);
  CHECK(refused.body.find("\"lan_full\"") != std::string::npos);
  CHECK(get("/hls/room-1/main.m3u8", "bbbbbbbbbbbbbbbbbbbbbbbb").status == 503);
  CHECK(get("/hls/room-1/audio.m3u8", "bbbbbbbbbbbbbbbbbbbbbbbb").status == 200);
  CHECK(get("/hls/room-1/main.m3u8", "aaaaaaaaaaaaaaaaaaaaaaaa").status == 200);
  CHECK(hub.ask({"GET", "/api/v1/channels"}).body.find("\"watch\":false") != std::string::npos);
}
