#include "hub/stream/job.h"

#include <fmt/format.h>

namespace hub::stream {
namespace {

constexpr const char* word(Job::Task task) {
  return task == Job::Task::Relay ? "relay" : "encode_mp3";
}
constexpr const char* word(Job::Kind kind) {
  switch (kind) {
    case Job::Kind::Auto:
      return "auto";
    case Job::Kind::Video:
      return "video";
    case Job::Kind::Audio:
      return "audio";
  }
  return "auto";
}

/// The integer at @p key if it lies in [low, high].
std::optional<std::uint32_t> number_in(const base::Json& json, const char* key, std::uint32_t low,
                                       std::uint32_t high) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto value = found->get<std::uint64_t>();
  if (value < low || value > high) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

base::Failure bad(const char* key) {
  return {base::Errc::Invalid, fmt::format("job: bad or missing '{}'", key)};
}

}  // namespace

base::Json to_json(const Job& job) {
  return {{"task", word(job.task)},
          {"channel", job.channel},
          {"uri", job.uri},
          {"kind", word(job.kind)},
          {"buffer_ms", static_cast<std::uint32_t>(job.buffer.count())},
          {"timeout_ms", static_cast<std::uint32_t>(job.timeout.count())},
          {"start_ms", static_cast<std::uint32_t>(job.start.count())},
          {"mp3_rate_hz", job.mp3_rate_hz},
          {"mp3_channels", job.mp3_channels},
          {"mp3_kbps", job.mp3_kbps}};
}

base::Result<Job> job_from(const base::Json& json) {
  Job job;
  const auto task = base::string_at(json, "task");
  if (task == "encode_mp3")
    job.task = Job::Task::EncodeMp3;
  else if (task != "relay")
    return bad("task");
  job.channel = base::string_at(json, "channel").value_or("");
  job.uri = base::string_at(json, "uri").value_or("");
  if (job.task == Job::Task::Relay && job.uri.empty()) return bad("uri");
  const auto kind = base::string_at(json, "kind");
  if (kind == "video")
    job.kind = Job::Kind::Video;
  else if (kind == "audio")
    job.kind = Job::Kind::Audio;
  else if (kind != "auto")
    return bad("kind");
  const auto buffer = number_in(json, "buffer_ms", 0, 60'000);
  if (!buffer) return bad("buffer_ms");
  const auto timeout = number_in(json, "timeout_ms", 500, 600'000);
  if (!timeout) return bad("timeout_ms");
  const auto start = number_in(json, "start_ms", 0, 1'000'000'000);  // 11 days
  if (!start) return bad("start_ms");
  const auto rate = number_in(json, "mp3_rate_hz", 8'000, 48'000);
  if (!rate) return bad("mp3_rate_hz");
  const auto channels = number_in(json, "mp3_channels", 1, 2);
  if (!channels) return bad("mp3_channels");
  const auto kbps = number_in(json, "mp3_kbps", 8, 320);
  if (!kbps) return bad("mp3_kbps");
  job.buffer = std::chrono::milliseconds{*buffer};
  job.timeout = std::chrono::milliseconds{*timeout};
  job.start = std::chrono::milliseconds{*start};
  job.mp3_rate_hz = *rate;
  job.mp3_channels = static_cast<std::uint8_t>(*channels);
  job.mp3_kbps = *kbps;
  return job;
}

}  // namespace hub::stream
