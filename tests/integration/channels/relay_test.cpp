#include "hub/channels/relay.h"

#include "tests/support/catch.h"
#include "tests/support/descriptors.h"
#include "tests/support/fake_memory.h"
#include "tests/support/fmp4_reader.h"
#include "tests/support/playlist_check.h"
#include "tests/support/turn.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>

using namespace hub;
using namespace std::chrono_literals;
using channels::RelayManager;
using channels::State;

namespace {

struct NoMarks final : channels::Marks {
  channels::Mark load(const std::string&) override { return {}; }
  void save(const std::string&, channels::Mark) override {}
};

/// Reads all that a channel publishes as players do, and judges it.
class Viewer {
 public:
  explicit Viewer(std::shared_ptr<packager::HlsPublication> hls) : hls_{std::move(hls)} {}

  void look() {
    const auto now = hls_->current();
    if (!now || now == seen_) return;
    seen_ = now;
    const auto text = body("main.m3u8");
    if (text.empty()) return;
    check.reload({reinterpret_cast<const char*>(text.data()), text.size()});
    for (const auto& segment : check.newest().segments) {
      if (segment.msn < next_) continue;
      next_ = segment.msn + 1;
      auto& run = runs[segment.discontinuity];
      if (run.tracks().empty()) run.read_init(body(segment.map));
      run.read_media(body(segment.uri));
    }
  }

  test::PlaylistCheck check;
  std::map<std::uint64_t, test::Fmp4Reader> runs;  // by discontinuity number

 private:
  base::Bytes body(const std::string& file) const {
    const auto answer = seen_->get(file, {});
    return answer.body ? *answer.body : base::Bytes{};
  }
  std::shared_ptr<packager::HlsPublication> hls_;
  std::shared_ptr<const packager::HlsSnapshot> seen_;
  std::uint64_t next_ = 0;
};

pid_t some_worker_of(const std::string& channel_id) {
  std::string tail = "--channel";
  tail += '\0';
  tail += channel_id;
  tail += '\0';
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    std::ifstream file{entry.path() / "cmdline"};
    const std::string line{std::istreambuf_iterator<char>{file}, {}};
    if (line.starts_with(HUB_WORKER) && line.ends_with(tail)) return std::stoi(entry.path().filename());
  }
  return -1;
}

channels::ChannelSettings demo(const std::string& id) {
  channels::ChannelSettings settings;
  settings.id = id;
  settings.sources = {{"demo:"}};
  return settings;
}

}  // namespace

TEST_CASE("the real worker: killed twice, live again within 3 s, tight splices, the neighbour unharmed") {
  lib::glib::Loop loop;
  const base::SystemClock clock;
  const channels::RelaySettings relay;
  NoMarks marks;
  {
    test::FakeMemory memory;
    RelayManager manager{loop, clock, relay, {demo("a"), demo("b")}, marks, memory, HUB_WORKER};
    Viewer a{manager.directory()->find("a")->second->hls};
    Viewer b{manager.directory()->find("b")->second->hls};
    const auto until = [&](const std::function<bool()>& done, std::chrono::milliseconds deadline) {
      return test::run_until(
          loop,
          [&] {
            a.look();
            b.look();
            return done();
          },
          deadline);
    };
    const auto info = [&](std::size_t index) -> const channels::Info& { return manager.list().at(index); };
    CHECK(manager.start("a").has_value());
    CHECK(manager.start("b").has_value());
    REQUIRE(until([&] { return info(0).state == State::Live && info(1).state == State::Live; }, 30s));
    CHECK(info(0).kind == "video");
    CHECK(info(0).has_audio);

    std::uint32_t restarts = info(0).restarts;
    for (const int signal : {SIGKILL, SIGSEGV}) {
      const auto worker = some_worker_of("a");
      REQUIRE(worker > 0);
      const auto killed = std::chrono::steady_clock::now();
      REQUIRE(kill(worker, signal) == 0);
      ++restarts;
      REQUIRE(until([&] { return info(0).restarts == restarts && info(0).state == State::Live; }, 3s));
      WARN("live again after " << std::chrono::duration_cast<std::chrono::milliseconds>(
                                      std::chrono::steady_clock::now() - killed)
                                      .count()
                               << " ms");
      until([] { return false; }, 8s);
    }

    CHECK(info(1).restarts == 0);
    CHECK(b.check.violations() == std::vector<std::string>{});
    CHECK(b.runs.size() == 1);
    CHECK(test::longest_gap(b.runs.begin()->second, "vide") < 1ms);
    CHECK(test::longest_gap(b.runs.begin()->second, "soun") < 1ms);
    CHECK(a.check.violations() == std::vector<std::string>{});
    CHECK(a.runs.size() == 3);
    for (auto& [number, run] : a.runs) {
      INFO("run " << number);
      CHECK(run.violations() == std::vector<std::string>{});
      const auto holes = test::holes_of(run);
      CHECK(holes.at_begin <= 22ms);
      // The last run is still going on: what is listed ends with a whole video frame.
      if (number != a.runs.rbegin()->first) CHECK(holes.at_end <= 22ms);
      CHECK(test::longest_gap(run, "vide") < 1ms);
      CHECK(test::longest_gap(run, "soun") < 1ms);
    }
  }
  CHECK(test::count_children() == 0);
}
