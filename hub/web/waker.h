#pragma once
#include "hub/web/mailbox.h"

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace hub::web {

/// Turns any number of wakes from other threads into one task of a web thread: while one is on its way,
/// further ones are covered by it.
class Waker : public std::enable_shared_from_this<Waker> {
 public:
  Waker(std::shared_ptr<Mailbox> mailbox, std::function<void()> task)
      : mailbox_{std::move(mailbox)}, task_{std::move(task)} {}
  /// @context thread-safe
  void wake() {
    if (queued_.exchange(true)) return;
    mailbox_->post([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      self->queued_ = false;  // before the task, which looks at the newest state
      self->task_();
    });
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::function<void()> task_;
  std::atomic<bool> queued_{false};
};

/// A subscription to a Publication, ended with its owner.
template <class Publication>
class Subscription {
 public:
  Subscription(std::shared_ptr<Publication> publication, const std::shared_ptr<Waker>& waker)
      : publication_{std::move(publication)}, id_{publication_->subscribe([waker] { waker->wake(); })} {}
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription() { publication_->unsubscribe(id_); }

 private:
  const std::shared_ptr<Publication> publication_;
  const std::uint64_t id_;
};

}  // namespace hub::web
