#pragma once
#include "hub/base/error.h"
#include "hub/lib/glib/loop.h"
#include "hub/media/mailbox.h"
#include "hub/media/source.h"

#include <functional>
#include <string>

namespace hub::media {

/// Fetches a small text over HTTP, through the same element, proxy and limits as the media that follows.
/// @context thread-bound: main loop
class Fetch {
 public:
  /// Called once, from the loop. Errc::TooLarge over @p max_bytes, Errc::Unreachable after the request's
  /// time-out.
  using Done = std::function<void(base::Result<std::string>)>;
  Fetch(lib::glib::Loop& loop, const SourceRequest& request, std::size_t max_bytes, Done done);
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;
  ~Fetch();

 private:
  void on_samples();
  void finish(base::Result<std::string> result);

  std::string uri_;
  std::size_t max_bytes_;
  Done done_;
  Mailbox<Fetch> mailbox_;
  std::string text_;
  Ref<GstElement> pipeline_, sink_;
  lib::glib::SourceGuard bus_watch_, timeout_, result_;
  lib::glib::Loop& loop_;
};

}  // namespace hub::media
