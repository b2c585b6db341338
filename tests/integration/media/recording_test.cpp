#include "tests/integration/media/media_test.h"

using namespace hub::test;

namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::optional<hub::stream::Position> position_of(const WorkerClient& worker) {
  for (const auto& [message, at] : worker.all())
    if (const auto* position = std::get_if<hub::stream::Position>(&message)) return *position;
  return std::nullopt;
}

}  // namespace

TEST_CASE(
    "a recording begins in its middle: at the key frame before, tracks together, and says where it is") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  const std::string name = GENERATE("a.mp4", "a.mkv", "a.ts", "sound.mp3");
  const bool video = name != "sound.mp3";
  INFO(name);
  make_file(dir.file("whole.mp4"), {.seconds = 30, .real_time = false});
  if (video)
    run_ffmpeg({"-v", "error", "-i", dir.file("whole.mp4"), "-c", "copy", dir.file(name)});
  else
    run_ffmpeg({"-v", "error", "-i", dir.file("whole.mp4"), "-vn", "-c:a", "libmp3lame", dir.file(name)});
  WorkerClient worker{HUB_WORKER};
  auto job = relay_job(dir.file(name));
  job.start = 20'500ms;
  worker.start(job);
  const auto codecs = video ? std::vector{Codec::H264, Codec::Aac} : std::vector{Codec::Aac};
  REQUIRE(receive_seconds(worker, codecs, 3));
  INFO(worker.log());
  const auto position = position_of(worker);
  REQUIRE(position);
  // Key frames come once a second. MPEG-TS and MP3 have no index: where they land is told by the position.
  CHECK(seconds(position->media) > (video ? 17.9 : 19.0));
  CHECK(seconds(position->media) < 21.0);
  CHECK(std::abs(seconds(position->length) - 30) < 0.5);
  // What comes has the second of the recording that the position says: a flash begins each second.
  if (!video) return;
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker, 0.005);
  const auto flashes = flash_times(*worker.track(Codec::H264), worker.units(Codec::H264));
  REQUIRE(flashes.size() >= 2);
  const double at = seconds(position->media) + flashes.front();
  // The file's own start offset (TS begins at 1.4 s) is not part of the position.
  INFO("position " << seconds(position->media) << ", flash at " << at);
  CHECK(std::abs(at - std::round(at)) < (name == "a.ts" ? 0.5 : 0.05));
}

TEST_CASE("a recording that is asked for beyond its end, and one from its start") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  make_file(dir.file("a.mp4"), {.seconds = 5, .real_time = false});
  WorkerClient beyond{HUB_WORKER};
  auto job = relay_job(dir.file("a.mp4"));
  job.start = 60s;
  beyond.start(job);
  beyond.receive_for(10s);
  REQUIRE(beyond.bye());
  CHECK(beyond.bye()->code == hub::base::Errc::Ended);
  WorkerClient whole{HUB_WORKER};
  whole.start(relay_job(dir.file("a.mp4")));
  REQUIRE(receive_seconds(whole, {Codec::H264}, 1));
  REQUIRE(position_of(whole));
  CHECK(seconds(position_of(whole)->media) < 0.05);
}

TEST_CASE("a slate: words on a still picture and silence, in the profile that is asked for") {
  const auto [video, rate, channels] =
      GENERATE(table<bool, int, int>({{true, 48'000, 2}, {true, 44'100, 1}, {false, 44'100, 2}}));
  WorkerClient worker{HUB_WORKER};
  const auto begin = std::chrono::steady_clock::now();
  worker.start(relay_job("slate:?size=854x480&rate=" + std::to_string(rate) + "&channels=" +
                             std::to_string(channels) + "&text=Pause%2C%20discussion%0ABreak%20%3Cb%3E%26",
                         video ? Job::Kind::Auto : Job::Kind::Audio));
  const auto codecs = video ? std::vector{Codec::H264, Codec::Aac} : std::vector{Codec::Aac};
  REQUIRE(receive_seconds(worker, codecs, 0.2));
  WARN("a slate is there after " << seconds(std::chrono::steady_clock::now() - begin) << " s");
  REQUIRE(receive_seconds(worker, codecs, 3));
  INFO(worker.log());
  const auto audio = worker.track(Codec::Aac);
  REQUIRE(audio);
  CHECK(audio->rate_hz == static_cast<std::uint32_t>(rate));
  CHECK(audio->channels == channels);
  CHECK(worker.track(Codec::H264).has_value() == video);
  CHECK(beep_times(*audio, worker.units(Codec::Aac)).empty());
  if (!video) return;
  CHECK(worker.track(Codec::H264)->width_px == 854);
  check_units(worker, Codec::H264);
  std::size_t bytes = 0;
  for (const auto& unit : worker.units(Codec::H264)) bytes += unit.payload->size();
  CHECK(static_cast<double>(bytes) * 8 / worker.seconds(Codec::H264) < 150'000);  // bit/s
}
