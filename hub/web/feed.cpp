#include "hub/web/feed.h"

#include "hub/base/identity.h"
#include "hub/base/json.h"
#include "hub/channels/manager.h"
#include "hub/web/audience.h"
#include "hub/web/handlers.h"

#include <utility>
#include <vector>

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

void Feed::weigh() {
  using Mode = attendance::Proof::Mode;
  constexpr std::uint32_t kSoundKbps = 128;  // AAC of the page, or MP3, with their headers
  std::vector<Admission::Channel> channels;
  const auto now = services_.clock.mono();
  for (const auto& info : services_.channels.list())
    channels.push_back({info.id, rates_.look(info.id, info.bytes_in, now), kSoundKbps,
                        services_.audience.viewers(info.id, Mode::Video),
                        services_.audience.viewers(info.id, Mode::Audio)});
  services_.admission.refresh(channels, now);
}

void Feed::make() {
  pending_ = false;
  weigh();
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
