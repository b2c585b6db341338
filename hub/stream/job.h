#pragma once
#include "hub/base/error.h"
#include "hub/base/json.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace hub::stream {

/// What the hub asks of one worker process: the content of the Start message.
struct Job {
  enum class Task {
    Relay,     ///< pull `uri`; send Tracks, Units, Title, Health, and a Bye at the end
    EncodeMp3  ///< the hub sends Tracks (one AAC track) and its Units; the worker answers with MP3 Tracks and
               ///< Units
  };
  enum class Kind { Auto, Video, Audio };  ///< tracks wanted: Audio never sends video

  Task task = Task::Relay;
  std::string channel;  ///< for log lines
  std::string uri;      ///< Relay only
  Kind kind = Kind::Auto;
  std::chrono::milliseconds buffer{200};  ///< jitter buffer for live sources that have none of their own
  /// Relay: when nothing has come for this long, Bye{Stalled} (or Unreachable before the first byte).
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds start{0};  ///< Relay of a recording: where in it to begin
  std::uint32_t mp3_rate_hz = 44'100;  ///< EncodeMp3
  std::uint8_t mp3_channels = 2;
  std::uint32_t mp3_kbps = 96;
};

[[nodiscard]] base::Json to_json(const Job& job);
/// Untrusted only in form: the hub wrote it. Errc::Invalid names the key.
[[nodiscard]] base::Result<Job> job_from(const base::Json& json);

}  // namespace hub::stream
