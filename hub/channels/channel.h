#pragma once
#include "hub/base/clock.h"
#include "hub/channels/backoff.h"
#include "hub/channels/info.h"
#include "hub/channels/mp3_feed.h"
#include "hub/channels/outlet.h"
#include "hub/channels/replay.h"
#include "hub/channels/settings.h"
#include "hub/channels/splicer.h"
#include "hub/channels/take.h"
#include "hub/channels/track_choice.h"
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
/// A replay (replay.h) plays a file once, for the whole room. What it should have on air, the file from some
/// place or the slate, is one small decision, wanted(); when that changes, the next worker gets ready while
/// the one on air goes on, and is cut to at its first key frame: players see one discontinuity and no hole.
/// While the slate is on air the state is Slate. At the end it is Idle with the reason Ended.
///
/// The track set (picture, sound) is fixed by the first units, from then until stop(). Other tracks are
/// dropped; a source that no longer has one of the set is treated as failed.
///
/// Time only moves in tick(). @context thread-bound: relay
class Channel final : Take::Owner, Splicer::Output {
 public:
  class Listener {
   public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    /// State, reason, kind or what is on air has changed. Counters change without a call.
    virtual void on_change(const Channel& channel) = 0;
    /// To be remembered over a restart.
    virtual void on_room(const Channel& channel, const Room& room) = 0;
  };

  /// @param settings  with exactly one source. All references are kept.
  /// @param seed  of the jitter of pauses.
  Channel(ChannelSettings settings, const RelaySettings& relay, const base::Clock& clock,
          WorkerFactory& workers, Outlet& outlet, Listener& listener, std::uint32_t seed);
  /// stop(), without a call to the listener.
  ~Channel() override;

  /// What was remembered; before begin().
  void recall(std::optional<Room> stored);
  /// The hub has started: goes on as before, unless the host had stopped the channel.
  void begin();
  /// The host starts it; a replay that ended or never began from the beginning. Does nothing unless Idle.
  void start();
  /// Ends the workers and empties the outputs; stays so over a restart.
  void stop();
  /// For replays that run; does nothing else.
  void pause();
  void resume();
  /// Also a replay that is Idle: it will start there. Clamped to the recording.
  void seek(const Seek& wish);
  /// To be called every 50 ms or so while needs_tick().
  void tick();
  [[nodiscard]] bool needs_tick() const;
  [[nodiscard]] const Info& info() const { return info_; }

 private:
  void on_message(Take& take, stream::Message message) override;
  void on_exit(Take& take, const WorkerExit& how) override;
  void on_run(std::span<const stream::Track> tracks) override;
  void on_unit(const stream::Unit& unit, base::Mono release) override;
  void on_run_end() override;

  [[nodiscard]] bool replay() const { return settings_.mode == Mode::Replay; }
  void run();
  void go_idle();
  void turn();
  void follow();
  void launch(const Program& program);
  void cut();
  void end_air();
  void lost(base::Failure why);
  void finish();
  void failed(base::Failure why, bool proven);
  void next_failed(base::Failure why);
  void check_air(base::Mono now);
  void check_next(base::Mono now);
  void on_air_message(stream::Message message);
  void note_profile(const stream::Track* video, const stream::Track* audio);
  void note_position(const stream::Unit& unit);
  void show_room();
  void save_room();
  void on_tracks(const std::vector<stream::Track>& tracks);
  void on_source_unit(stream::Unit unit);
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

  Room room_;
  unsigned cue_ = 0;                     // counts seeks
  std::optional<base::Mono> closes_at_;  // a recording is over; players show its end
  base::Mono saved_{};

  // Of the worker on air.
  std::vector<stream::Track> selected_;  // what the splicer gets
  std::optional<stream::Track> mp3_track_;
  std::uint64_t bytes_before_ = 0;  // pulled by the workers before
  bool delivers_ = false;           // its units reach the outlet

  base::Mono wall_at_{};  // release times of the run are told from this pair
  base::Wall wall_{};
  std::optional<stream::Track> aac_begun_;
  std::unique_ptr<Take> air_, next_;  // last: nothing calls back into a channel that is half gone
};

/// Of a channel that has not run yet.
[[nodiscard]] Info first_info(const ChannelSettings& settings, const base::Clock& clock);

}  // namespace hub::channels
