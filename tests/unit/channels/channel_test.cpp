#include "hub/channels/channel.h"

#include "tests/unit/channels/fakes.h"

using namespace hub;
using namespace std::chrono_literals;
using base::Errc;
using base::Nanos;
using channels::Channel;
using channels::State;
using stream::Job;
using test::unit;

namespace {

struct Fixture : Channel::Listener {
  explicit Fixture(Job::Kind kind = Job::Kind::Auto, std::string uri = "http://host/live") {
    settings.id = "room-1";
    settings.title = "Room 1";
    settings.kind = kind;
    settings.sources = {{std::move(uri)}};
    channel.emplace(settings, relay, clock, workers, outlet, *this, 7);
  }
  void on_change(const Channel& which) override {
    CHECK(&which == &*channel);
    ++changes;
    states.push_back(which.info().state);
  }
  void on_room(const Channel&, const channels::Room& room) override { rooms.push_back(room); }
  void wait(Nanos length) {
    for (Nanos t{0}; t < length; t += 50ms) {
      clock.advance(50ms);
      channel->tick();
    }
  }
  /// The running worker sends @p length of media in real time.
  void play(Nanos length, bool video = true, bool audio = true) {
    const auto end = clock.mono() + length;
    while (clock.mono() < end) {
      if (video) workers.last().send(unit(1, media, 20ms, media % 1s == 0s));
      if (audio) workers.last().send(unit(2, media, 20ms, true));
      media += 20ms;
      clock.advance(20ms);
      channel->tick();
    }
  }
  /// A new worker announces its tracks and delivers.
  void deliver(Nanos length, std::vector<stream::Track> tracks = {test::video_track(), test::aac_track()}) {
    media = 0s;
    bool video = false;
    bool audio = false;
    for (const auto& track : tracks) {
      video = video || track.id == 1;
      audio = audio || track.id == 2;
    }
    workers.last().send(stream::Tracks{std::move(tracks)});
    play(length, video, audio);
  }
  [[nodiscard]] State state() const { return channel->info().state; }

  base::ManualClock clock;
  channels::ChannelSettings settings;
  channels::RelaySettings relay;
  test::FakeWorkers workers;
  test::FakeOutlet outlet;
  std::optional<Channel> channel;
  Nanos media{0};
  int changes = 0;
  std::vector<State> states;
  std::vector<channels::Room> rooms;
};

}  // namespace

TEST_CASE("idle, connecting, live, idle") {
  Fixture f{Job::Kind::Auto, "http://user:secret@host/live?token=secret"};
  CHECK(f.state() == State::Idle);
  CHECK(f.channel->info().source == "http://host/live");
  f.wait(1s);
  CHECK(f.workers.started.empty());
  f.channel->start();
  f.channel->start();
  CHECK(f.state() == State::Connecting);
  REQUIRE(f.workers.started.size() == 1);
  CHECK(f.workers.last().job.uri == "http://user:secret@host/live?token=secret");
  CHECK(f.workers.last().job.channel == "room-1");
  f.deliver(2s);
  CHECK(f.state() == State::Connecting);  // not playable yet
  CHECK(f.channel->info().kind == "video");
  CHECK(f.channel->info().has_audio);
  f.outlet.is_playable = true;
  f.play(100ms);
  CHECK(f.state() == State::Live);
  CHECK(f.channel->info().since > base::ManualClock{}.wall());
  f.channel->stop();
  f.channel->stop();
  CHECK(f.state() == State::Idle);
  CHECK(f.workers.alive() == 0);
  CHECK_FALSE(f.outlet.is_open);
  CHECK(f.outlet.runs.back().ended);
  CHECK(f.channel->info().kind.empty());
  f.wait(1min);
  CHECK(f.workers.started.size() == 1);
  CHECK(f.states == std::vector{State::Connecting, State::Connecting, State::Live, State::Idle});
}

TEST_CASE("the worker of a live channel dies: the next one starts at once and goes on in channel time") {
  Fixture f;
  f.outlet.is_playable = true;
  f.channel->start();
  f.deliver(10s);
  CHECK(f.state() == State::Live);
  f.workers.last().exit(Errc::Internal, "ended by signal 9", channels::WorkerExit::How::Crashed);
  CHECK(f.state() == State::Connecting);
  REQUIRE(f.channel->info().reason);
  CHECK(f.channel->info().reason->text == "ended by signal 9");
  CHECK(f.outlet.runs.back().ended);
  f.wait(50ms);
  REQUIRE(f.workers.started.size() == 2);
  CHECK(f.channel->info().restarts == 1);
  f.wait(950ms);
  f.deliver(2s);
  CHECK(f.state() == State::Live);
  CHECK(f.channel->info().reason);  // why it was last interrupted
  REQUIRE(f.outlet.runs.size() == 2);
  CHECK(f.outlet.runs[1].units.front().pts == 11s);
  const auto apart = f.outlet.runs[1].releases.front() - f.outlet.runs[0].releases.front();
  CHECK(apart == 11s);  // PROGRAM-DATE-TIME agrees
}

TEST_CASE("a source that cannot be reached is tried with growing pauses up to the limit, for ever") {
  Fixture f;
  f.channel->start();
  std::vector<Nanos> pauses;
  for (int i = 0; i < 9; ++i) {
    f.workers.last().exit(Errc::Unreachable, "no answer from http://user:secret@host/");
    const auto count = f.workers.started.size();
    const auto from = f.clock.mono();
    while (f.workers.started.size() == count) f.wait(50ms);
    pauses.push_back(f.clock.mono() - from);
  }
  const Nanos expected[] = {0s, 1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s};
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    CHECK(pauses[i] >= expected[i] * 8 / 10);
    CHECK(pauses[i] <= expected[i] * 12 / 10 + 50ms);
  }
  CHECK(f.state() == State::Connecting);
  CHECK(f.channel->info().reason->code == Errc::Unreachable);
  CHECK(f.channel->info().reason->text == "no answer from http://host/");
  CHECK(f.channel->info().restarts == 9);
}

TEST_CASE("pauses start again after the source was good for 5 s, not before") {
  Fixture f;
  f.outlet.is_playable = true;
  f.channel->start();
  f.workers.last().exit(Errc::Unreachable);
  f.wait(50ms);
  f.deliver(3s);
  f.workers.last().exit(Errc::Ended);
  f.wait(700ms);
  CHECK(f.workers.started.size() == 2);
  f.wait(600ms);
  REQUIRE(f.workers.started.size() == 3);
  f.deliver(6s);
  f.workers.last().exit(Errc::Ended);
  f.wait(50ms);
  CHECK(f.workers.started.size() == 4);
}

TEST_CASE("a file is played in a loop at once, a very short one with pauses") {
  struct Row {
    Nanos length;
    std::size_t most, least;
  };
  for (const auto& row : {Row{8s, 15, 13}, Row{1s, 12, 5}}) {
    Fixture f;
    f.outlet.is_playable = true;
    f.channel->start();
    const auto end = f.clock.mono() + 2min;
    while (f.clock.mono() < end) {
      const auto count = f.workers.started.size();
      f.deliver(row.length);
      f.workers.last().exit(Errc::Ended, "the file has ended");
      while (f.workers.started.size() == count) f.wait(50ms);
    }
    INFO(row.length.count());
    CHECK(f.workers.started.size() <= row.most + 1);
    CHECK(f.workers.started.size() >= row.least);
  }
}

TEST_CASE("a source that goes silent is started again after 3 s") {
  Fixture f;
  f.outlet.is_playable = true;
  f.channel->start();
  f.deliver(10s);
  f.wait(2900ms);
  CHECK(f.state() == State::Live);
  f.wait(200ms);
  CHECK(f.state() == State::Connecting);
  CHECK(f.channel->info().reason->code == Errc::Stalled);
  CHECK(f.workers.alive() == 1);
  CHECK(f.workers.started.size() == 2);
}

TEST_CASE("a source that never sends anything gets the time-out of the config and a little more") {
  Fixture f;
  f.channel->start();
  f.wait(11'900ms);
  CHECK(f.workers.started.size() == 1);
  f.wait(300ms);
  CHECK(f.workers.started.size() == 2);
}

TEST_CASE("a source that comes slower than it plays is started again") {
  Fixture f;
  f.outlet.is_playable = true;
  f.channel->start();
  f.workers.last().send(stream::Tracks{{test::aac_track()}});
  for (int i = 0; i < 400 && f.workers.alive() == 1; ++i) {
    f.workers.last().send(unit(2, i * 20ms, 20ms, true));
    f.clock.advance(40ms);
    f.channel->tick();
  }
  f.wait(50ms);
  CHECK(f.workers.started.size() == 2);
  CHECK(f.channel->info().reason->text.find("uplink") != std::string::npos);
}

TEST_CASE("a source without key frames is not waited for forever") {
  Fixture f;
  f.channel->start();
  f.workers.last().send(stream::Tracks{{test::video_track()}});
  for (int i = 0; i < 1100 && f.workers.alive() == 1; ++i) {
    f.workers.last().send(unit(1, i * 20ms, 20ms, false));
    f.clock.advance(20ms);
    f.channel->tick();
  }
  f.wait(50ms);
  CHECK(f.workers.started.size() == 2);
  CHECK(f.channel->info().reason->code == Errc::Unsupported);
}

TEST_CASE("the track set is that of the first delivery, and stays") {
  using test::aac_track;
  using test::mp3_track;
  using test::video_track;
  struct Row {
    const char* what;
    Job::Kind kind;
    std::vector<stream::Track> first, second;
    const char* shown;  // kind, or empty: the first is refused
    bool second_fine;
  };
  const Row rows[] = {
      {"auto, both",
       Job::Kind::Auto,
       {video_track(), aac_track()},
       {video_track(), aac_track()},
       "video",
       true},
      {"auto loses video", Job::Kind::Auto, {video_track(), aac_track()}, {aac_track()}, "video", false},
      {"auto loses sound", Job::Kind::Auto, {video_track(), aac_track()}, {video_track()}, "video", false},
      {"auto, sound first", Job::Kind::Auto, {aac_track()}, {video_track(), aac_track()}, "audio", true},
      {"auto, silent video", Job::Kind::Auto, {video_track()}, {video_track(), aac_track()}, "video", true},
      {"audio drops video", Job::Kind::Audio, {video_track(), aac_track()}, {aac_track()}, "audio", true},
      {"audio without sound", Job::Kind::Audio, {video_track()}, {}, "", false},
      {"video without video", Job::Kind::Video, {aac_track()}, {}, "", false},
      {"silent video", Job::Kind::Video, {video_track()}, {video_track()}, "video", true},
      {"nothing at all", Job::Kind::Auto, {}, {}, "", false},
      {"mp3 alone", Job::Kind::Auto, {mp3_track()}, {}, "", false},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    Fixture f{row.kind};
    f.outlet.is_playable = true;
    f.channel->start();
    f.workers.last().send(stream::Tracks{row.first});
    if (*row.shown == '\0') {
      CHECK(f.workers.alive() == 0);
      CHECK(f.channel->info().reason->code == Errc::Unsupported);
      CHECK(f.state() == State::Connecting);
      continue;
    }
    f.deliver(6s, row.first);
    CHECK(f.channel->info().kind == row.shown);
    CHECK(f.outlet.with_video == (f.channel->info().kind == "video"));
    CHECK(f.outlet.with_audio == f.channel->info().has_audio);
    CHECK(f.state() == State::Live);
    f.workers.last().exit(Errc::Ended);
    f.wait(50ms);
    f.workers.last().send(stream::Tracks{row.second});
    CHECK(f.workers.alive() == (row.second_fine ? 1 : 0));
    if (!row.second_fine) {
      CHECK(f.channel->info().reason->text.find("no longer") != std::string::npos);
      f.wait(2s);
      CHECK(f.workers.alive() == 1);  // and tried again
      continue;
    }
    f.deliver(2s, row.second);
    REQUIRE(f.outlet.runs.size() == 2);
    CHECK(f.outlet.runs[1].tracks.size() == f.outlet.runs[0].tracks.size());
    for (const auto& each : f.outlet.runs[1].units) CHECK((each.track == 1) <= f.outlet.with_video);
  }
}

TEST_CASE("after a stop the track set is open again") {
  Fixture f;
  f.channel->start();
  f.deliver(1s);
  CHECK(f.outlet.with_video);
  f.channel->stop();
  f.channel->start();
  f.deliver(1s, {test::aac_track()});
  CHECK(f.outlet.is_open);
  CHECK_FALSE(f.outlet.with_video);
  CHECK(f.channel->info().kind == "audio");
}

TEST_CASE("the same tracks announced again do not interrupt, others do") {
  Fixture f;
  f.channel->start();
  f.deliver(2s);
  auto tracks = std::vector{test::video_track(), test::aac_track()};
  tracks[0].bitrate_bps = 1'000'000;
  f.workers.last().send(stream::Tracks{tracks});
  f.play(1s);
  CHECK(f.outlet.runs.size() == 1);
  tracks[0].width_px = 1920;
  f.workers.last().send(stream::Tracks{tracks});
  f.play(2s);
  CHECK(f.outlet.runs.size() == 2);
}

TEST_CASE("titles and health are shown") {
  Fixture f;
  f.channel->start();
  f.deliver(1s);
  f.workers.last().send(stream::Title{"DNSOP"});
  CHECK(f.channel->info().on_air == "DNSOP");
  CHECK(f.outlet.mp3_out.title == "DNSOP");
  CHECK(f.outlet.aac_out.title == "DNSOP");
  f.workers.last().send(stream::Health{300ms, 1000, true, false});
  CHECK(f.channel->info().bytes_in == 1000);
  CHECK(f.channel->info().buffered == 300ms);
  CHECK(f.channel->info().transcoding_video);
  f.workers.last().exit(Errc::Ended);
  CHECK(f.channel->info().buffered == 0ns);
  CHECK_FALSE(f.channel->info().transcoding_video);
  f.wait(50ms);
  f.workers.last().send(stream::Health{300ms, 500, false, false});
  CHECK(f.channel->info().bytes_in == 1500);
}

TEST_CASE("a machine that cannot start workers is told so and tried again") {
  Fixture f;
  f.workers.broken = true;
  f.channel->start();
  CHECK(f.state() == State::Connecting);
  CHECK(f.channel->info().reason->code == Errc::Io);
  f.wait(3s);
  f.workers.broken = false;
  f.wait(10s);
  CHECK(f.workers.started.size() == 1);
}

TEST_CASE("a running channel can be destroyed") {
  Fixture f;
  f.channel->start();
  f.deliver(1s);
  const int changes = f.changes;
  f.channel.reset();
  CHECK(f.workers.alive() == 0);
  CHECK_FALSE(f.outlet.is_open);
  CHECK(f.changes == changes);
}

TEST_CASE("sound goes to both audio outputs") {
  Fixture f;
  f.channel->start();
  f.outlet.mp3_out.listening = 1;
  f.deliver(2s, {test::video_track(), test::aac_track(), test::mp3_track()});
  CHECK(f.workers.started.size() == 1);  // the source's own MP3 needs no encoder
  f.workers.last().send(unit(3, 2s, 26ms, true));
  CHECK(f.outlet.aac_out.units.size() > 90);
  CHECK(f.outlet.mp3_out.units.size() == 1);
  REQUIRE(f.outlet.mp3_out.begun.size() == 1);
  for (const auto& each : f.outlet.runs[0].units) CHECK(each.track != 3);
}
