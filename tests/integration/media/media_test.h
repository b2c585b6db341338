#pragma once
#include "tests/support/av_sync.h"
#include "tests/support/catch.h"
#include "tests/support/peers.h"
#include "tests/support/worker_client.h"

#include <algorithm>
#include <cmath>

/// What the tests of the worker share. HUB_WORKER is the program's path.
namespace hub::test {

using stream::Codec;
using stream::Job;
using namespace std::chrono_literals;

inline Job relay_job(std::string uri, Job::Kind kind = Job::Kind::Auto) {
  Job job;
  job.channel = "test";
  job.uri = std::move(uri);
  job.kind = kind;
  job.timeout = 5s;
  return job;
}

/// Receives until there are @p seconds of each of @p codecs.
inline bool receive_seconds(WorkerClient& worker, std::vector<Codec> codecs, double seconds,
                            std::chrono::milliseconds limit = 20s) {
  return worker.receive_until(limit, [&] {
    return std::all_of(codecs.begin(), codecs.end(),
                       [&](Codec codec) { return worker.seconds(codec) >= seconds; });
  });
}

/// What holds for the units of every source: begins with a key frame near 0, times grow, durations add up.
inline void check_units(const WorkerClient& worker, Codec codec) {
  const auto units = worker.units(codec);
  INFO(worker.log());
  REQUIRE(units.size() > 2);
  CHECK(units.front().key);
  CHECK(units.front().pts >= base::Nanos{0});
  for (std::size_t i = 1; i < units.size(); ++i) {
    INFO("unit " << i);
    REQUIRE(units[i].dts == units[i - 1].dts + units[i - 1].duration);
    REQUIRE(units[i].pts >= units[i].dts);
    REQUIRE(units[i].duration > base::Nanos{0});
  }
}

/// Every flash has its beep at @p delay_s (20 ms is what the kit promises).
inline void check_sync(const WorkerClient& worker, double tolerance_s = 0.02, double delay_s = 0) {
  const auto video = worker.track(Codec::H264);
  const auto audio = worker.track(Codec::Aac);
  REQUIRE(video);
  REQUIRE(audio);
  const auto flashes = flash_times(*video, worker.units(Codec::H264));
  const auto beeps = beep_times(*audio, worker.units(Codec::Aac));
  const auto delays = beep_delays(flashes, beeps);
  INFO("flashes " << Catch::StringMaker<std::vector<double>>::convert(flashes));
  INFO("beeps " << Catch::StringMaker<std::vector<double>>::convert(beeps));
  REQUIRE(delays.size() >= 2);
  for (const double delay : delays) {
    INFO("beep after flash by " << delay);
    CHECK(std::fabs(delay - delay_s) <= tolerance_s);
  }
}

}  // namespace hub::test
