#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/web/admission.h"
#include "hub/web/live.h"
#include "hub/web/services.h"

#include <chrono>
#include <functional>
#include <memory>

namespace hub::web {

/// Makes the channels frame when something changed, at most one in each interval, and only if it differs from
/// the last. @context thread-bound: main
class Feed : public std::enable_shared_from_this<Feed> {
 public:
  using Show = std::function<void(std::shared_ptr<const Frames>)>;
  Feed(Services& services, lib::glib::Loop& main, std::chrono::milliseconds interval, Show show);
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  ~Feed() = default;

  /// Listens to the channels and the audience, and shows the first frame.
  void begin();
  /// Nothing is shown any more.
  void end();

 private:
  void mark();
  void make();
  void weigh();

  Services& services_;
  lib::glib::Loop& main_;
  const std::chrono::milliseconds interval_;
  Show show_;
  RateMeter rates_;
  std::shared_ptr<const Frames> last_;
  std::chrono::steady_clock::time_point made_{};
  bool pending_ = false;
  lib::glib::SourceGuard later_, expiry_;
};

}  // namespace hub::web
