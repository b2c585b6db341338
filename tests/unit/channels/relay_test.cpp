#include "hub/channels/relay.h"

#include "tests/support/catch.h"
#include "tests/support/descriptors.h"
#include "tests/support/fake_memory.h"
#include "tests/support/turn.h"

#include <csignal>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

using namespace hub;
using namespace std::chrono_literals;
using channels::ChannelSettings;
using channels::Info;
using channels::Mark;
using channels::RelayManager;
using channels::State;
using test::run_until;

namespace {

struct FakeMarks final : channels::Marks {
  Mark load(const std::string& channel) override {
    const std::lock_guard lock{mutex};
    return stored[channel];
  }
  void save(const std::string& channel, Mark mark) override {
    const std::lock_guard lock{mutex};
    stored[channel] = mark;
    ++saved;
  }
  std::mutex mutex;  // guards all below
  std::map<std::string, Mark> stored;
  int saved = 0;
};

ChannelSettings channel(const std::string& id, const std::string& mode) {
  ChannelSettings settings;
  settings.id = id;
  settings.title = "Title of " + id;
  settings.sources = {{"fake:" + mode}};
  return settings;
}

struct Fixture {
  explicit Fixture(const std::vector<ChannelSettings>& settings) {
    manager.emplace(loop, clock, relay, settings, marks, memory, HUB_FAKE_WORKER);
    manager->on_change([this] { ++changes; });
  }
  [[nodiscard]] const Info& info(std::size_t index) const { return manager->list().at(index); }
  [[nodiscard]] std::shared_ptr<const packager::HlsSnapshot> hls(const std::string& id) const {
    return manager->directory()->find(id)->second->hls->current();
  }
  [[nodiscard]] std::string playlist(const std::string& id, const std::string& file = "main.m3u8") const {
    const auto answer = hls(id)->get(file, {});
    REQUIRE(answer.body);
    return {answer.body->begin(), answer.body->end()};
  }
  bool until(const std::function<bool()>& done, std::chrono::milliseconds deadline = 15s) {
    return run_until(loop, done, deadline);
  }

  lib::glib::Loop loop;
  base::SystemClock clock;
  channels::RelaySettings relay;
  FakeMarks marks;
  test::FakeMemory memory;
  int changes = 0;
  std::optional<RelayManager> manager;
};

/// The worker process of @p channel_id, or -1.
pid_t worker_of(const std::string& channel_id) {
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    std::ifstream file{entry.path() / "cmdline"};
    const std::string line{std::istreambuf_iterator<char>{file}, {}};
    std::string tail = "--channel";
    tail += '\0';
    tail += channel_id;
    tail += '\0';
    if (!line.ends_with(tail)) continue;
    std::ifstream stat{entry.path() / "stat"};
    std::string text;
    std::getline(stat, text);
    if (std::atoi(text.c_str() + std::min(text.rfind(')') + 4, text.size())) == getpid())
      return std::stoi(entry.path().filename());
  }
  return -1;
}

std::uint64_t media_sequence(const std::string& playlist) {
  const std::string tag = "#EXT-X-MEDIA-SEQUENCE:";
  const auto at = playlist.find(tag);
  REQUIRE(at != std::string::npos);
  return std::stoull(playlist.substr(at + tag.size()));
}

}  // namespace

TEST_CASE("channels are listed as configured, idle, with their outputs") {
  auto secret = channel("b", "steady?token=secret");
  secret.language = "fr";
  Fixture f{{channel("a", "steady"), secret}};
  REQUIRE(f.manager->list().size() == 2);
  CHECK(f.info(0).id == "a");
  CHECK(f.info(0).title == "Title of a");
  CHECK(f.info(0).state == State::Idle);
  CHECK(f.info(1).language == "fr");
  CHECK(f.info(1).source == "fake:steady");
  CHECK(f.manager->directory()->size() == 2);
  CHECK_FALSE(f.hls("a"));
  CHECK(f.manager->start("nobody").error().code == base::Errc::NotFound);
  CHECK(f.manager->stop("nobody").error().code == base::Errc::NotFound);
  CHECK(f.manager->stop("a").has_value());
}

TEST_CASE("what cannot be run is refused at the start") {
  CHECK_THROWS_AS((Fixture{{channel("a", "steady"), channel("a", "steady")}}), base::Error);
  auto two = channel("a", "steady");
  two.sources.push_back(two.sources.front());
  CHECK_THROWS_AS(Fixture{{two}}, base::Error);
}

TEST_CASE("start ids differ and fit into addresses") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto id = channels::make_start_id();
    CHECK(id.size() == 6);
    CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() >= 99);
}

TEST_CASE("numbers go on from the mark or the clock, whichever is later") {
  const base::Wall now{std::chrono::seconds{1'800'000'000}};
  CHECK(channels::first_numbers({}, now) == Mark{3'600'000'000, 100});
  CHECK(channels::first_numbers({4'000'000'000, 7}, now) == Mark{4'000'000'100, 107});
  CHECK(channels::first_numbers({5, 5}, base::Wall{-1s}) == Mark{105, 105});
}

TEST_CASE("a worker that is killed is replaced within 3 s, and its neighbour loses nothing") {
  Fixture f{{channel("a", "steady"), channel("b", "steady")}};
  CHECK(f.manager->start("a").has_value());
  CHECK(f.manager->start("b").has_value());
  REQUIRE(f.until([&] { return f.info(0).state == State::Live && f.info(1).state == State::Live; }));
  CHECK(f.info(0).kind == "video");
  CHECK(f.info(0).has_audio);
  CHECK(f.changes > 0);
  CHECK(f.playlist("a").find("#EXT-X-DISCONTINUITY\n") == std::string::npos);
  const auto first = media_sequence(f.playlist("a"));
  std::uint32_t restarts = 0;
  for (const int signal : {SIGKILL, SIGSEGV}) {
    const auto worker = worker_of("a");
    REQUIRE(worker > 0);
    const auto killed = std::chrono::steady_clock::now();
    REQUIRE(kill(worker, signal) == 0);
    ++restarts;
    REQUIRE(f.until([&] { return f.info(0).restarts == restarts && f.info(0).state == State::Live; }, 3s));
    WARN("delivers again after " << std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - killed)
                                        .count()
                                 << " ms");
    CHECK(f.info(0).reason->text.find(signal == SIGKILL ? "SIGKILL" : "SIGSEGV") != std::string::npos);
    CHECK(worker_of("a") != worker);
    CHECK(f.until([&] { return f.playlist("a").find("#EXT-X-DISCONTINUITY\n") != std::string::npos; }, 3s));
    test::run_for(f.loop, 5500ms);  // so that the next death is a first one again
  }
  CHECK(media_sequence(f.playlist("a")) >= first);
  CHECK(f.info(1).restarts == 0);
  CHECK_FALSE(f.info(1).reason);
  CHECK(f.playlist("b").find("#EXT-X-DISCONTINUITY\n") == std::string::npos);
  CHECK(f.playlist("b").find("#EXT-X-GAP") == std::string::npos);
}

TEST_CASE("stop ends the worker and empties the outputs; the numbers of the next start are higher") {
  Fixture f{{channel("a", "steady")}};
  CHECK(f.manager->start("a").has_value());
  REQUIRE(f.until([&] { return f.hls("a") && f.info(0).state == State::Connecting; }));
  REQUIRE(f.until([&] { return f.marks.load("a").msn > 0; }));
  const auto mark = f.marks.load("a");
  CHECK(f.manager->stop("a").has_value());
  REQUIRE(f.until([&] { return f.info(0).state == State::Idle && !f.hls("a"); }));
  REQUIRE(f.until([&] { return test::count_children() == 0; }, 3s));
  CHECK(f.manager->start("a").has_value());
  REQUIRE(f.until([&] { return f.marks.load("a") != mark; }));
  CHECK(f.marks.load("a").msn >= mark.msn + 100);
  CHECK(f.marks.load("a").discontinuity >= mark.discontinuity + 100);
}

TEST_CASE("counters come once a second while a channel runs") {
  Fixture f{{channel("a", "mp3")}};
  CHECK(f.manager->start("a").has_value());
  REQUIRE(f.until([&] { return f.info(0).bytes_in > 0 && f.info(0).on_air == "On air"; }));
  f.changes = 0;
  test::run_for(f.loop, 2500ms);
  CHECK(f.changes >= 2);
  CHECK(f.changes <= 4);
  CHECK(f.info(0).buffered == 200ms);
  CHECK(f.info(0).transcoding_audio);
}

TEST_CASE("MP3 is encoded while somebody listens") {
  Fixture f{{channel("a", "audio")}};
  CHECK(f.manager->start("a").has_value());
  const auto mp3 = f.manager->directory()->find("a")->second->mp3;
  const auto aac = f.manager->directory()->find("a")->second->aac;
  REQUIRE(f.until([&] { return aac->current() != nullptr; }));
  CHECK_FALSE(mp3->current());
  const auto id = mp3->subscribe([] {});
  CHECK(f.until([&] { return mp3->current() != nullptr; }, 5s));
  mp3->unsubscribe(id);
  CHECK(f.info(0).kind == "audio");
}

TEST_CASE("the end is orderly: bounded, no process left, no call afterwards") {
  const auto descriptors = test::count_descriptors();
  {
    Fixture f{{channel("a", "stubborn"), channel("b", "steady"), channel("c", "mute")}};
    for (const char* id : {"a", "b", "c"}) CHECK(f.manager->start(id).has_value());
    REQUIRE(f.until([&] { return f.info(0).kind == "video" && f.info(1).kind == "video"; }));
    const auto outputs = f.manager->directory()->find("a")->second;
    const auto begin = std::chrono::steady_clock::now();
    f.manager.reset();
    CHECK(std::chrono::steady_clock::now() - begin < 2500ms);
    CHECK(test::count_children() == 0);
    CHECK_FALSE(outputs->hls->current());
    const int changes = f.changes;
    test::run_for(f.loop, 100ms);
    CHECK(f.changes == changes);
  }
  CHECK(test::count_descriptors() == descriptors);
}
