#include "hub/channels/manager.h"
#include "hub/web/audience.h"
#include "hub/web/handlers.h"
#include "hub/web/stats.h"

#include <iterator>
#include <string>

#include <fmt/format.h>

namespace hub::web {
namespace {

class Page {
 public:
  void one(const char* name, const char* type, const char* help, std::uint64_t value) {
    begin(name, type, help);
    fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
  }
  void begin(const char* name, const char* type, const char* help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  /// @p label  ids of channels are [a-z0-9-]: nothing to escape.
  void line(const char* name, const std::string& label, std::uint64_t value) {
    fmt::format_to(std::back_inserter(text_), "{}{{{}}} {}\n", name, label, value);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

void metrics(Services& services, const Request&, Reply reply) {
  const auto& stats = services.stats;
  Page page;
  page.one("hub_connections", "gauge", "Connections now.", stats.connections);
  page.one("hub_websockets", "gauge", "Open pages now.", stats.websockets);
  page.one("hub_audio_listeners", "gauge", "Listeners of endless audio now.", stats.audio_listeners);
  page.one("hub_media_blocked", "gauge", "Media requests that wait for a part now.", stats.blocked);
  page.one("hub_connections_accepted_total", "counter", "Connections accepted.", stats.accepted);
  page.one("hub_connections_refused_total", "counter", "Connections turned away at a limit.", stats.refused);
  page.one("hub_connections_evicted_total", "counter", "Connections closed to make room.", stats.evicted);
  page.begin("hub_connections_dropped_total", "counter", "Connections closed at a deadline.");
  page.line("hub_connections_dropped_total", "deadline=\"header\"", stats.dropped_header);
  page.line("hub_connections_dropped_total", "deadline=\"body\"", stats.dropped_body);
  page.line("hub_connections_dropped_total", "deadline=\"idle\"", stats.dropped_idle);
  page.line("hub_connections_dropped_total", "deadline=\"stall\"", stats.dropped_stalled);
  page.begin("hub_requests_total", "counter", "Requests answered.");
  page.line("hub_requests_total", "kind=\"api\"", stats.requests_api);
  page.line("hub_requests_total", "kind=\"media\"", stats.requests_media);
  page.line("hub_requests_total", "kind=\"file\"", stats.requests_files);
  page.line("hub_requests_total", "kind=\"refused\"", stats.requests_refused);
  page.one("hub_clients_gone_total", "counter", "Clients that left before their answer.",
           stats.gone_while_waiting);
  page.one("hub_media_timeouts_total", "counter", "Blocked media requests answered 503.",
           stats.timeouts_media);
  page.one("hub_audio_chunks_skipped_total", "counter", "Chunks that slow listeners jumped over.",
           stats.audio_chunks_skipped);
  page.one("hub_bytes_out_total", "counter", "Bytes of response bodies and frames.", stats.bytes_out);
  const auto& list = services.channels.list();
  const auto per_channel = [&](const char* name, const char* type, const char* help, auto value) {
    page.begin(name, type, help);
    for (const auto& info : list)
      page.line(name, fmt::format("channel=\"{}\"", info.id), static_cast<std::uint64_t>(value(info)));
  };
  per_channel("hub_channel_live", "gauge", "1 while the channel is live.",
              [](const auto& info) { return info.state == channels::State::Live ? 1 : 0; });
  per_channel("hub_channel_viewers", "gauge", "Devices that follow the channel now.",
              [&](const auto& info) { return services.audience.viewers(info.id); });
  per_channel("hub_channel_bytes_in_total", "counter", "Bytes pulled from the source.",
              [](const auto& info) { return info.bytes_in; });
  per_channel("hub_channel_restarts_total", "counter", "Restarts of the channel's worker.",
              [](const auto& info) { return info.restarts; });
  per_channel("hub_channel_buffered_ms", "gauge", "Media received and not yet played out.",
              [](const auto& info) { return info.buffered.count() / 1'000'000; });
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = page.take();
  response.headers.emplace_back("Cache-Control", "no-store");
  reply(std::move(response));
}

}  // namespace hub::web
