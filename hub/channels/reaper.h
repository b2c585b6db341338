#pragma once
#include "hub/channels/fd.h"
#include "hub/lib/glib/loop.h"

#include <list>
#include <optional>

#include <sys/types.h>

namespace hub::channels {

/// A child process and the descriptor that becomes readable when it ends, so that its number cannot be taken
/// by another process unnoticed. Whoever holds it must wait for it.
struct Child {
  pid_t pid = -1;
  Fd pidfd;
};

/// The status of @p child as of waitpid() if it has ended; it leaves no zombie then.
[[nodiscard]] std::optional<int> reap(const Child& child);

/// Ends processes without anybody waiting: SIGTERM to the process group, SIGKILL after 1 s, wait.
/// @context thread-bound: the loop
class Reaper {
 public:
  explicit Reaper(lib::glib::Loop& loop) : loop_{loop} {}
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;
  /// finish()
  ~Reaper();

  void retire(Child child);
  /// Waits until all retired children are gone: at most 1 s, then SIGKILL, then at most 1 s more.
  void finish();
  [[nodiscard]] std::size_t pending() const { return retired_.size(); }

 private:
  struct Retired {
    Child child;
    lib::glib::SourceGuard on_end;
    lib::glib::SourceGuard on_late;
  };
  void forget(pid_t pid);
  /// Waits until all are gone or @p patience is over.
  void wait_for_all(std::chrono::milliseconds patience);
  lib::glib::Loop& loop_;
  std::list<Retired> retired_;
};

}  // namespace hub::channels
