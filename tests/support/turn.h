#pragma once
#include "hub/lib/glib/loop.h"

#include <chrono>
#include <functional>

namespace hub::test {

/// Runs @p loop in this thread until @p done or the deadline. @return done()
inline bool run_until(lib::glib::Loop& loop, const std::function<bool()>& done,
                      std::chrono::milliseconds deadline = std::chrono::seconds{10}) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  const auto tick = loop.every(std::chrono::milliseconds{5}, [] {});
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    g_main_context_iteration(loop.context(), TRUE);
  }
  return true;
}

/// Runs @p loop in this thread for @p length.
inline void run_for(lib::glib::Loop& loop, std::chrono::milliseconds length) {
  (void)run_until(
      loop, [] { return false; }, length);
}

}  // namespace hub::test
