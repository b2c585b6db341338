#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/channels/worker.h"
#include "hub/lib/glib/loop.h"
#include "hub/stream/job.h"
#include "hub/stream/track.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
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

/// Pulls one source with a worker of its own until @p length after its first unit, or job.timeout + 1 s
/// without one. @context thread-bound: the loop
class Probe final : Worker::Listener {
 public:
  /// @param done  called once, from the loop and never from start(); it may destroy the probe.
  Probe(lib::glib::Loop& loop, std::chrono::milliseconds length, std::function<void(ProbeReport)> done)
      : loop_{loop}, length_{length}, done_{std::move(done)} {}
  void start(WorkerFactory& workers, stream::Job job);

 private:
  void on_message(stream::Message message) override;
  void on_exit(const WorkerExit& how) override;
  [[nodiscard]] bool is_video(std::uint8_t id) const;
  void end_in(std::chrono::milliseconds delay);
  void finish();

  lib::glib::Loop& loop_;
  std::chrono::milliseconds length_;
  std::function<void(ProbeReport)> done_;
  ProbeReport report_;
  base::Nanos first_{0}, last_{0};
  std::uint64_t bytes_ = 0;
  lib::glib::SourceGuard end_;
  std::unique_ptr<Worker> worker_;  // last: it calls back
};

/// Pulls @p job's source with a worker of its own until @p length after its first unit, or job.timeout
/// without one. Blocks for at most job.timeout + @p length + 4 s: for commands, never for a thread with a
/// loop.
[[nodiscard]] ProbeReport probe_source(const std::string& worker_path, stream::Job job,
                                       std::chrono::milliseconds length);

}  // namespace hub::channels
