#include "hub/channels/mp3_feed.h"

#include "tests/unit/channels/fakes.h"

using namespace hub;
using namespace std::chrono_literals;
using channels::Mp3Feed;
using test::unit;

namespace {

struct Fixture {
  base::ManualClock clock;
  test::FakeWorkers workers;
  test::FakeAudioOutlet out;
  Mp3Feed feed{"room-1", 96, clock, workers, out, 1};

  void wait(base::Nanos length) {
    for (base::Nanos t{0}; t < length; t += 100ms) {
      clock.advance(100ms);
      feed.tick();
    }
  }
};

const auto kAac = test::aac_track();
const auto kMp3 = test::mp3_track(44'100);

}  // namespace

TEST_CASE("an encoder runs only while somebody listens, and 10 s longer") {
  Fixture f;
  f.feed.begin(&kAac, nullptr);
  f.wait(1s);
  f.feed.push_aac(unit(2, 0s, 21ms, true));
  CHECK(f.workers.started.empty());
  f.out.listening = 1;
  f.wait(100ms);
  REQUIRE(f.workers.started.size() == 1);
  const auto& job = f.workers.last().job;
  CHECK(job.task == stream::Job::Task::EncodeMp3);
  CHECK(job.mp3_rate_hz == 48'000);
  CHECK(job.mp3_channels == 2);
  CHECK(job.mp3_kbps == 96);
  f.feed.push_aac(unit(2, 21ms, 21ms, true));
  REQUIRE(f.workers.last().received.size() == 3);
  CHECK(std::holds_alternative<stream::Tracks>(f.workers.last().received[0]));
  CHECK(std::get<stream::Unit>(f.workers.last().received[1]).pts == 0s);  // from before it was started
  CHECK(std::get<stream::Unit>(f.workers.last().received[2]).pts == 21ms);
  f.workers.last().send(stream::Tracks{{test::mp3_track(48'000)}});
  f.workers.last().send(unit(3, 21ms, 24ms, true));
  CHECK(f.out.begun.size() == 1);
  CHECK(f.out.units.size() == 1);

  f.out.listening = 0;
  f.wait(9800ms);
  CHECK(f.feed.encoding());
  f.wait(400ms);
  CHECK_FALSE(f.feed.encoding());
  CHECK(f.workers.alive() == 0);
}

TEST_CASE("an encoder begins with the last 3 s, and with nothing of another sound") {
  Fixture f;
  f.feed.begin(&kAac, nullptr);
  for (int i = 0; i < 100; ++i) f.feed.push_aac(unit(2, i * 100ms, 100ms, true));
  f.out.listening = 1;
  f.wait(100ms);
  const auto& received = f.workers.last().received;
  REQUIRE(received.size() == 32);
  CHECK(std::get<stream::Unit>(received[1]).pts == 6900ms);
  CHECK(std::get<stream::Unit>(received.back()).pts == 9900ms);

  auto other = kAac;
  other.rate_hz = 44'100;
  f.feed.begin(&other, nullptr);
  f.wait(100ms);
  CHECK(f.workers.last().received.size() == 1);
}

TEST_CASE("an encoder stays over a splice with the same sound, and is replaced for another") {
  Fixture f;
  f.out.listening = 1;
  f.feed.begin(&kAac, nullptr);
  f.wait(100ms);
  f.feed.begin(&kAac, nullptr);
  f.wait(1s);
  CHECK(f.workers.started.size() == 1);
  const auto other = test::aac_track(44'100);
  f.feed.begin(&other, nullptr);
  f.wait(100ms);
  REQUIRE(f.workers.started.size() == 2);
  CHECK(f.workers.alive() == 1);
  CHECK(f.workers.last().job.mp3_rate_hz == 48'000);  // the listeners' profile stays
}

TEST_CASE("the source's MP3 is passed while it has the profile, encoded otherwise") {
  Fixture f;
  f.out.listening = 1;
  f.feed.begin(&kAac, &kMp3);
  f.wait(1s);
  f.feed.push_mp3(unit(3, 0s, 26ms, true));
  CHECK(f.workers.started.empty());
  CHECK(f.out.units.size() == 1);
  CHECK(f.out.begun.size() == 1);

  const auto other = test::mp3_track(32'000);
  f.feed.begin(&kAac, &other);
  f.feed.push_mp3(unit(3, 0s, 26ms, true));
  CHECK(f.out.units.size() == 1);
  f.wait(100ms);
  REQUIRE(f.workers.started.size() == 1);
  CHECK(f.workers.last().job.mp3_rate_hz == 44'100);

  f.feed.begin(&kAac, &kMp3);
  CHECK(f.workers.alive() == 0);
  f.feed.push_mp3(unit(3, 0s, 26ms, true));
  CHECK(f.out.units.size() == 2);
}

TEST_CASE("what an encoder sends in another profile is not passed on") {
  Fixture f;
  f.out.listening = 1;
  f.feed.begin(&kAac, nullptr);
  f.wait(100ms);
  f.workers.last().send(unit(3, 0s, 24ms, true));
  f.workers.last().send(stream::Tracks{{test::mp3_track(32'000)}});
  f.workers.last().send(unit(3, 0s, 24ms, true));
  CHECK(f.out.begun.empty());
  CHECK(f.out.units.empty());
}

TEST_CASE("an encoder that dies comes back, with pauses") {
  Fixture f;
  f.out.listening = 1;
  f.feed.begin(&kAac, nullptr);
  f.wait(20s);
  for (int i = 0; i < 600; ++i) {
    if (f.feed.encoding()) f.workers.last().exit(base::Errc::Internal);
    f.wait(100ms);
  }
  CHECK(f.workers.started.size() >= 4);
  CHECK(f.workers.started.size() <= 10);
}

TEST_CASE("rates that MP3 does not have, and more than two channels, are mapped") {
  struct Row {
    std::uint32_t rate_hz;
    std::uint8_t channels;
    std::uint32_t mp3_rate_hz;
    std::uint8_t mp3_channels;
  };
  for (const auto& row : {Row{96'000, 6, 44'100, 2}, Row{22'050, 1, 22'050, 1}, Row{8'000, 1, 44'100, 1},
                          Row{0, 0, 44'100, 2}}) {
    Fixture f;
    f.out.listening = 1;
    const auto aac = test::track(2, stream::Codec::Aac, row.rate_hz, row.channels);
    f.feed.begin(&aac, nullptr);
    f.wait(100ms);
    CHECK(f.workers.last().job.mp3_rate_hz == row.mp3_rate_hz);
    CHECK(f.workers.last().job.mp3_channels == row.mp3_channels);
  }
}

TEST_CASE("a source without sound, or a stopped channel, needs no encoder") {
  Fixture f;
  f.out.listening = 1;
  f.feed.begin(nullptr, nullptr);
  f.wait(1s);
  CHECK(f.workers.started.empty());
  f.feed.begin(&kAac, nullptr);
  f.wait(100ms);
  CHECK(f.feed.encoding());
  f.feed.stop();
  f.wait(1s);
  CHECK_FALSE(f.feed.encoding());
  CHECK(f.workers.started.size() == 1);
}
