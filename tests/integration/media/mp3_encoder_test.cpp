#include "tests/integration/media/media_test.h"

#include <cstring>

using namespace hub::test;

namespace {

/// AAC units of the demo source, at its own speed.
struct Aac {
  hub::stream::Track track;
  std::vector<hub::stream::Unit> units;
};

Aac record(const std::string& file) {
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(file));
  if (!receive_seconds(worker, {Codec::Aac}, 2)) throw std::runtime_error{"no AAC: " + worker.log()};
  return {*worker.track(Codec::Aac), worker.units(Codec::Aac)};
}

double rms(const std::vector<hub::stream::Unit>& units) {
  const TempDir dir;
  std::string bytes;
  for (const auto& unit : units) bytes.append(unit.payload->begin(), unit.payload->end());
  write_text(dir.path() / "a.mp3", bytes);
  run_ffmpeg(
      {"-nostdin", "-v", "error", "-y", "-i", dir.file("a.mp3"), "-ac", "1", "-f", "f32le", dir.file("raw")});
  const std::string raw = read_text(dir.path() / "raw");
  std::vector<float> samples(raw.size() / sizeof(float));
  std::memcpy(samples.data(), raw.data(), samples.size() * sizeof(float));
  double sum = 0;
  for (const float sample : samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

}  // namespace

TEST_CASE("AAC becomes MP3 of one profile, contiguous, through a change of the AAC") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  run_ffmpeg({"-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=440:r=44100:d=4", "-c:a", "aac", "-ac",
              "1", dir.file("mono.m4a")});
  run_ffmpeg({"-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=440:r=48000:d=4", "-c:a", "aac", "-ac",
              "2", dir.file("stereo.m4a")});
  const Aac first = record(dir.file("mono.m4a"));
  const Aac second = record(dir.file("stereo.m4a"));
  REQUIRE(first.track.config != second.track.config);

  WorkerClient encoder{HUB_WORKER};
  Job job;
  job.task = Job::Task::EncodeMp3;
  job.mp3_rate_hz = 44'100;
  job.mp3_channels = 2;
  job.mp3_kbps = 96;
  encoder.start(job);
  hub::base::Nanos end{0};
  for (const auto* part : {&first, &second}) {
    encoder.send(hub::stream::Tracks{{part->track}});
    const auto begin = end;
    for (auto unit : part->units) {
      unit.pts += begin;
      unit.dts += begin;
      end = unit.pts + unit.duration;
      encoder.send(unit);
    }
    INFO(encoder.log());
    // Low delay: all but a quarter of a second comes back at once.
    REQUIRE(encoder.receive_until(
        5s, [&] { return encoder.seconds(Codec::Mp3) > std::chrono::duration<double>(end).count() - 0.25; }));
  }
  REQUIRE(encoder.tracks().size() == 1);
  const auto track = *encoder.track(Codec::Mp3);
  CHECK(track.rate_hz == 44'100);
  CHECK(track.channels == 2);
  const auto units = encoder.units(Codec::Mp3);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto& payload = *units[i].payload;
    REQUIRE((payload[0] == 0xFF && (payload[1] & 0xE0U) == 0xE0U));
    CHECK((payload[2] & 0x0CU) == 0);  // 44.1 kHz in each frame
    if (i > 0) REQUIRE(units[i].pts == units[i - 1].pts + units[i - 1].duration);
  }
  CHECK(rms(units) > 0.05);
}
