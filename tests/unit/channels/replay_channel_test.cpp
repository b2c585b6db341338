// A channel that plays a recording for a room: pause, resume, seek, end, power cut.
#include "hub/channels/channel.h"
#include "tests/unit/channels/fakes.h"

using namespace hub;
using namespace std::chrono_literals;
using base::Errc;
using base::Nanos;
using channels::Channel;
using channels::State;
using test::unit;

namespace {

struct Hall : Channel::Listener {
  explicit Hall(std::optional<channels::Room> stored = {}, std::optional<base::Wall> starts_at = {}) {
    settings.id = "replay";
    settings.mode = channels::Mode::Replay;
    settings.starts_at = starts_at;
    settings.sources = {{"file:///recording.mp4"}};
    outlet.is_playable = true;
    channel.emplace(settings, relay, clock, workers, outlet, *this, 7);
    channel->recall(std::move(stored));
  }
  void on_change(const Channel&) override {}
  void on_room(const Channel&, const channels::Room& room) override { saved = room; }

  /// Worker @p index announces itself; a recording says where it begins.
  void announce(std::size_t index, std::optional<Nanos> media = {}) {
    auto& worker = *workers.started.at(index);
    worker.send(stream::Tracks{{test::video_track(), test::aac_track()}});
    if (media) worker.send(stream::Position{*media, 10min});
    times.resize(workers.started.size());
  }
  /// The workers @p indices send @p length of media in real time, as long as they live.
  void play(std::vector<std::size_t> indices, Nanos length) {
    for (Nanos t{0}; t < length; t += 20ms) {
      for (const auto index : indices) {
        auto& worker = *workers.started.at(index);
        auto& media = times.at(index);
        if (worker.alive) worker.send(unit(1, media, 20ms, media % 1s == 0s));
        if (worker.alive) worker.send(unit(2, media, 20ms, true));
        media += 20ms;
      }
      clock.advance(20ms);
      channel->tick();
    }
  }
  [[nodiscard]] State state() const { return channel->info().state; }
  [[nodiscard]] base::Millis position() const { return channel->info().replay->position; }
  [[nodiscard]] bool near(base::Millis where) const {
    return position() >= where - 100ms && position() <= where + 100ms;
  }

  base::ManualClock clock;
  channels::ChannelSettings settings;
  channels::RelaySettings relay;
  test::FakeWorkers workers;
  test::FakeOutlet outlet;
  std::vector<Nanos> times;
  std::optional<channels::Room> saved;
  std::optional<Channel> channel;
};

}  // namespace

TEST_CASE("a pause cuts to the slate without a hole, and a resume goes on where the room was") {
  Hall hall;
  hall.channel->begin();
  CHECK(hall.workers.started.empty());  // it waits for the host
  hall.channel->start();
  hall.announce(0, 0s);
  hall.play({0}, 10s);
  CHECK(hall.state() == State::Live);
  CHECK(hall.near(10s));

  hall.channel->pause();
  REQUIRE(hall.workers.started.size() == 2);
  CHECK(hall.workers.last().job.uri.starts_with("slate:"));
  hall.play({0}, 300ms);  // what is on air goes on until the slate is there
  CHECK(hall.state() == State::Live);
  CHECK(hall.workers.started[0]->alive);
  hall.announce(1);
  hall.play({0, 1}, 40ms);
  CHECK_FALSE(hall.workers.started[0]->alive);
  hall.play({1}, 60s);
  CHECK(hall.state() == State::Slate);
  CHECK(hall.near(10'300ms));
  CHECK(hall.saved->paused);

  hall.channel->resume();
  REQUIRE(hall.workers.started.size() == 3);
  CHECK(hall.workers.last().job.start >= 10'200ms);
  CHECK(hall.workers.last().job.start <= 10'400ms);
  hall.announce(2, 10s);
  hall.play({1, 2}, 40ms);
  hall.play({2}, 1s);
  CHECK(hall.state() == State::Live);
  CHECK(hall.near(11s));
  CHECK(hall.channel->info().restarts == 0);

  // What players get: three runs that follow each other without a hole and without an overlap.
  REQUIRE(hall.outlet.runs.size() == 3);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(hall.outlet.runs[i - 1].ended);
    const auto& before = hall.outlet.runs[i - 1].units.back();
    const auto gap = hall.outlet.runs[i].units.front().pts - (before.pts + before.duration);
    CHECK(gap >= 0ms);
    CHECK(gap <= 100ms);
  }
}

TEST_CASE("a pause that is taken back before the slate is there changes nothing") {
  Hall hall;
  hall.channel->start();
  hall.announce(0, 0s);
  hall.play({0}, 5s);
  hall.channel->pause();
  hall.channel->resume();
  hall.play({0}, 5s);
  CHECK(hall.workers.alive() == 1);
  CHECK(hall.workers.started[0]->alive);
  CHECK(hall.outlet.runs.size() == 1);
  CHECK(hall.near(10s));
}

TEST_CASE("a seek, by a place or a way, beyond the end and while paused") {
  Hall hall;
  hall.channel->start();
  hall.announce(0, 0s);
  hall.play({0}, 5s);
  hall.channel->seek({5min, {}});
  CHECK(hall.workers.last().job.start == 5min);
  CHECK(hall.position() == 5min);
  hall.play({0}, 500ms);
  CHECK(hall.position() == 5min);  // the old place, still on air, does not count
  hall.announce(1, 299s);
  hall.play({0, 1}, 40ms);
  hall.play({1}, 2s);
  CHECK(hall.near(301s));
  hall.channel->seek({std::nullopt, -60s});
  CHECK(hall.workers.last().job.start >= 240s);
  hall.channel->seek({2h, {}});
  CHECK(hall.position() == 10min - channels::kTail);
  hall.channel->pause();
  hall.channel->seek({1min, {}});
  CHECK(hall.position() == 1min);
  CHECK(hall.saved->position == 1min);
}

TEST_CASE("at the end of the recording the channel becomes idle, and starts anew from its beginning") {
  Hall hall;
  hall.channel->start();
  hall.announce(0, 9min);
  hall.play({0}, 3s);
  hall.workers.last().exit(Errc::Ended, "has ended");
  CHECK(hall.outlet.is_open);  // players show the last seconds
  hall.play({}, 7s);
  CHECK(hall.state() == State::Idle);
  CHECK(hall.channel->info().reason->code == Errc::Ended);
  CHECK(hall.workers.started.size() == 1);
  CHECK(hall.saved->ended);
  hall.channel->start();
  CHECK(hall.workers.last().job.start == 0ms);
}

TEST_CASE("after a power cut the room goes on where it was, playing or paused") {
  Hall before;
  before.channel->start();
  before.announce(0, 0s);
  before.play({0}, 25s);
  REQUIRE(before.saved);
  CHECK(before.saved->position >= 19s);  // stored every 10 s

  Hall playing{before.saved};
  playing.channel->begin();
  REQUIRE(playing.workers.started.size() == 1);
  CHECK(playing.workers.last().job.start == before.saved->position);

  before.channel->pause();
  Hall paused{before.saved};
  paused.channel->begin();
  CHECK(paused.workers.last().job.uri.starts_with("slate:"));
  paused.announce(0);
  paused.play({0}, 1s);
  CHECK(paused.state() == State::Slate);

  before.channel->stop();
  Hall stopped{before.saved};
  stopped.channel->begin();
  CHECK(stopped.workers.started.empty());
  stopped.channel->start();
  CHECK(stopped.workers.last().job.start >= 24s);
}

TEST_CASE("the clock starts a replay, and the host can before") {
  base::ManualClock now;
  Hall hall{{}, now.wall() + 2s};
  hall.channel->begin();
  CHECK(hall.channel->needs_tick());
  hall.play({}, 1900ms);
  CHECK(hall.workers.started.empty());
  hall.play({}, 200ms);
  CHECK(hall.workers.started.size() == 1);
  hall.channel->stop();
  CHECK_FALSE(hall.channel->needs_tick());
}

TEST_CASE("a slate that cannot be made still holds the room, and a missing recording is tried again") {
  Hall hall;
  hall.channel->start();
  hall.announce(0, 0s);
  hall.play({0}, 5s);
  hall.channel->pause();
  hall.workers.last().exit(Errc::Unsupported, "no overlay");
  CHECK_FALSE(hall.workers.started[0]->alive);
  hall.play({}, 3s);
  CHECK(hall.workers.started.size() >= 3);
  CHECK(hall.workers.last().job.uri.starts_with("slate:"));
  CHECK(hall.near(5s));
}

TEST_CASE("pause and seek before the start") {
  Hall hall;
  hall.channel->pause();
  hall.channel->resume();
  hall.channel->seek({1min, {}});
  CHECK(hall.state() == State::Idle);
  CHECK(hall.workers.started.empty());
  hall.channel->start();
  CHECK(hall.workers.last().job.start == 1min);
}
