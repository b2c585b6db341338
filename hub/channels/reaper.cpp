#include "hub/channels/reaper.h"

#include "hub/base/log.h"

#include <csignal>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/wait.h>

namespace hub::channels {
namespace {
constexpr std::chrono::seconds kGrace{1};

/// To the worker and to what it may have started. The child is not reaped yet, so the number is its own.
void signal_group(const Child& child, int signal) {
  if (kill(-child.pid, signal) != 0) kill(child.pid, signal);
}
}  // namespace

std::optional<int> reap(const Child& child) {
  int status = 0;
  pid_t done = 0;
  do done = waitpid(child.pid, &status, WNOHANG);
  while (done < 0 && errno == EINTR);
  if (done == 0) return std::nullopt;
  return done < 0 ? 0 : status;  // < 0: nobody is left to wait for
}

Reaper::~Reaper() {
  finish();
}

void Reaper::retire(Child child) {
  const pid_t pid = child.pid;
  signal_group(child, SIGTERM);
  auto& retired = retired_.emplace_back();
  retired.child = std::move(child);
  retired.on_end =
      loop_.watch(retired.child.pidfd.get(), G_IO_IN, [this, pid](GIOCondition) { forget(pid); });
  retired.on_late = loop_.after(kGrace, [&retired] { signal_group(retired.child, SIGKILL); });
}

void Reaper::forget(pid_t pid) {
  retired_.remove_if([&](const Retired& retired) { return retired.child.pid == pid && reap(retired.child); });
}

void Reaper::wait_for_all(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    retired_.remove_if([](const Retired& retired) { return reap(retired.child).has_value(); });
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (retired_.empty() || left.count() <= 0) return;
    std::vector<pollfd> ends;
    for (const auto& retired : retired_) ends.push_back({retired.child.pidfd.get(), POLLIN, 0});
    poll(ends.data(), ends.size(), static_cast<int>(left.count()));
  }
}

void Reaper::finish() {
  wait_for_all(kGrace);
  for (const auto& retired : retired_) signal_group(retired.child, SIGKILL);
  wait_for_all(kGrace);
  for (const auto& retired : retired_)
    base::logger("channels")
        ->error("worker {} does not die, even killed: the kernel holds it (disk or driver)",
                retired.child.pid);
  retired_.clear();
}

}  // namespace hub::channels
