#include "hub/web/feed.h"

#include "hub/attendance/register.h"
#include "hub/base/identity.h"
#include "hub/base/json.h"
#include "hub/channels/manager.h"
#include "hub/web/attendance_json.h"
#include "hub/web/audience.h"
#include "hub/web/auth.h"
#include "hub/web/handlers.h"
#include "hub/web/notices.h"

#include <utility>
#include <vector>

namespace hub::web {
namespace {
constexpr std::chrono::seconds kExpiry{5};  // viewers that just stopped are noticed this late
}

Feed::Feed(Services& services, lib::glib::Loop& main, std::chrono::milliseconds interval, Show show,
           Tell tell)
    : services_{services}, main_{main}, interval_{interval}, show_{std::move(show)}, tell_{std::move(tell)} {}

void Feed::begin() {
  // Weak: all outlive the server, and keep their listener.
  const auto listener = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->mark();
  };
  services_.channels.on_change(listener);
  services_.audience.on_change(listener);
  services_.notices.on_mark([weak = weak_from_this()](Change change) {
    const auto self = weak.lock();
    if (!self) return;
    self->changes_.insert(change);
    self->mark();
  });
  services_.attendance.on_change([&notices = services_.notices](attendance::Register::Changed changed) {
    notices.mark(changed == attendance::Register::Changed::Desk ? Change::Desk : Change::Sessions);
  });
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
  if (!show_) return;
  bool any = make(Topic::Channels);
  any = make(Topic::Sessions) || any;
  if (!changes_.empty()) {
    any = true;
    tell_(std::make_shared<const Notice>(Notice{std::exchange(changes_, {}), services_.auth.sessions()}));
  }
  if (any) made_ = std::chrono::steady_clock::now();
}

bool Feed::make(Topic topic) {
  auto frames = std::make_shared<Frames>();
  for (const auto& language : services_.identity.languages) {
    base::Json frame = topic == Topic::Channels ? base::Json{{"channels", channels_json(services_, language)}}
                                                : sessions_json(services_.attendance, language);
    frame["t"] = topic == Topic::Channels ? "channels" : "sessions";
    (*frames)[language] = frame.dump(-1, ' ', false, base::Json::error_handler_t::replace);
  }
  auto& last = last_[static_cast<std::size_t>(topic)];
  if (last && *last == *frames) return false;
  last = std::move(frames);
  show_(topic, last);
  return true;
}

}  // namespace hub::web
