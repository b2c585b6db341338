#include "hub/media/sentinel.h"

#include <algorithm>
#include <array>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::media {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kExitHubGone = 0;  ///< nobody is left to tell
constexpr int kExitHung = 3;

void say(const char* text, std::size_t length) {
  // write() and not the logger: the thread that hangs may hold its lock.
  if (::write(STDERR_FILENO, text, length) < 0) return;
}

}  // namespace

Sentinel::Sentinel(int fd)
    : deadline_{(Clock::now() + kMaxSilence).time_since_epoch().count()},
      wake_fd_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  thread_ = std::thread{[this, fd] { watch(fd); }};
}

Sentinel::~Sentinel() {
  eventfd_write(wake_fd_, 1);
  thread_.join();
  close(wake_fd_);
}

void Sentinel::alive() noexcept {
  if (!farewell_) deadline_ = (Clock::now() + kMaxSilence).time_since_epoch().count();
}

void Sentinel::exit_within(std::chrono::milliseconds limit) noexcept {
  farewell_ = true;
  deadline_ = (Clock::now() + limit).time_since_epoch().count();
}

void Sentinel::watch(int fd) {
  while (true) {
    std::array<pollfd, 2> events{pollfd{wake_fd_, POLLIN, 0}, pollfd{farewell_ ? -1 : fd, POLLRDHUP, 0}};
    poll(events.data(), events.size(), 250);
    if (events[0].revents != 0) return;
    if (events[1].revents != 0) _exit(kExitHubGone);
    if (Clock::now().time_since_epoch().count() < deadline_) continue;
    if (farewell_) _exit(0);
    constexpr const char kText[] = "the media framework hangs; the worker ends itself\n";
    say(kText, sizeof kText - 1);
    _exit(kExitHung);
  }
}

}  // namespace hub::media
