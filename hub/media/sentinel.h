#pragma once
#include <atomic>
#include <chrono>
#include <thread>

namespace hub::media {

/// A thread that ends the process when nothing else can: GStreamer 1.22 is known to hang on state changes,
/// and a worker that hangs must not outlive the hub, its source or its own farewell. It uses _exit, because
/// a process in that condition cannot be taken down in an orderly way.
class Sentinel {
 public:
  /// The main loop has to call alive() more often than this.
  static constexpr std::chrono::seconds kMaxSilence{15};

  /// @param fd  the socket to the hub; only watched for its end, never read.
  explicit Sentinel(int fd);
  Sentinel(const Sentinel&) = delete;
  Sentinel& operator=(const Sentinel&) = delete;
  ~Sentinel();

  /// The main loop still turns. @context thread-safe
  void alive() noexcept;
  /// The process ends after @p limit with status 0, whatever happens until then. @context thread-safe
  void exit_within(std::chrono::milliseconds limit) noexcept;

 private:
  void watch(int fd);
  std::atomic<std::chrono::steady_clock::rep> deadline_;
  std::atomic<bool> farewell_{false};
  int wake_fd_;
  std::thread thread_;
};

}  // namespace hub::media
