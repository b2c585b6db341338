#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

/// What integration tests share: child processes, temporary folders, free ports and waiting with a deadline.
namespace hub::test {

/// A folder that goes away with its owner.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A child in its own process group, which is ended with its owner, and also when the test program dies.
/// Start it from the main thread: the kernel ties the second promise to the starting thread.
class Process {
 public:
  struct Options {
    std::vector<std::string> argv;  ///< argv[0] is looked up in PATH, then in /usr/sbin
    std::vector<std::pair<std::string, std::string>> env;  ///< added to ours
    std::filesystem::path log;                             ///< stdout and stderr; empty: thrown away
    std::vector<std::pair<int, int>> fds;                  ///< our descriptor → the child's
    std::filesystem::path cwd;
  };
  /// @throws std::runtime_error if the process cannot be started.
  explicit Process(Options options);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  /// stop()
  ~Process();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Waits for the end. @return exit code, or 128 + signal; nothing if it still runs after @p timeout.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  [[nodiscard]] bool running() { return !wait(std::chrono::milliseconds{0}).has_value(); }
  /// Signals the whole group.
  void signal(int number) const;
  /// SIGTERM to the group, after 2 s SIGKILL.
  void stop();
  /// What it has printed so far.
  [[nodiscard]] std::string output() const;

 private:
  Options options_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

/// True if @p name can be executed (PATH and /usr/sbin).
[[nodiscard]] bool has_program(const std::string& name);
/// A TCP and UDP port on 127.0.0.1 that was free a moment ago.
[[nodiscard]] int free_port();
/// Polls @p condition every 10 ms. @return whether it came true before @p timeout.
bool wait_until(std::chrono::milliseconds timeout, const std::function<bool()>& condition);
/// Waits until something listens on 127.0.0.1:@p port.
bool wait_for_port(int port, std::chrono::milliseconds timeout = std::chrono::seconds{10});
[[nodiscard]] std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace hub::test
