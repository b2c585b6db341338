#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/media/diagnose.h"
#include "hub/media/fetch.h"
#include "hub/media/ingest.h"
#include "hub/media/pacer.h"
#include "hub/media/task.h"
#include "hub/media/timeline.h"
#include "hub/stream/job.h"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace hub::media {

/// Job::Task::Relay: follows lists to the stream, pulls it, paces its units out and says why it ended.
///
///   Resolving ──address of a stream──► Pulling ──end or error──► Draining ──all released──► Bye
///       └─────────────── failure ──────────┴── nothing was delivered: Diagnosing ─────────► Bye
///
/// @context thread-bound: main loop
class Relay final : public Task, private Ingest::Listener {
 public:
  Relay(lib::glib::Loop& loop, stream::Job job, Peer& peer);
  ~Relay() override;

 private:
  void open(std::string uri, int depth);
  void open_kind(const SourceKind& kind, std::string uri, int depth);
  void open_list(const std::string& uri, int depth);
  void on_list(const base::Result<std::string>& text, const std::string& uri, int depth);

  void on_tracks(const std::vector<stream::Track>& tracks) override;
  void on_sample(Sample sample) override;
  void on_place(base::Nanos offset, base::Nanos length) override;
  void on_track_end(std::uint8_t track) override;
  void on_title(std::string title) override;
  void on_end() override;
  void on_failure(PipelineError error) override;
  void on_unsupported(base::Failure failure) override;
  void on_other_type(std::string media_type) override;
  [[nodiscard]] bool wants(std::uint8_t track) override;

  void take_units();
  void release();
  void schedule_release();
  void check_flow();
  void report_health();
  void drain(base::Failure why);
  void finish(base::Failure why);

  struct TrackState {
    bool announced = false, ended = false;
    bool full = false;  ///< nothing is pulled until half of what is held has gone out
    base::Mono last{};  ///< arrival of its last sample
  };

  lib::glib::Loop& loop_;
  stream::Job job_;
  Peer& peer_;
  std::string uri_;  ///< what is pulled now, after lists were followed
  int depth_ = 0;    ///< how many lists led here
  Timeline timeline_;
  Pacer pacer_{base::Nanos{0}};
  base::Nanos read_ahead_{0};
  std::array<TrackState, 16> tracks_;
  TrackList changed_tracks_;  ///< to go before the next sample
  bool announced_ = false;
  std::optional<stream::Position> position_;  ///< of a recording; its media counts from the source's time 0
  base::Mono last_sample_;
  std::uint64_t samples_ = 0;
  std::string title_;
  std::optional<base::Failure> ending_;  ///< the source is over; what is held is still released
  bool replacing_ = false;               ///< another kind takes over: this pipeline's complaints are moot
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<Fetch> fetch_;
  std::unique_ptr<Diagnosis> diagnosis_;
  lib::glib::SourceGuard flow_timer_, health_timer_, release_timer_, next_step_;
};

}  // namespace hub::media
