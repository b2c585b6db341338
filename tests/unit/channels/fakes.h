#pragma once
#include "hub/channels/outlet.h"
#include "hub/channels/worker.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace hub::test {

inline stream::Track track(std::uint8_t id, stream::Codec codec, std::uint32_t rate_hz = 0,
                           std::uint8_t channels = 0) {
  stream::Track out;
  out.id = id;
  out.codec = codec;
  out.rate_hz = rate_hz;
  out.channels = channels;
  return out;
}
inline stream::Track video_track() {
  return track(1, stream::Codec::H264);
}
inline stream::Track aac_track(std::uint32_t rate_hz = 48'000) {
  return track(2, stream::Codec::Aac, rate_hz, 2);
}
inline stream::Track mp3_track(std::uint32_t rate_hz = 44'100) {
  return track(3, stream::Codec::Mp3, rate_hz, 2);
}

inline stream::Unit unit(std::uint8_t track, base::Nanos dts, base::Nanos duration, bool key) {
  stream::Unit out;
  out.track = track;
  out.key = key;
  out.pts = out.dts = dts;
  out.duration = duration;
  out.payload = base::make_blob({1, 2, 3});
  return out;
}

/// Workers that do what the test says.
class FakeWorkers final : public channels::WorkerFactory {
 public:
  struct Fake {
    stream::Job job;
    channels::Worker::Listener* listener;
    bool alive = true;
    std::vector<stream::Message> received;
    void send(stream::Message message) const {
      REQUIRE(alive);
      listener->on_message(std::move(message));
    }
    void exit(base::Errc code, const std::string& text = "test",
              channels::WorkerExit::How how = channels::WorkerExit::How::Bye) const {
      REQUIRE(alive);
      listener->on_exit({how, {code, text}});
    }
  };

  base::Result<std::unique_ptr<channels::Worker>> start(const stream::Job& job,
                                                        channels::Worker::Listener& listener) override {
    if (broken) return base::Failure{base::Errc::Io, "no process left"};
    started.push_back(std::make_shared<Fake>(Fake{job, &listener, true, {}}));
    return std::unique_ptr<channels::Worker>{std::make_unique<Handle>(started.back())};
  }
  [[nodiscard]] Fake& last() {
    REQUIRE_FALSE(started.empty());
    return *started.back();
  }
  [[nodiscard]] int alive() const {
    int count = 0;
    for (const auto& fake : started) count += fake->alive ? 1 : 0;
    return count;
  }

  bool broken = false;
  std::vector<std::shared_ptr<Fake>> started;

 private:
  struct Handle final : channels::Worker {
    explicit Handle(std::shared_ptr<Fake> shared) : fake{std::move(shared)} {}
    ~Handle() override { fake->alive = false; }
    void send(const stream::Message& message) override { fake->received.push_back(message); }
    std::shared_ptr<Fake> fake;
  };
};

class FakeAudioOutlet final : public channels::AudioOutlet {
 public:
  void begin(const stream::Track& track) override { begun.push_back(track); }
  void push(const stream::Unit& unit) override { units.push_back(unit); }
  void set_title(const std::string& text) override { title = text; }
  [[nodiscard]] std::size_t listeners() const override { return listening; }
  std::vector<stream::Track> begun;
  std::vector<stream::Unit> units;
  std::string title;
  std::size_t listening = 0;
};

class FakeOutlet final : public channels::Outlet {
 public:
  void open(bool video, bool audio) override {
    REQUIRE_FALSE(is_open);
    is_open = true;
    with_video = video;
    with_audio = audio;
  }
  void begin(std::span<const stream::Track> tracks) override {
    REQUIRE(is_open);
    runs.push_back({{tracks.begin(), tracks.end()}, {}, {}, false});
  }
  void push(const stream::Unit& unit, base::Wall release) override {
    REQUIRE_FALSE(runs.empty());
    REQUIRE_FALSE(runs.back().ended);
    runs.back().units.push_back(unit);
    runs.back().releases.push_back(release);
  }
  void end() override { runs.back().ended = true; }
  [[nodiscard]] bool playable() const override { return is_playable; }
  void close() override { is_open = is_playable = false; }
  [[nodiscard]] FakeAudioOutlet& mp3() override { return mp3_out; }
  [[nodiscard]] FakeAudioOutlet& aac() override { return aac_out; }

  struct Run {
    std::vector<stream::Track> tracks;
    std::vector<stream::Unit> units;
    std::vector<base::Wall> releases;
    bool ended;
  };
  bool is_open = false, with_video = false, with_audio = false, is_playable = false;
  std::vector<Run> runs;
  FakeAudioOutlet mp3_out, aac_out;
};

}  // namespace hub::test
