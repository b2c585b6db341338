#include "tests/integration/media/media_test.h"
#include "tests/support/rtsp_peer.h"

using namespace hub::test;
using hub::base::Errc;

namespace {

void check_source(WorkerClient& worker, double tolerance_s = 0.02, double delay_s = 0) {
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 4));
  INFO(worker.log());
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker, tolerance_s, delay_s);
  CHECK_FALSE(worker.health()->transcoding_video);
}

std::unique_ptr<Process> publish_ts(const std::string& url) {
  const TestPicture picture{};
  auto args = input_args(picture);
  const auto codecs = h264_aac_args(picture);
  args.insert(args.end(), codecs.begin(), codecs.end());
  args.insert(args.end(), {"-f", url.starts_with("rtp:") ? "rtp_mpegts" : "mpegts", url});
  return start_ffmpeg(args);
}

}  // namespace

TEST_CASE("RTSP: both tracks in step, decoding times made for B-frames") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const RtspPeer peer{TestPicture{}};
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(peer.url()));
  check_source(worker);
}

TEST_CASE("SRT: both tracks in step; the caller that leaves ends it") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const int port = free_port();
  const auto publisher = publish_ts("srt://127.0.0.1:" + std::to_string(port) + "?mode=listener");
  // A listener of SRT cannot be seen from outside: the worker is started until it is let in.
  std::optional<WorkerClient> worker;
  REQUIRE(wait_until(15s, [&] {
    worker.emplace(HUB_WORKER);
    worker->start(relay_job("srt://127.0.0.1:" + std::to_string(port)));
    return receive_seconds(*worker, {Codec::H264}, 0.1, 6s);
  }));
  check_source(*worker);
  publisher->stop();
  worker->receive_for(12s);
  REQUIRE(worker->bye());
  INFO(worker->bye()->text);
  CHECK((worker->bye()->code == Errc::Ended || worker->bye()->code == Errc::Stalled ||
         worker->bye()->code == Errc::Io));
}

TEST_CASE("UDP and RTP: MPEG-TS, joined in the middle") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const std::string scheme = GENERATE("udp", "rtp");
  INFO(scheme);
  const int port = free_port();
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(scheme + "://@127.0.0.1:" + std::to_string(port)));
  const auto publisher = publish_ts(scheme + "://127.0.0.1:" + std::to_string(port) + "?pkt_size=1316");
  check_source(worker);
  publisher->stop();
  worker.receive_for(8s);
  REQUIRE(worker.bye());
  CHECK(worker.bye()->code == Errc::Stalled);
}

TEST_CASE("HTTP progressive: recordings of several containers") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx with RTMP or ffmpeg is not installed");
  const Nginx nginx;
  const std::string name = GENERATE("a.mp4", "faststart.mp4", "a.mkv", "a.ts");
  INFO(name);
  const std::string file = (nginx.root() / name).string();
  make_file(file, {.seconds = 5});
  if (name == "faststart.mp4") {
    run_ffmpeg({"-nostdin", "-v", "error", "-y", "-i", file, "-c", "copy", "-movflags", "+faststart",
                (nginx.root() / "f.mp4").string()});
    std::filesystem::rename(nginx.root() / "f.mp4", file);
  }
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(nginx.http_url("/" + name)));
  check_source(worker);
  worker.receive_for(5s);
  REQUIRE(worker.bye());
  CHECK(worker.bye()->code == Errc::Ended);
  CHECK(worker.health()->bytes_in > 15'000);
}

TEST_CASE("HTTP progressive: sound alone") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx with RTMP or ffmpeg is not installed");
  const Nginx nginx;
  const std::string name = GENERATE("a.mp3", "a.ogg", "a.opus", "a.m4a", "a.aac", "a.flac", "a.wav");
  INFO(name);
  run_ffmpeg({"-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=1000:r=48000:d=4", "-ac", "2",
              (nginx.root() / name).string()});
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(nginx.http_url("/" + name)));
  REQUIRE(receive_seconds(worker, {Codec::Aac}, 2));
  check_units(worker, Codec::Aac);
  CHECK(worker.track(Codec::Mp3).has_value() == (name == "a.mp3"));
  CHECK_FALSE(worker.track(Codec::H264));
}
