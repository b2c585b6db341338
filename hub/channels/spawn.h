#pragma once
#include "hub/base/error.h"
#include "hub/channels/fd.h"
#include "hub/channels/reaper.h"

#include <string>
#include <vector>

namespace hub::channels {

/// A started worker and our ends of its socket and of its standard output and error. All are close-on-exec
/// and non-blocking.
struct Spawned {
  Child child;
  Fd socket;
  Fd errors;
};

/// The descriptor at which the child finds its end of the socket.
inline constexpr int kWorkerFd = 3;

/// Starts @p program with @p arguments (argv without the program's name), in a process group of its own, with
/// an empty signal mask and default signal actions, /dev/null as stdin, a pipe as stdout and stderr, the
/// socket at kWorkerFd and no other descriptor. Errc::Io says what the machine lacks.
///
/// posix_spawn() and not fork(): the hub has many threads, and between fork and exec a child of such a
/// process may only do what is safe in a signal handler, with the whole address space to be copied first.
/// What posix_spawn() cannot do is PR_SET_PDEATHSIG; a worker ends when its socket is closed, which the
/// kernel does however the hub dies, and which does not depend on the thread that started it.
[[nodiscard]] base::Result<Spawned> spawn(const std::string& program, std::vector<std::string> arguments);

/// Where the worker program is: beside this program (a build folder), or in ../libexec/viewing-hub. @throws
/// Error{Config} if it is in neither.
[[nodiscard]] std::string find_worker_program();

}  // namespace hub::channels
