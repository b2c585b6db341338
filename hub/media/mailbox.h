#pragma once
#include "hub/lib/glib/loop.h"

#include <functional>
#include <memory>

namespace hub::media {

/// The way from streaming threads to an object of the main loop that may be gone when its mail arrives.
template <class T>
class Mailbox {
 public:
  Mailbox(lib::glib::Loop& loop, T* self) : state_{std::make_shared<State>(State{loop, self})} {}
  /// @p task runs in the loop if the object still lives then. @context thread-safe
  void post(std::function<void(T&)> task) const {
    state_->loop.post([state = state_, task = std::move(task)] {
      if (state->self) task(*state->self);
    });
  }
  /// The object is going: mail under way is dropped. @context thread-bound: the loop
  void close() noexcept { state_->self = nullptr; }

 private:
  struct State {
    lib::glib::Loop& loop;
    T* self;  // only touched in the loop
  };
  std::shared_ptr<State> state_;
};

}  // namespace hub::media
