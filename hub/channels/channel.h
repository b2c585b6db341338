#pragma once
#include "hub/base/clock.h"
#include "hub/channels/backoff.h"
#include "hub/channels/flow_watch.h"
#include "hub/channels/info.h"
#include "hub/channels/mp3_feed.h"
#include "hub/channels/outlet.h"
#include "hub/channels/settings.h"
#include "hub/channels/splicer.h"
#include "hub/channels/worker.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hub::channels {

/// Keeps one channel on air: runs a worker for its source, splices what comes, and starts the next worker
/// when one is gone. It never gives up until stop().
///
/// ```
///          start()                  units flow and the playlist is playable
///   Idle ──────────► Connecting ───────────────────────────────────────────────► Live
///    ▲                │  ▲   │ worker gone: pause, then the next worker            │
///    │                │  ├───┘                                                     │
///    │                │  │        worker gone: said Bye, crashed, sent garbage     │
///    │                │  └───────── or is ended: no units for 3 s, or 3 s behind ──┤
///    │     stop()     │                                                            │
///    └────────────────┴────────────────────────────────────────────────────────────┘
/// ```
/// Pause: none after the first failure, then 1 s, 2 s, 4 s … `retry_max`; a worker whose units flowed for 5 s
/// makes the next failure a first one again. A file that ends is such a failure too, so that it is played in
/// a loop, and one of under 5 s is played with pauses.
///
/// The track set (picture, sound) is fixed by the first units, from then until stop(). Other tracks are
/// dropped; a source that no longer has one of the set is treated as failed.
///
/// Time only moves in tick(). @context thread-bound: relay
class Channel final : Worker::Listener, Splicer::Output {
 public:
  class Listener {
   public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    /// State, reason, kind or what is on air has changed. Counters change without a call.
    virtual void on_change(const Channel& channel) = 0;
  };

  /// @param settings  with exactly one source. All references are kept.
  /// @param seed  of the jitter of pauses.
  Channel(ChannelSettings settings, const RelaySettings& relay, const base::Clock& clock,
          WorkerFactory& workers, Outlet& outlet, Listener& listener, std::uint32_t seed);
  /// stop(), without a call to the listener.
  ~Channel() override;

  /// Does nothing unless Idle.
  void start();
  /// Ends the worker and empties the outputs. Does nothing when Idle.
  void stop();
  /// To be called every 50 ms or so while not Idle.
  void tick();
  [[nodiscard]] const Info& info() const { return info_; }

 private:
  struct TrackSet {
    bool video = false, audio = false;
  };

  void on_message(stream::Message message) override;
  void on_exit(const WorkerExit& how) override;
  void on_run(std::span<const stream::Track> tracks) override;
  void on_unit(const stream::Unit& unit, base::Mono release) override;
  void on_run_end() override;

  void launch();
  void lost(base::Failure why);
  void drop_worker();
  void on_tracks(const std::vector<stream::Track>& tracks);
  void on_source_unit(stream::Unit unit);
  [[nodiscard]] base::Result<TrackSet> choose(const stream::Track* video, const stream::Track* audio) const;
  void set_state(State state);
  void set_title(std::string text);
  void changed();

  ChannelSettings settings_;
  const RelaySettings& relay_;
  const base::Clock& clock_;
  WorkerFactory& workers_;
  Outlet& outlet_;
  Listener& listener_;
  Backoff backoff_;
  Mp3Feed mp3_;
  Splicer splicer_;
  Info info_;

  std::optional<TrackSet> fixed_;
  base::Mono retry_at_{};
  bool launched_ = false;  // since start()

  // Of the current worker.
  std::optional<FlowWatch> flow_;
  std::vector<stream::Track> selected_;  // what the splicer gets
  std::optional<stream::Track> mp3_track_;
  std::uint64_t bytes_before_ = 0;  // pulled by the workers before
  bool delivers_ = false;           // its units reach the outlet

  base::Mono wall_at_{};  // release times of the run are told from this pair
  base::Wall wall_{};
  std::optional<stream::Track> aac_begun_;
  std::unique_ptr<Worker> worker_;  // last: nothing calls back into a channel that is half gone
};

}  // namespace hub::channels
