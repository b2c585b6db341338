#include "hub/channels/spawn.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace hub::channels {
namespace {

base::Failure cannot(const char* what, int error) {
  return {base::Errc::Io, fmt::format("cannot start a worker: {}: {}", what, std::strerror(error))};
}

/// A copy above all descriptors that the child gets, so that placing one there does not overwrite another.
Fd out_of_the_way(const Fd& fd) {
  return Fd{fcntl(fd.get(), F_DUPFD_CLOEXEC, 10)};
}

struct FileActions {
  posix_spawn_file_actions_t raw;
  FileActions() { posix_spawn_file_actions_init(&raw); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&raw); }
};

struct Attributes {
  posix_spawnattr_t raw;
  Attributes() { posix_spawnattr_init(&raw); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&raw); }
};

}  // namespace

base::Result<Spawned> spawn(const std::string& program, std::vector<std::string> arguments) {
  std::array<int, 2> pair{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return cannot("socketpair", errno);
  Fd ours{pair[0]};
  const Fd theirs{pair[1]};
  std::array<int, 2> pipe_ends{-1, -1};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return cannot("pipe", errno);
  Fd errors{pipe_ends[0]};
  const Fd writer{pipe_ends[1]};
  const Fd socket_copy = out_of_the_way(theirs);
  const Fd writer_copy = out_of_the_way(writer);
  if (!socket_copy || !writer_copy) return cannot("no file descriptor is left", errno);
  // Only our ends: the worker writes with blocking calls, from a thread of its own.
  fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  fcntl(errors.get(), F_SETFL, O_NONBLOCK);

  FileActions files;
  posix_spawn_file_actions_addopen(&files.raw, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files.raw, writer_copy.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files.raw, writer_copy.get(), STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&files.raw, socket_copy.get(), kWorkerFd);
  posix_spawn_file_actions_addclosefrom_np(&files.raw, kWorkerFd + 1);

  Attributes attributes;
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes.raw, &none);
  posix_spawnattr_setsigdefault(&attributes.raw, &all);
  posix_spawnattr_setpgroup(&attributes.raw, 0);
  posix_spawnattr_setflags(&attributes.raw,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::string name = program;
  std::vector<char*> argv{name.data()};
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Spawned out;
  const int failed =
      posix_spawn(&out.child.pid, program.c_str(), &files.raw, &attributes.raw, argv.data(), environ);
  if (failed != 0) return cannot(program.c_str(), failed);
  // Not through <sys/pidfd.h>: that of glibc 2.36 declares it with C++ linkage.
  out.child.pidfd = Fd{static_cast<int>(syscall(SYS_pidfd_open, out.child.pid, 0))};
  if (!out.child.pidfd) {
    const int error = errno;
    kill(out.child.pid, SIGKILL);
    waitpid(out.child.pid, nullptr,
            0);  // it was killed a moment ago: this does not wait for the network or a disk
    return cannot("pidfd_open", error);
  }
  out.socket = std::move(ours);
  out.errors = std::move(errors);
  return out;
}

std::string find_worker_program() {
  namespace fs = std::filesystem;
  std::error_code failed;
  const auto folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
  const auto beside = folder / "viewing-hub-worker";
  const auto installed = folder.parent_path() / "libexec/viewing-hub/viewing-hub-worker";
  for (const auto& path : {beside, installed})
    if (access(path.c_str(), X_OK) == 0) return path;
  throw base::Error{base::Errc::Config,
                    fmt::format("the worker program is missing: neither {} nor {} can be run; install the "
                                "package again or build the target viewing-hub-worker",
                                beside.string(), installed.string())};
}

}  // namespace hub::channels
