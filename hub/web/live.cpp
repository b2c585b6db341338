#include "hub/web/live.h"

#include "hub/base/json.h"
#include "hub/web/head.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <utility>

namespace hub::web {
namespace {

using lib::glib::Ref;

/// Above our own limit, so that libsoup lets a frame through that we close with 1009: over its limit it cuts
/// the connection without a word. No frame above this is ever held in memory.
constexpr guint64 kLibraryLimitBytes = 65'536;
constexpr int kMessagesPerSweep = 20;  // a page says something every 15 s and at each change

base::Mono now() {
  return base::Mono{std::chrono::steady_clock::now().time_since_epoch()};
}

const char* word_of(Change change) {
  switch (change) {
    case Change::Desk:
      return "desk";
    case Change::Reports:
      return "reports";
    case Change::Recordings:
      return "recordings";
    case Change::Sessions:
      return "sessions";
    case Change::Machine:
      return "machine";
  }
  return "";
}

}  // namespace

Live::Live(const Limits& limits, Stats& stats, std::string boot, Out out)
    : limits_{limits}, stats_{stats}, boot_{std::move(boot)}, out_{std::move(out)} {}

Live::~Live() {
  for (auto& socket : sockets_) g_signal_handlers_disconnect_by_data(socket.websocket.get(), &socket);
  stats_.websockets -= sockets_.size();
}

void Live::open(Exchange& exchange, std::shared_ptr<Connection> connection) {
  const auto& head = *exchange.head;
  if (stats_.websockets >= limits_.max_websockets) {
    exchange.respond(error_response(fail(base::Errc::Busy, Text::TooManySockets, head.request.language)));
    return;
  }
  auto* message = exchange.message();
  // No extensions: deflate costs memory per socket, and our frames are small. The origin was checked.
  if (!soup_websocket_server_process_handshake(message, nullptr, nullptr, nullptr, nullptr)) return;
  const auto& request = head.request;
  auto* upgrade = new Upgrade{this,
                              std::move(connection),
                              request.device_token,
                              request.language,
                              request.session_token.empty() ? "" : session_key(request.session_token),
                              request.local_console};
  g_signal_connect_data(
      message, "wrote-informational", G_CALLBACK(on_upgraded), upgrade,
      [](gpointer data, GClosure*) noexcept { delete static_cast<Upgrade*>(data); }, GConnectFlags{});
}

void Live::on_upgraded(SoupServerMessage* message, gpointer data) noexcept {
  const Upgrade upgrade = *static_cast<Upgrade*>(data);  // the closure may die with the message
  upgrade.live->add(upgrade, message);
}

void Live::add(const Upgrade& upgrade, SoupServerMessage* message) {
  const auto keep = Ref<SoupServerMessage>::share(message);
  const auto stream = Ref<GIOStream>::adopt(soup_server_message_steal_connection(message));
  if (const auto exchange = upgrade.connection->exchange) exchange->on_finished();
  upgrade.connection->exchange.reset();
  if (!stream) return;
  upgrade.connection->enter(Connection::Phase::Socket);
  auto websocket = Ref<SoupWebsocketConnection>::adopt(
      soup_websocket_connection_new(stream.get(), soup_server_message_get_uri(message),
                                    SOUP_WEBSOCKET_CONNECTION_SERVER, nullptr, nullptr, nullptr));
  soup_websocket_connection_set_max_incoming_payload_size(websocket.get(), kLibraryLimitBytes);
  soup_websocket_connection_set_keepalive_interval(
      websocket.get(), static_cast<guint>(std::chrono::ceil<std::chrono::seconds>(limits_.ping).count()));
  auto& socket =
      sockets_.emplace_back(Socket{this, websocket, upgrade.connection, upgrade.device, upgrade.language,
                                   upgrade.session, upgrade.local_console, now(), now()});
  ++stats_.websockets;
  g_signal_connect(websocket.get(), "message", G_CALLBACK(on_message), &socket);
  g_signal_connect(websocket.get(), "pong", G_CALLBACK(on_pong), &socket);
  g_signal_connect(websocket.get(), "closed", G_CALLBACK(on_closed), &socket);
  send(socket, base::Json{{"t", "hub"}, {"boot", boot_}}.dump());
  show(socket, Topic::Channels);
  show(socket, Topic::Sessions);
}

void Live::send(Socket& socket, const std::string& text) {
  if (soup_websocket_connection_get_state(socket.websocket.get()) != SOUP_WEBSOCKET_STATE_OPEN) return;
  stats_.bytes_out += text.size();
  soup_websocket_connection_send_text(socket.websocket.get(), text.c_str());
}

bool Live::Socket::waits() const {
  return !untold.empty() || std::find(behind.begin(), behind.end(), true) != behind.end();
}

void Live::show(Socket& socket, Topic topic) {
  const auto index = static_cast<std::size_t>(topic);
  if (!frames_[index]) return;
  if (!socket.waits()) socket.took = now();
  socket.behind[index] = true;
  catch_up(socket);
}

void Live::catch_up(Socket& socket) {
  if (!socket.waits() || !socket.connection->writable()) return;
  socket.took = now();
  for (std::size_t index = 0; index < kTopics; ++index) {
    if (!std::exchange(socket.behind[index], false)) continue;
    const auto found = frames_[index]->find(socket.language);
    if (found != frames_[index]->end()) send(socket, found->second);
  }
  const auto untold = std::exchange(socket.untold, {});
  if (untold.empty() || !is_told(socket)) return;
  auto what = base::Json::array();
  for (const auto change : untold) what.push_back(word_of(change));
  send(socket, base::Json{{"t", "changed"}, {"what", std::move(what)}}.dump());
}

bool Live::is_told(const Socket& socket) const {
  if (!told_) return false;
  return (socket.local_console && told_->local_console) || told_->keys.contains(socket.session);
}

void Live::show(Topic topic, std::shared_ptr<const Frames> frames) {
  frames_[static_cast<std::size_t>(topic)] = std::move(frames);
  for (auto& socket : sockets_) show(socket, topic);
}

void Live::tell(const Notice& notice) {
  told_ = notice.who;
  for (auto& socket : sockets_) {
    if (!is_told(socket)) continue;
    if (!socket.waits()) socket.took = now();
    socket.untold.insert(notice.what.begin(), notice.what.end());
    catch_up(socket);
  }
}

void Live::on_message(SoupWebsocketConnection* websocket, gint type, GBytes* bytes, gpointer data) noexcept {
  auto& socket = *static_cast<Socket*>(data);
  if (soup_websocket_connection_get_state(websocket) != SOUP_WEBSOCKET_STATE_OPEN) return;  // we closed it
  gsize size = 0;
  const auto* text = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  if (size > socket.live->limits_.max_frame_bytes)
    close(socket, SOUP_WEBSOCKET_CLOSE_TOO_BIG);
  else if (type != SOUP_WEBSOCKET_DATA_TEXT)
    close(socket, SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA);
  else if (++socket.messages > kMessagesPerSweep)
    close(socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  else
    socket.live->hear(socket, {text, size});
}

void Live::close(Socket& socket, gushort code) {
  if (soup_websocket_connection_get_state(socket.websocket.get()) != SOUP_WEBSOCKET_STATE_OPEN) return;
  socket.closing = now();
  soup_websocket_connection_close(socket.websocket.get(), code, nullptr);
}

void Live::hear(Socket& socket, std::string_view text) {
  const auto json = base::parse_json(text, 4);
  const auto kind = json ? base::string_at(*json, "t") : std::nullopt;
  if (!kind) {
    close(socket, SOUP_WEBSOCKET_CLOSE_BAD_DATA);
    return;
  }
  if (*kind != "here") return;  // a newer page may say more than we know
  Sign sign{socket.device, socket.connection->id(), socket.connection->address(), "", {}};
  const auto channel = base::string_at(*json, "channel").value_or("");
  const auto mode = base::string_at(*json, "mode").value_or("");
  if (channel.size() <= 40 && (mode == "video" || mode == "audio")) {
    sign.channel = channel;
    sign.mode = mode == "audio" ? attendance::Proof::Mode::Audio : attendance::Proof::Mode::Video;
  }
  out_.sign(std::move(sign));
}

void Live::on_pong(SoupWebsocketConnection*, GBytes*, gpointer data) noexcept {
  static_cast<Socket*>(data)->heard = now();
}

void Live::on_closed(SoupWebsocketConnection*, gpointer data) noexcept {
  auto& socket = *static_cast<Socket*>(data);
  socket.live->remove(socket);
}

void Live::remove(Socket& socket) {
  g_signal_handlers_disconnect_by_data(socket.websocket.get(), &socket);
  --stats_.websockets;
  out_.left(socket.connection->id());
  sockets_.remove_if([&](const Socket& other) { return &other == &socket; });
}

void Live::check_deadlines() {
  const auto at = now();
  for (auto& socket : sockets_) {
    socket.messages = 0;
    catch_up(socket);
    const bool no_pong = at - socket.heard > limits_.ping + limits_.pong;
    const bool takes_nothing = socket.waits() && at - socket.took > limits_.write_stall;
    // libsoup waits for the peer's half of the goodbye, and a rude one keeps it.
    const bool keeps_on = socket.closing != base::Mono{} && at - socket.closing > limits_.linger;
    if (!no_pong && !takes_nothing && !keeps_on) continue;
    if (!keeps_on) ++stats_.dropped_stalled;
    socket.closing = {};
    socket.heard = socket.took = at;  // once
    socket.connection->drop();        // "closed" follows from the loop
  }
}

void Live::close_all() {
  for (auto& socket : sockets_) close(socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
}

}  // namespace hub::web
