#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/web/admission.h"
#include "hub/web/live.h"
#include "hub/web/services.h"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <set>

namespace hub::web {

/// Makes the frames that the pages are shown (a topic only if it differs from the last) and the notices for
/// hosts and organizers when something changed, at most one of each in an interval. @context thread-bound:
/// main
class Feed : public std::enable_shared_from_this<Feed> {
 public:
  using Show = std::function<void(Topic, std::shared_ptr<const Frames>)>;
  using Tell = std::function<void(std::shared_ptr<const Notice>)>;
  Feed(Services& services, lib::glib::Loop& main, std::chrono::milliseconds interval, Show show, Tell tell);
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  ~Feed() = default;

  /// Listens to the channels, the audience, the register and the notices, and shows the first frames.
  void begin();
  /// Nothing is shown any more.
  void end();

 private:
  void mark();
  void make();
  /// @return whether it was another one than before.
  bool make(Topic topic);
  void weigh();

  Services& services_;
  lib::glib::Loop& main_;
  const std::chrono::milliseconds interval_;
  Show show_;
  RateMeter rates_;
  Tell tell_;
  std::array<std::shared_ptr<const Frames>, kTopics> last_;
  std::set<Change> changes_;
  std::chrono::steady_clock::time_point made_{};
  bool pending_ = false;
  lib::glib::SourceGuard later_, expiry_;
};

}  // namespace hub::web
