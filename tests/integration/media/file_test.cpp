#include "tests/integration/media/media_test.h"

using namespace hub::test;

namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

TEST_CASE("file: B-frames, both tracks, paced by the clock, ended at its end") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  const std::string name = GENERATE("a.mp4", "a.mkv", "a.ts", "a.flv");
  INFO(name);
  make_file(dir.file(name), {.seconds = 4});
  WorkerClient worker{HUB_WORKER};
  const auto begin = std::chrono::steady_clock::now();
  worker.start(relay_job("file://" + dir.file(name)));
  worker.receive_for(15s);
  INFO(worker.log());
  REQUIRE(worker.bye());
  CHECK(worker.bye()->code == hub::base::Errc::Ended);
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  CHECK(worker.seconds(Codec::H264) > 3.9);
  CHECK(worker.seconds(Codec::H264) < 4.1);
  const auto video = worker.units(Codec::H264);
  CHECK(std::any_of(video.begin(), video.end(), [](const auto& unit) { return unit.pts > unit.dts; }));
  check_sync(worker, 0.005);
  CHECK_FALSE(worker.health()->transcoding_video);
  CHECK_FALSE(worker.health()->transcoding_audio);

  // As long as the recording, and each unit no earlier than 20 ms before its time.
  CHECK(seconds(std::chrono::steady_clock::now() - begin) > 3.8);
  std::optional<double> zero;
  double early = 0;
  for (const auto& [message, at] : worker.all())
    if (const auto* unit = std::get_if<hub::stream::Unit>(&message)) {
      const double due = seconds(at - begin) - seconds(unit->dts);
      zero = zero.value_or(due);
      early = std::max(early, *zero - due);
    }
  CHECK(early < 0.02);
}

TEST_CASE("file: an offset between picture and sound is kept") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  make_file(dir.file("plain.mp4"), {.seconds = 5});
  // Sound half a second late.
  run_ffmpeg({"-nostdin", "-v", "error", "-i", dir.file("plain.mp4"), "-itsoffset", "0.3", "-i",
              dir.file("plain.mp4"), "-map", "0:v", "-map", "1:a", "-c", "copy", dir.file("late.mp4")});
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(dir.file("late.mp4")));
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 4));
  CHECK(seconds(worker.units(Codec::Aac).front().pts) > 0.25);
  check_sync(worker, 0.005, 0.3);
}

TEST_CASE("file: codecs that browsers do not have, and MP3, which is kept beside its AAC") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  struct Row {
    const char* file;
    std::vector<std::string> codecs;
    bool video, audio;  // transcoded
  };
  const Row row =
      GENERATE(Row{"a.mp4", {"-c:v", "libx264", "-c:a", "libmp3lame"}, false, true},
               Row{"a.webm", {"-c:v", "libvpx", "-b:v", "300k", "-c:a", "libvorbis"}, true, true},
               Row{"a.ts", {"-c:v", "mpeg2video", "-c:a", "ac3"}, true, true},
               Row{"b.mp4", {"-c:v", "libx264", "-pix_fmt", "yuv422p10le", "-c:a", "aac"}, true, false});
  INFO(row.file);
  const TempDir dir;
  const TestPicture picture{.seconds = 4, .real_time = false};
  auto args = input_args(picture);
  if (std::find(row.codecs.begin(), row.codecs.end(), "-pix_fmt") == row.codecs.end())
    args.insert(args.end(), {"-pix_fmt", "yuv420p"});
  args.insert(args.end(), {"-g", "25", "-ac", "2"});
  args.insert(args.end(), row.codecs.begin(), row.codecs.end());
  args.push_back(dir.file(row.file));
  run_ffmpeg(args);
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(dir.file(row.file)));
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 3.3));
  INFO(worker.log());
  REQUIRE(worker.health());
  CHECK(worker.health()->transcoding_video == row.video);
  CHECK(worker.health()->transcoding_audio == row.audio);
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker);
  CHECK(worker.track(Codec::Mp3).has_value() == (row.codecs.back() == "libmp3lame"));
}

TEST_CASE("file: what cannot be played says why") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  make_file(dir.file("whole.mp4"), {.seconds = 2});
  const std::string whole = read_text(dir.path() / "whole.mp4");
  write_text(dir.path() / "cut.mp4", whole.substr(0, whole.size() / 2));  // the index is at the end
  write_text(dir.path() / "noise.mp4", std::string(5000, '\x17'));
  write_text(dir.path() / "empty.mp4", "");
  write_text(dir.path() / "text.srt",
             "1\n00:00:00,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\nYou\n\n");
  struct Row {
    const char* file;
    hub::base::Errc code;
  };
  using hub::base::Errc;
  const auto row = GENERATE(Row{"cut.mp4", Errc::Unsupported}, Row{"noise.mp4", Errc::Unsupported},
                            Row{"empty.mp4", Errc::Unsupported}, Row{"text.srt", Errc::Unsupported},
                            Row{"none.mp4", Errc::NotFound});
  INFO(row.file);
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(dir.file(row.file)));
  worker.receive_for(10s);
  INFO(worker.log());
  REQUIRE(worker.bye());
  CHECK(worker.bye()->code == row.code);
  CHECK(worker.bye()->text.size() > 20);
  CHECK(worker.process().wait(3s) == 0);
}
