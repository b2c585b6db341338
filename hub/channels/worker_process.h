#pragma once
#include "hub/base/bytes.h"
#include "hub/base/clock.h"
#include "hub/channels/line_log.h"
#include "hub/channels/reaper.h"
#include "hub/channels/spawn.h"
#include "hub/channels/worker.h"
#include "hub/lib/glib/loop.h"
#include "hub/stream/framing.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace hub::channels {

/// A `viewing-hub-worker` process: reads its frames on the loop, a bounded piece at a time so that the other
/// channels get their turn, and its stderr into the log "channel.<id>".
///
/// ```
///  Running ──Bye──────────────────────────────► on_exit(Bye)
///     │ ────broken frame──────────────────────► on_exit(Broken)
///     │ ────process ends: the socket is read to its end, a Bye in it counts; else ► on_exit(Crashed)
///     └─────socket closed, process still there: 300 ms for it to end ► on_exit(Crashed)
/// ```
/// @context thread-bound: the loop
class WorkerProcess final : public Worker {
 public:
  WorkerProcess(lib::glib::Loop& loop, const base::Clock& clock, Reaper& reaper, Spawned spawned,
                const stream::Job& job, Listener& listener);
  /// Leaves the process to the reaper.
  ~WorkerProcess() override;

  void send(const stream::Message& message) override;
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Units that the worker did not take in time.
  [[nodiscard]] std::uint64_t dropped_units() const { return dropped_; }

 private:
  enum class Read { More, Nothing, Closed, Gone };
  void on_socket(GIOCondition condition);
  void on_end();
  void on_errors();
  /// Reads and delivers one piece. Gone: the listener destroyed this object, or the exit was reported.
  Read read_piece();
  void flush();
  void report(WorkerExit::How how, base::Failure why);
  void report_crash();

  struct Frame {
    base::Bytes bytes;
    bool unit = false;
  };

  lib::glib::Loop& loop_;
  const base::Clock& clock_;
  Reaper& reaper_;
  Listener& listener_;
  std::string channel_;
  Child child_;
  pid_t pid_;
  Fd socket_;
  Fd errors_;
  LineLog log_;
  stream::Deframer deframer_;
  std::deque<Frame> out_;  // the first one may be sent in part
  std::size_t out_sent_ = 0;
  std::size_t out_bytes_ = 0;
  std::uint64_t dropped_ = 0;
  bool reported_ = false;
  std::optional<int> status_;                                   // of the process, once it was waited for
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for loops that call the listener
  lib::glib::SourceGuard on_socket_, on_writable_, on_errors_, on_end_, on_silence_;
};

/// Starts WorkerProcesses. @context thread-bound: the loop, except the constructor
class ProcessFactory final : public WorkerFactory {
 public:
  /// @param program  path of the worker, as from find_worker_program().
  ProcessFactory(lib::glib::Loop& loop, const base::Clock& clock, std::string program);
  /// Waits for the last workers as Reaper::finish() does.
  ~ProcessFactory() override = default;
  [[nodiscard]] base::Result<std::unique_ptr<Worker>> start(const stream::Job& job,
                                                            Worker::Listener& listener) override;
  [[nodiscard]] Reaper& reaper() noexcept { return reaper_; }

 private:
  lib::glib::Loop& loop_;
  const base::Clock& clock_;
  std::string program_;
  Reaper reaper_;
};

}  // namespace hub::channels
