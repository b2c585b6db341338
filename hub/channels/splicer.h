#pragma once
#include "hub/base/clock.h"
#include "hub/stream/track.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace hub::channels {

/// Maps the units of one worker after another onto the one timeline of a channel.
///
/// A *run* is a stretch of units that play without interruption. Channel time starts near 0 with the first
/// run and goes on in real time: a later run starts where the time that has passed says, never before the end
/// of the one before. Within a run both tracks have the same offset, so that audio and video stay together.
///
/// ```
///  Off ──begin()──► Aligning ──key frame with audio beside it──► Running ──end()──► Off
///                      ▲                                          │  │
///                      └── a time stamp jumps by over 1 s ◄───────┘  └─► drift over 100 ms: a new run at the
///                                                                        next key frame, nothing is dropped
/// ```
/// Start: everything before the first key frame is dropped, and so is audio that starts before it. A key
/// frame without audio beside it waits for one that has, at most 3 s.
/// End: a unit is passed on only when everything that is presented before it has come and audio covers it, so
/// that at every moment what was passed on has no missing frame and both tracks end within one audio frame of
/// each other. This delays video by its reordering (nothing without B-frames) and by one audio frame; a track
/// that lags by more than 500 ms is not waited for.
/// Release: the time at which a unit is paced out, smoothed: that of the run's first unit plus the
/// presentation time since. Units that come over 100 ms later than that, or over 500 ms earlier, for 2 s
/// start a new run.
/// @context thread-bound: relay
class Splicer {
 public:
  class Output {
   public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    virtual ~Output() = default;
    virtual void on_run(std::span<const stream::Track> tracks) = 0;
    /// @param unit  in channel time. @param release  when it was paced out, smoothed.
    virtual void on_unit(const stream::Unit& unit, base::Mono release) = 0;
    virtual void on_run_end() = 0;
  };

  explicit Splicer(Output& output) : output_{output} {}

  /// Units of these tracks follow; ends a run that is still open.
  /// @param tracks  at most one video and one audio track, at least one of them.
  void begin(std::vector<stream::Track> tracks);
  /// One unit in the worker's time; units of other tracks are dropped.
  void push(stream::Unit unit, base::Mono now);
  /// Gives up waiting for what is overdue; to be called every 100 ms or so.
  void tick(base::Mono now);
  /// The worker is gone: what was held back is dropped, as it cannot be shown without a hole.
  void end();

  /// Channel time minus worker time of the current run; nothing between runs.
  [[nodiscard]] std::optional<base::Nanos> offset() const;
  [[nodiscard]] std::uint64_t dropped_units() const { return dropped_; }

 private:
  enum class State { Off, Aligning, Running };
  struct Held {
    stream::Unit unit;
    base::Mono arrival;
    [[nodiscard]] base::Nanos end() const { return unit.pts + unit.duration; }
  };
  struct Lane {
    std::optional<std::uint8_t> track;  // nothing: this source has no such track
    std::deque<Held> held;
    std::optional<base::Nanos> last_dts;
    base::Nanos next_dts{0};
    base::Nanos arrived_end{0};  // presentation end of what has come
  };

  [[nodiscard]] Lane& leading() { return video_.track ? video_ : audio_; }
  bool accept(Lane& lane, const stream::Unit& unit);
  void hold_while_aligning(Lane& lane, base::Mono now);
  bool try_start(base::Mono now);
  void start_at(std::size_t index);
  void anchor(const Held& first);
  void extend_chain(const stream::Unit& unit);
  void watch_drift(const stream::Unit& unit, base::Mono now);
  void pump(base::Mono now);
  [[nodiscard]] bool overdue(const Held& held, base::Mono now) const;
  [[nodiscard]] bool video_ready(base::Mono now) const;
  [[nodiscard]] bool audio_ready(base::Mono now) const;
  [[nodiscard]] bool split_ready(base::Mono now) const;
  void pass_on(Lane& lane);
  void finish_run();
  void drop_held(Lane& lane);

  Output& output_;
  State state_ = State::Off;
  std::vector<stream::Track> tracks_;
  Lane video_, audio_;
  std::size_t held_bytes_ = 0;
  std::uint64_t dropped_ = 0;

  // Channel time.
  std::optional<base::Mono> origin_;  // where channel time 0 is
  base::Nanos presented_{0};          // end of all that was passed on, by PTS
  base::Nanos decoded_{0};            // the same by DTS

  // The current run, in worker time.
  base::Nanos offset_{0};
  base::Nanos start_pts_{0};
  base::Mono anchor_release_{};
  base::Nanos anchor_dts_{0};
  base::Nanos video_end_{0};                             // presentation end of the video passed on
  base::Nanos chain_{0};                                 // video has come without a hole up to here
  std::set<std::pair<base::Nanos, base::Nanos>> ahead_;  // pts and end of video beyond chain_

  // Drift.
  base::Mono drift_since_{};
  base::Nanos drift_min_{0}, drift_max_{0};
  bool reanchor_ = false;             // at the next key frame
  std::optional<base::Nanos> split_;  // PTS of the key frame that starts the next run
};

}  // namespace hub::channels
