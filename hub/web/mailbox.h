#pragma once
#include "hub/lib/glib/loop.h"

#include <mutex>
#include <utility>

namespace hub::web {

/// A way to a loop that may be closed while others still hold it: after close() posts are dropped. What
/// outlives the server (a late answer of the store, a wake of a publication) talks to web threads through
/// this. All members are thread-safe.
class Mailbox {
 public:
  explicit Mailbox(lib::glib::Loop& loop) : loop_{&loop} {}
  void post(lib::glib::Loop::Task task) {
    const std::lock_guard lock{mutex_};
    if (loop_) loop_->post(std::move(task));
  }
  void close() {
    const std::lock_guard lock{mutex_};
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;  // guards loop_
  lib::glib::Loop* loop_;
};

}  // namespace hub::web
