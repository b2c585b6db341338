#include "hub/channels/probe.h"

#include "tests/support/catch.h"
#include "tests/support/descriptors.h"

using namespace hub;
using namespace std::chrono_literals;
using channels::probe_source;

namespace {
stream::Job job(const std::string& mode) {
  stream::Job out;
  out.uri = "fake:" + mode;
  out.timeout = 1s;
  return out;
}
}  // namespace

TEST_CASE("a probe says what a source brings") {
  const auto report = probe_source(HUB_FAKE_WORKER, job("steady"), 1500ms);
  CHECK_FALSE(report.failure);
  CHECK(report.tracks.size() == 2);
  CHECK(report.key_frame);
  CHECK(report.units > 50);
  CHECK(report.media_bps > 100'000);
  CHECK(report.media_bps < 170'000);
  CHECK(test::count_children() == 0);
  CHECK(probe_source(HUB_FAKE_WORKER, job("mp3"), 100ms).title == "On air");
}

TEST_CASE("a probe says why a source cannot be relayed") {
  struct Row {
    const char* mode;
    base::Errc code;
  };
  for (const auto& row : {Row{"refused", base::Errc::Refused}, Row{"mute", base::Errc::Stalled},
                          Row{"crash:100", base::Errc::Internal}, Row{"garbage:100", base::Errc::Internal}}) {
    INFO(row.mode);
    const auto report = probe_source(HUB_FAKE_WORKER, job(row.mode), 1s);
    REQUIRE(report.failure);
    CHECK(report.failure->code == row.code);
    CHECK(report.failure->text.find("secret") == std::string::npos);
  }
  CHECK_FALSE(probe_source(HUB_FAKE_WORKER, job("ends:200"), 1s).failure);
  CHECK(probe_source("/nonexistent", job("steady"), 1s).failure->code == base::Errc::Io);
  CHECK(test::count_children() == 0);
}
