#include "tests/integration/media/media_test.h"

using namespace hub::test;

TEST_CASE("demo: picture and sound, flash and beep together to 5 ms") {
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job("demo:"));
  INFO(worker.log());
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 4.2));
  REQUIRE(worker.tracks().size() == 1);
  CHECK(worker.tracks()[0].tracks.size() == 2);
  CHECK(worker.track(Codec::H264)->width_px == 640);
  CHECK(worker.track(Codec::Aac)->rate_hz == 48'000);
  CHECK(std::holds_alternative<hub::stream::Tracks>(worker.all().front().message));
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker, 0.005);
}

TEST_CASE("demo: sound alone, picture alone, and a channel that wants no picture") {
  struct Row {
    const char* uri;
    Job::Kind kind;
    bool video, audio;
  };
  const auto row = GENERATE(Row{"demo:?video=0", Job::Kind::Auto, false, true},
                            Row{"demo:?audio=0", Job::Kind::Auto, true, false},
                            Row{"demo:", Job::Kind::Audio, false, true});
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(row.uri, row.kind));
  REQUIRE(receive_seconds(worker, {row.video ? Codec::H264 : Codec::Aac}, 1));
  CHECK(worker.track(Codec::H264).has_value() == row.video);
  CHECK(worker.track(Codec::Aac).has_value() == row.audio);
}

TEST_CASE("demo: what browsers cannot play is transcoded, in step") {
  const auto* const uri = GENERATE("demo:?codec=vp8&audio_codec=opus&size=320x180",
                                   "demo:?codec=hevc&audio_codec=mp3&size=320x180");
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job(uri));
  INFO(worker.log());
  REQUIRE(receive_seconds(worker, {Codec::H264, Codec::Aac}, 4.2));
  REQUIRE(worker.health());
  CHECK(worker.health()->transcoding_video);
  CHECK(worker.health()->transcoding_audio);
  check_units(worker, Codec::H264);
  check_units(worker, Codec::Aac);
  check_sync(worker);
}

TEST_CASE("the worker ends with the hub, and ends itself after Bye") {
  WorkerClient worker{HUB_WORKER};
  worker.start(relay_job("demo:"));
  REQUIRE(receive_seconds(worker, {Codec::H264}, 0.5));
  worker.hang_up();
  CHECK(worker.process().wait(2s) == 0);

  WorkerClient wrong{HUB_WORKER};
  wrong.start(relay_job("demo:?video=0&audio=0"));
  wrong.receive_for(5s);
  REQUIRE(wrong.bye());
  CHECK(wrong.bye()->code == hub::base::Errc::Invalid);
  CHECK(wrong.process().wait(3s) == 0);
}
