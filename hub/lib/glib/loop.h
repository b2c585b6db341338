#pragma once
#include "hub/lib/glib/ref.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hub::lib::glib {

/// A GSource that is destroyed with its owner, so that no callback outlives the object it captures. Declare
/// it last among the members. @context thread-bound: the loop that it is attached to.
class SourceGuard {
 public:
  SourceGuard() noexcept = default;
  /// Takes over an attached source.
  explicit SourceGuard(Ref<GSource> source) noexcept : source_{std::move(source)} {}
  SourceGuard(SourceGuard&& other) noexcept = default;
  SourceGuard& operator=(SourceGuard&& other) noexcept {
    reset();
    source_ = std::move(other.source_);
    return *this;
  }
  SourceGuard(const SourceGuard&) = delete;
  SourceGuard& operator=(const SourceGuard&) = delete;
  ~SourceGuard() { reset(); }
  void reset() noexcept {
    if (source_) g_source_destroy(source_.get());
    source_ = {};
  }
  explicit operator bool() const noexcept { return static_cast<bool>(source_); }

 private:
  Ref<GSource> source_;
};

/// A GMainContext with a queue of functions. post() is the only bridge between threads: FIFO, always queued,
/// never run inline. The queue is a vector under a mutex with one eventfd, not GLib idle sources, because the
/// race detector understands a mutex and not GLib's internals. An exception that leaves a posted function
/// ends the program: it is a bug by rule.
class Loop {
 public:
  using Task = std::function<void()>;

  /// Makes a new context. It runs in whichever thread calls run().
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  /// Tasks still queued are dropped unrun. The loop must not be running.
  ~Loop();

  /// Runs until quit(), with this context as the calling thread's default.
  void run();
  /// Ends run() after the tasks queued before it. @context thread-safe
  void quit();
  /// Queues @p task. @context thread-safe
  void post(Task task);

  /// From now on, calls @p listener in the loop with the time that a posted task took, if it is over @p
  /// budget.
  /// @context before run(), or thread-bound
  void on_overrun(std::chrono::milliseconds budget, std::function<void(std::chrono::milliseconds)> listener);

  /// Calls @p task every @p interval, first after one interval, as long as the guard lives. @context
  /// thread-bound
  [[nodiscard]] SourceGuard every(std::chrono::milliseconds interval, Task task);
  /// Calls @p task once after @p delay unless the guard dies first. @context thread-bound
  [[nodiscard]] SourceGuard after(std::chrono::milliseconds delay, Task task);
  /// Calls @p task with the conditions each time @p fd has one of @p conditions. @context thread-bound
  [[nodiscard]] SourceGuard watch(int fd, GIOCondition conditions, std::function<void(GIOCondition)> task);
  /// Calls @p task on SIGINT, SIGTERM or SIGHUP. @context thread-bound, main loop only
  [[nodiscard]] SourceGuard on_signal(int signal, Task task);

  /// True in the thread that is running this loop.
  [[nodiscard]] bool inside() const noexcept;
  [[nodiscard]] GMainContext* context() const noexcept { return context_.get(); }

 private:
  void drain();
  Ref<GMainContext> context_;
  int wake_fd_ = -1;
  std::mutex mutex_;  // guards queue_
  std::vector<Task> queue_;
  std::chrono::milliseconds budget_{0};                        // with on_overrun_
  std::function<void(std::chrono::milliseconds)> on_overrun_;  // only touched by the loop's thread
  bool quit_ = false;                                          // only touched by tasks of this loop
  SourceGuard wake_;
};

/// A named thread that runs one Loop.
class LoopThread {
 public:
  /// Starts the thread. @param name  at most 15 characters, as shown by top -H.
  explicit LoopThread(const std::string& name);
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  /// stop()
  ~LoopThread();
  /// Runs what was posted before, then joins. Called twice, it does nothing.
  void stop();
  /// @context thread-safe
  void post(Loop::Task task) { loop_.post(std::move(task)); }
  /// Queues @p task and waits until it has run. Never call it from the loop itself. @context thread-safe
  void run_and_wait(const Loop::Task& task);
  [[nodiscard]] Loop& loop() noexcept { return loop_; }

 private:
  Loop loop_;
  std::thread thread_;
};

}  // namespace hub::lib::glib
