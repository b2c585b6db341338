#include "tests/integration/hub/viewer.h"
#include "tests/support/catch.h"
#include "tests/support/hub.h"
#include "tests/support/playlist_check.h"

#include <algorithm>
#include <csignal>
#include <thread>

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

MediaPlaylist playlist(const Hub& hub, const std::string& channel) {
  std::vector<std::string> violations;
  auto parsed = parse_media_playlist(hub.get("/hls/" + channel + "/main.m3u8").body, violations);
  CHECK(violations == std::vector<std::string>{});
  return parsed;
}

/// Runs of the channel that the playlist shows: 1 + the discontinuities in it.
std::uint64_t newest_run(const Hub& hub, const std::string& channel) {
  const auto now = playlist(hub, channel);
  return now.open ? now.open->discontinuity : now.segments.empty() ? 0 : now.segments.back().discontinuity;
}

}  // namespace

TEST_CASE("a worker that dies: live again within 3 s, the page goes on, the neighbour loses nothing") {
  const int signal = GENERATE(SIGKILL, SIGSEGV);
  const Hub hub{{{"room-1", "demo:"}, {"room-2", "demo:"}}};
  REQUIRE(hub.wait_for_state("room-1", "live"));
  REQUIRE(hub.wait_for_state("room-2", "live"));
  std::unique_ptr<Viewer> viewer;
  if (Viewer::available()) {
    viewer = std::make_unique<Viewer>(hub, "room-1", "video");
    REQUIRE(viewer->plays());
  }
  // One person with one page is one viewer, though it talks over several connections.
  if (viewer) CHECK(hub.channel("room-1").at("viewers") == 1);
  const auto workers = hub.workers();
  REQUIRE(workers.size() == 2);
  INFO(hub.log());
  const std::uint64_t before[] = {newest_run(hub, "room-1"), newest_run(hub, "room-2")};

  kill(workers.front(), signal);
  const auto died = std::chrono::steady_clock::now();
  // A new run with media in it is what "live again" means: a part that players can fetch.
  REQUIRE(wait_until(
      3s, [&] { return newest_run(hub, "room-1") > before[0] || newest_run(hub, "room-2") > before[1]; }));
  const auto took = std::chrono::steady_clock::now() - died;
  INFO("live again after " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
  // Which of the two belonged to which channel only the log tells.
  const auto lost = [log = hub.log()](const std::string& id) {
    return log.find("channel." + id + ": source lost") != std::string::npos;
  };
  CHECK(lost("room-1") != lost("room-2"));
  const std::string neighbour = lost("room-1") ? "room-2" : "room-1";
  PlaylistCheck check;
  for (int i = 0; i < 5; ++i) {
    check.reload(hub.get("/hls/" + neighbour + "/main.m3u8").body);
    std::this_thread::sleep_for(400ms);  // a part: the next reload shows something new
  }
  CHECK(check.violations() == std::vector<std::string>{});
  const auto left = hub.workers();
  CHECK(std::find(left.begin(), left.end(), workers.back()) != left.end());

  if (viewer) {
    std::this_thread::sleep_for(6s);  // the page must have played past the splice
    const auto seen = viewer->finish();
    INFO(seen.dump());
    REQUIRE(seen.contains("played_s"));
    CHECK(seen.at("state") == "playing");
    CHECK(seen.at("faults").empty());
  }
}

TEST_CASE("a hub killed while the page plays: it plays again within 10 s, numbers do not go back") {
  Hub hub{{{"room-1", "demo:"}}};
  REQUIRE(hub.wait_for_state("room-1", "live"));
  std::unique_ptr<Viewer> viewer;
  if (Viewer::available()) {
    viewer = std::make_unique<Viewer>(hub, "room-1", "video");
    REQUIRE(viewer->plays());
  }
  const auto before = playlist(hub, "room-1");
  hub.kill();
  hub.start();
  const auto restarted = std::chrono::steady_clock::now();
  REQUIRE(hub.wait_for_state("room-1", "live", 10s));
  const auto after = playlist(hub, "room-1");
  CHECK(after.media_sequence > before.media_sequence + before.segments.size());
  CHECK(after.discontinuity_sequence > before.discontinuity_sequence);
  if (!viewer) HUB_SKIP("Chromium is not installed");
  // "playing" twice: before the cut, and again after it.
  const auto again = [&] {
    const auto text = viewer->states();
    const auto lost = text.find("reconnecting");
    return lost != std::string::npos && text.find("playing", lost) != std::string::npos;
  };
  const bool played = wait_until(10s, again);
  const auto took = std::chrono::steady_clock::now() - restarted;
  INFO(viewer->states());
  CHECK(played);
  CHECK(took < 10s);
  const auto seen = viewer->finish();
  CHECK(seen.value("state", "") == "playing");
}
