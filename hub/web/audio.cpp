#include "hub/web/audio.h"

#include "hub/lib/soup/body.h"
#include "hub/web/head.h"
#include "hub/web/path.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <utility>

namespace hub::web {
namespace {

base::Mono now() {
  return base::Mono{std::chrono::steady_clock::now().time_since_epoch()};
}

/// Chunks that may wait above the socket: as many as the burst, about two seconds.
std::size_t queue_limit(const packager::AudioWindow& window) {
  return std::max<std::size_t>(window.burst_chunks, 2);
}

std::uint64_t start_of(const packager::AudioWindow& window) {
  return window.end() - std::min(std::max<std::size_t>(window.burst_chunks, 1), window.chunks.size());
}

}  // namespace

Audio::Audio(std::shared_ptr<Mailbox> mailbox, const Limits& limits, Stats& stats, std::string hub_name)
    : limits_{limits},
      stats_{stats},
      hub_name_{std::move(hub_name)},
      waker_{std::make_shared<Waker>(std::move(mailbox), [this] { on_publish(); })} {}

Audio::~Audio() = default;

std::string Audio::answer(Exchange& exchange, const channels::Directory& directory) {
  exchange.header("Access-Control-Allow-Origin", "*");
  exchange.header("Cache-Control", "no-cache, no-store");
  const auto& head = *exchange.head;
  const auto captures = match("/audio/{file}", head.request.path);
  const auto file = captures ? captures->at("file") : std::string{};
  const bool mp3 = file.ends_with(".mp3");
  const auto channel =
      mp3 || file.ends_with(".aac") ? directory.find(file.substr(0, file.size() - 4)) : directory.end();
  const auto publication = channel == directory.end() ? nullptr
                           : mp3                      ? channel->second->mp3
                                                      : channel->second->aac;
  if (!publication) {
    exchange.respond(error_response(fail(base::Errc::NotFound, Text::NoSuchChannel, head.request.language)));
    return {};
  }
  const char* type = mp3 ? "audio/mpeg" : "audio/aac";
  if (soup_server_message_get_method(exchange.message()) == SOUP_METHOD_HEAD) {
    exchange.header("Content-Type", type);
    exchange.respond(200, type, {});  // a HEAD must not start an encoder
    return {};
  }
  Listener listener{exchange.weak_from_this(), publication, nullptr, channel->first,
                    channel->second->title,    type,        mp3,     std::nullopt,
                    mp3 && head.wants_icy,     false,       0,       now() + limits_.starting};
  listeners_.push_back(std::move(listener));
  ++stats_.audio_listeners;
  const auto self = std::prev(listeners_.end());
  exchange.on_end = [this, self] {
    --stats_.audio_listeners;
    listeners_.erase(self);
  };
  exchange.on_room = [this, self] { feed(*self); };
  exchange.pause();
  self->subscription = std::make_unique<Subscription<packager::AudioPublication>>(publication, waker_);
  feed(*self);
  return channel->first;
}

void Audio::begin(Listener& listener, Exchange& exchange, const packager::AudioWindow& window) {
  exchange.connection().set_send_buffer(limits_.audio_send_buffer_bytes);
  exchange.header("icy-name", header_safe(listener.title));
  exchange.header("icy-description", header_safe(hub_name_));
  exchange.header("icy-pub", "0");
  if (const int kbps = listener.mp3 ? mp3_kbps(*window.chunks.back()) : 0)
    exchange.header("icy-br", std::to_string(kbps));
  if (listener.wants_icy) {
    exchange.header("icy-metaint", std::to_string(IcyInterleaver::kInterval));
    listener.icy.emplace();
  }
  listener.begun = true;
  listener.next = start_of(window);
  exchange.begin_stream(listener.content_type);
}

void Audio::feed(Listener& listener) {
  const auto exchange = listener.exchange.lock();
  if (!exchange) return;
  const auto window = listener.publication->current();
  if (!window) {
    if (listener.begun) exchange->end_stream();  // the host stopped the channel
    return;
  }
  if (window->chunks.empty()) return;
  if (!listener.begun) begin(listener, *exchange, *window);
  if (listener.next < window->first) {  // what it wanted next is no longer there
    const auto to = start_of(*window);
    stats_.audio_chunks_skipped += to - listener.next;
    listener.next = to;
  }
  for (; listener.next < window->end() && exchange->queued() < queue_limit(*window); ++listener.next) {
    const auto& chunk = window->chunks[listener.next - window->first];
    exchange->append(listener.icy ? lib::soup::bytes_of(listener.icy->weave(*chunk, window->title))
                                  : lib::soup::bytes_of(chunk));
  }
}

void Audio::on_publish() {
  for (auto& listener : listeners_) feed(listener);
}

void Audio::check_deadlines(
    const std::function<void(const Exchange&, const std::string& channel)>& listening) {
  const auto at = now();
  for (auto next = listeners_.begin(); next != listeners_.end();) {
    auto& listener = *next++;
    const auto exchange = listener.exchange.lock();
    if (listener.begun && exchange) listening(*exchange, listener.channel);
    if (listener.begun || at < listener.deadline || !exchange) continue;
    ++stats_.timeouts_media;
    exchange->respond(
        error_response(fail(base::Errc::Busy, Text::Starting, exchange->head->request.language)));
  }
}

}  // namespace hub::web
