#pragma once
#include <cstdint>
#include <functional>
#include <utility>

namespace hub::web {

/// What a host's page shows and asks for by itself: the words of the `changed` frame.
enum class Change : std::uint8_t { Desk, Reports, Recordings, Sessions, Machine };

/// Where handlers and the domain say that something is other than before. The feed (feed.h) tells the pages
/// of hosts and organizers, at most once a second. @context thread-bound: main
class Notices {
 public:
  void mark(Change change) {
    if (listener_) listener_(change);
  }
  void on_mark(std::function<void(Change)> listener) { listener_ = std::move(listener); }

 private:
  std::function<void(Change)> listener_;
};

}  // namespace hub::web
