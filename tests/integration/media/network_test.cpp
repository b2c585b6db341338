#include "tests/integration/media/media_test.h"

using namespace hub::test;
using hub::base::Errc;

TEST_CASE("HLS: live, both tracks in step, paced") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx with RTMP or ffmpeg is not installed");
  const Nginx nginx;
  const auto publisher = publish_hls(nginx);
  // An address that says what it is, and one that does not.
  write_text(nginx.root() / "stream", "");
  const std::string path = GENERATE("/live.m3u8", "/list.m3u");
  write_text(nginx.root() / "list.m3u", "#EXTM3U\n#EXTINF:-1,Room\nlive.m3u8\n");
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(nginx.http_url(path)));
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 6));
  INFO(worker.log());
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker);
  REQUIRE(worker.health());
  CHECK(worker.health()->bytes_in > 10'000);
}

TEST_CASE("RTMP: both tracks in step; a publisher that leaves ends it") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx with RTMP or ffmpeg is not installed");
  const Nginx nginx;
  const auto publisher = publish({}, "flv", nginx.rtmp_url("room"));
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(nginx.rtmp_url("room")));
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 4));
  INFO(worker.log());
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker);
  publisher->stop();
  worker.receive_for(12s);
  REQUIRE(worker.bye());
  INFO(worker.bye()->text);
  CHECK((worker.bye()->code == Errc::Ended || worker.bye()->code == Errc::Stalled));
}

TEST_CASE("Icecast through an .m3u: AAC, the MP3 as it came, titles") {
  if (!Icecast::available() || !Nginx::available() || !has_program("ffmpeg"))
    HUB_SKIP("icecast2, nginx or ffmpeg is not installed");
  const Icecast icecast;
  const Nginx nginx;
  const TestPicture sound{.video = false};
  auto args = input_args(sound);
  args.insert(args.end(), {"-c:a", "libmp3lame", "-b:a", "64k", "-ar", "44100", "-ac", "2", "-content_type",
                           "audio/mpeg", "-f", "mp3", icecast.publish_url("/room1.mp3")});
  const auto publisher = start_ffmpeg(args);
  REQUIRE(wait_until(10s, [&] { return icecast.has_source("/room1.mp3"); }));
  icecast.set_title("/room1.mp3", "DNSOP \xC3\xA0 Bamako");
  write_text(nginx.root() / "room1.m3u", icecast.url("/room1.mp3") + "\r\n");
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(nginx.http_url("/room1.m3u")));
  REQUIRE(receive_seconds(worker, {Codec::Aac, Codec::Mp3}, 5));
  INFO(worker.log());
  check_units(worker, Codec::Aac);
  check_units(worker, Codec::Mp3);
  CHECK(worker.track(Codec::Mp3)->rate_hz == 44'100);
  CHECK_FALSE(worker.track(Codec::H264));
  CHECK(worker.health()->transcoding_audio);
  CHECK_FALSE(worker.health()->transcoding_video);
  const auto& frame = *worker.units(Codec::Mp3).front().payload;
  CHECK(frame[0] == 0xFF);
  CHECK((frame[1] & 0xE0U) == 0xE0U);
  icecast.set_title("/room1.mp3", "QUIC");
  CHECK(worker.receive_until(15s,
                             [&] { return !worker.titles().empty() && worker.titles().back() == "QUIC"; }));
  CHECK(worker.titles().front() == "DNSOP \xC3\xA0 Bamako");
  publisher->stop();
  worker.receive_for(12s);
  REQUIRE(worker.bye());
  CHECK(worker.bye()->code == Errc::Ended);
}
