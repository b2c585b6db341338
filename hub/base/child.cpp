#include "hub/base/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace hub::base {
namespace {

using Steady = std::chrono::steady_clock;

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// A child that is always waited for; killed first if nobody did.
class Child {
 public:
  explicit Child(pid_t pid) : pid_{pid} {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  /// Its wait status; nothing if it has closed its output and yet lives on.
  std::optional<int> wait_until(Steady::time_point deadline) {
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) != pid_) {
      if (Steady::now() >= deadline) return std::nullopt;
      poll(nullptr, 0, 5);
    }
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
};

struct Fd {
  int fd = -1;
  Fd() = default;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

/// 0 and the pid, or an errno.
int spawn(const std::vector<std::string>& argv, int standard_output, pid_t& pid) {
  std::vector<char*> pointers;
  for (const auto& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));  // execve's type
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, standard_output, STDOUT_FILENO);
  const int error = posix_spawn(&pid, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Result<std::string> output_of(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                              std::size_t max_bytes) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Failure{Errc::Io, reason(errno)};
  Fd reading, writing;
  reading.fd = ends[0];
  writing.fd = ends[1];
  pid_t pid = 0;
  if (const int error = spawn(argv, writing.fd, pid); error != 0)
    return Failure{Errc::Io, fmt::format("{} cannot be started: {}", argv[0], reason(error))};
  Child child{pid};
  writing.close();

  const auto deadline = Steady::now() + limit;
  std::string output;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
    if (left <= 0) return Failure{Errc::Stalled, fmt::format("{} did not end in time", argv[0])};
    pollfd waiting{reading.fd, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(left)) <= 0) continue;  // a signal or the deadline
    const ssize_t got = read(reading.fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failure{Errc::Io, reason(errno)};
    if (got == 0) break;
    output.append(buffer.data(), static_cast<std::size_t>(got));
    if (output.size() > max_bytes) return Failure{Errc::TooLarge, fmt::format("{} says too much", argv[0])};
  }
  const auto status = child.wait_until(deadline);
  if (!status) return Failure{Errc::Stalled, fmt::format("{} did not end in time", argv[0])};
  if (WIFSIGNALED(*status))
    return Failure{Errc::Io, fmt::format("{} was ended by signal {}", argv[0], WTERMSIG(*status))};
  return output;
}

}  // namespace hub::base
