#include "hub/web/feed.h"

#include "hub/base/identity.h"
#include "hub/base/json.h"
#include "hub/channels/manager.h"
#include "hub/web/audience.h"
#include "hub/web/handlers.h"

#include <utility>

namespace hub::web {
namespace {
constexpr std::chrono::seconds kExpiry{5};  // viewers that just stopped are noticed this late
}

Feed::Feed(Services& services, lib::glib::Loop& main, std::chrono::milliseconds interval, Show show)
    : services_{services}, main_{main}, interval_{interval}, show_{std::move(show)} {}

void Feed::begin() {
  // Weak: both outlive the server, and keep their listener.
  const auto listener = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->mark();
  };
  services_.channels.on_change(listener);
  services_.audience.on_change(listener);
  expiry_ = main_.every(kExpiry, [this] { mark(); });
  make();
}

void Feed::end() {
  show_ = nullptr;
  later_.reset();
  expiry_.reset();
}

void Feed::mark() {
  if (pending_ || !show_) return;
  pending_ = true;
  const auto since = std::chrono::steady_clock::now() - made_;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(interval_ - since);
  later_ = main_.after(std::max(wait, std::chrono::milliseconds{0}), [this] { make(); });
}

void Feed::make() {
  pending_ = false;
  auto frames = std::make_shared<Frames>();
  for (const auto& language : services_.identity.languages)
    (*frames)[language] =
        base::Json{{"t", "channels"}, {"channels", channels_json(services_, language)}}.dump(
            -1, ' ', false, base::Json::error_handler_t::replace);
  if (last_ && *last_ == *frames) return;
  made_ = std::chrono::steady_clock::now();
  last_ = std::move(frames);
  if (show_) show_(last_);
}

}  // namespace hub::web
