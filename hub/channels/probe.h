#pragma once
#include "hub/base/error.h"
#include "hub/stream/job.h"
#include "hub/stream/track.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hub::channels {

/// What a source gave in a few seconds.
struct ProbeReport {
  std::vector<stream::Track> tracks;     ///< empty: it announced nothing
  std::uint64_t units = 0;               ///< of all tracks
  bool key_frame = false;                ///< video can start
  std::uint32_t media_bps = 0;           ///< of what came, over the media time that came; 0 if under 1 s
  std::string title;                     ///< what is on air, if the source says
  std::optional<base::Failure> failure;  ///< why it cannot be relayed, if so; URIs redacted
};

/// Pulls @p job's source with a worker of its own until @p length after its first unit, or job.timeout
/// without one. Blocks for at most job.timeout + @p length + 4 s: for commands, never for a thread with a
/// loop.
[[nodiscard]] ProbeReport probe_source(const std::string& worker_path, stream::Job job,
                                       std::chrono::milliseconds length);

}  // namespace hub::channels
