#include "hub/web/web_thread.h"

#include "hub/base/log.h"
#include "hub/lib/soup/server_stream.h"
#include "hub/web/head.h"
#include "hub/web/texts.h"

#include <utility>
#include <vector>

#include <gio/gunixsocketaddress.h>

namespace hub::web {
namespace {

using lib::glib::Ref;

GQuark record_quark() {
  return g_quark_from_static_string("hub-web-connection");
}

base::Mono now() {
  return base::Mono{std::chrono::steady_clock::now().time_since_epoch()};
}

/// libsoup 3.2 closes each connection after one answer unless the server has a listener, and ours get their
/// connections from the gate. So it is given one that nothing ever comes through: a socket in the abstract
/// Unix namespace, on a context that nobody runs.
void keep_connections_alive(SoupServer* server) {
  GError* raw = nullptr;
  const auto idle = Ref<GMainContext>::adopt(g_main_context_new());
  const auto socket = Ref<GSocket>::adopt(
      g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &raw));
  const auto any =
      Ref<GSocketAddress>::adopt(g_unix_socket_address_new_with_type("", 0, G_UNIX_SOCKET_ADDRESS_ANONYMOUS));
  bool listens = false;
  if (socket) {
    g_socket_set_listen_backlog(socket.get(), 1);
    listens = g_socket_bind(socket.get(), any.get(), FALSE, &raw) && g_socket_listen(socket.get(), &raw);
  }
  if (listens) {
    g_main_context_push_thread_default(idle.get());
    listens = soup_server_listen_socket(server, socket.get(), SoupServerListenOptions{}, &raw) != FALSE;
    g_main_context_pop_thread_default(idle.get());
  }
  const lib::glib::GErrorPtr error{raw};
  if (!listens)
    base::logger("web")->warn("connections are closed after each answer: {}", error ? error->message : "?");
}

}  // namespace

struct WebThread::Record {
  std::shared_ptr<Connection> connection;
  std::shared_ptr<Registry> registry;
  WebThread* thread;
};

struct WebThread::Inside {
  std::shared_ptr<Registry> registry = std::make_shared<Registry>();
  Hls hls;
  Audio audio;
  Live live;
  MediaSigns signs;
  Ref<SoupServer> server;
  lib::glib::SourceGuard sweeper;
};

WebThread::WebThread(const Front& front, unsigned index)
    : front_{front},
      thread_{"web " + std::to_string(index)},
      mailbox_{std::make_shared<Mailbox>(thread_.loop())} {
  thread_.run_and_wait([this] { begin_inside(); });
}

WebThread::~WebThread() {
  stop();
}

void WebThread::begin_inside() {
  const Live::Out out{[this](Sign sign) { front_.dispatcher.sign(std::move(sign)); },
                      [this](std::uint64_t page) { front_.dispatcher.left(page); }};
  inside_.reset(new Inside{std::make_shared<Registry>(),
                           Hls{mailbox_, front_.limits, front_.stats, front_.admission},
                           Audio{mailbox_, front_.limits, front_.stats, front_.identity.name},
                           Live{front_.limits, front_.stats, front_.boot, out},
                           MediaSigns{front_.limits.media_report},
                           // raw-paths: we decode ourselves, with stricter rules (path.h). No Server header.
                           Ref<SoupServer>::adopt(soup_server_new("raw-paths", TRUE, nullptr)),
                           {}});
  auto* server = inside_->server.get();
  keep_connections_alive(server);
  soup_server_add_handler(server, "/", on_handle, this, nullptr);
  g_signal_connect(server, "request-started", G_CALLBACK(on_request_started), this);
  inside_->sweeper = thread_.loop().every(front_.limits.sweep, [this] { sweep(); });
}

void WebThread::stop() {
  mailbox_->close();
  thread_.post([this] {
    if (inside_) end_inside();
  });
  thread_.stop();
}

void WebThread::end_inside() {
  inside_->sweeper.reset();
  inside_->live.close_all();
  for (int i = 0; i < 8; ++i)
    g_main_context_iteration(thread_.loop().context(), FALSE);  // the close frames go out
  std::vector<std::shared_ptr<Exchange>> open;
  for (const auto& [id, connection] : *inside_->registry)
    if (connection->exchange) open.push_back(connection->exchange);
  for (const auto& exchange : open) exchange->on_finished();
  // Closes the clients without a word to the messages: hence the line above.
  soup_server_disconnect(inside_->server.get());
  open.clear();
  inside_.reset();
  for (int i = 0; i < 8; ++i)
    g_main_context_iteration(thread_.loop().context(), FALSE);  // asynchronous closes
}

void WebThread::adopt(std::shared_ptr<Connection> connection, Ref<GSocket> socket) {
  mailbox_->post([this, connection = std::move(connection), socket = std::move(socket)] {
    if (inside_) take(connection, socket);
  });
}

void WebThread::drop(std::uint64_t connection) {
  mailbox_->post([this, connection] {
    if (!inside_) return;
    const auto found = inside_->registry->find(connection);
    if (found != inside_->registry->end()) found->second->drop();
  });
}

void WebThread::show(Topic topic, std::shared_ptr<const Frames> frames) {
  mailbox_->post([this, topic, frames = std::move(frames)] {
    if (inside_) inside_->live.show(topic, frames);
  });
}

void WebThread::tell(std::shared_ptr<const Notice> notice) {
  mailbox_->post([this, notice = std::move(notice)] {
    if (inside_) inside_->live.tell(*notice);
  });
}

void WebThread::take(const std::shared_ptr<Connection>& connection, const Ref<GSocket>& socket) {
  const auto stream = lib::soup::server_stream(
      Ref<GSocketConnection>::adopt(g_socket_connection_factory_create_connection(socket.get())));
  const auto local = Ref<GSocketAddress>::adopt(g_socket_get_local_address(socket.get(), nullptr));
  const auto peer = Ref<GSocketAddress>::adopt(g_socket_get_remote_address(socket.get(), nullptr));
  if (!local || !peer) return;  // reset on its way here
  // A copy: the socket keeps the original, and the gate may be the last to let go of it, but the record has
  // to die in this thread.
  auto* inet = G_INET_SOCKET_ADDRESS(peer.get());
  const auto remote = Ref<GSocketAddress>::adopt(g_inet_socket_address_new(
      g_inet_socket_address_get_address(inet), g_inet_socket_address_get_port(inet)));
  auto* record = new Record{connection, inside_->registry, this};
  inside_->registry->emplace(connection->id(), connection.get());
  // libsoup keeps the address as long as the connection, and hands it out with each message.
  g_object_set_qdata_full(G_OBJECT(remote.get()), record_quark(), record, [](gpointer data) noexcept {
    const std::unique_ptr<Record> owned{static_cast<Record*>(data)};
    owned->registry->erase(owned->connection->id());
  });
  soup_server_accept_iostream(inside_->server.get(), stream.get(), local.get(), remote.get(), nullptr);
}

WebThread::Record* WebThread::record_of(SoupServerMessage* message) {
  auto* address = soup_server_message_get_remote_address(message);
  return address ? static_cast<Record*>(g_object_get_qdata(G_OBJECT(address), record_quark())) : nullptr;
}

void WebThread::on_request_started(SoupServer*, SoupServerMessage* message, gpointer) noexcept {
  auto* record = record_of(message);
  if (!record) return;
  // For the first request libsoup says so at the accept, when the header deadline runs already.
  if (record->connection->phase() != Connection::Phase::Head)
    record->connection->enter(Connection::Phase::Head);
  g_signal_connect(message, "got-headers", G_CALLBACK(on_got_headers), record);
  g_signal_connect(message, "got-chunk", G_CALLBACK(on_got_chunk), record);
  g_signal_connect(message, "wrote-headers", G_CALLBACK(on_wrote), record);
  g_signal_connect(message, "wrote-body-data", G_CALLBACK(on_wrote_data), record);
  g_signal_connect(message, "wrote-chunk", G_CALLBACK(on_wrote_chunk), record);
  g_signal_connect(message, "finished", G_CALLBACK(on_finished), record);
}

void WebThread::on_got_headers(SoupServerMessage* message, gpointer data) noexcept {
  auto& record = *static_cast<Record*>(data);
  auto& connection = *record.connection;
  const auto& front = record.thread->front_;
  connection.enter(Connection::Phase::Body);
  connection.exchange = std::make_shared<Exchange>(connection, message, front.stats);
  auto& exchange = *connection.exchange;
  exchange.head = std::make_shared<Head>(read_head(message, connection, front.hosts, front.identity));
  add_security_headers(exchange);
  if (!exchange.head->refusal) return;
  ++front.stats.requests_refused;
  auto* headers = soup_server_message_get_request_headers(message);
  const bool has_body = soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CHUNKED ||
                        soup_message_headers_get_content_length(headers) > 0;
  if (has_body)
    exchange.refuse_unread(*exchange.head->refusal);
  else
    exchange.respond(*exchange.head->refusal);
}

void WebThread::on_got_chunk(SoupServerMessage* message, GBytes*, gpointer data) noexcept {
  auto& record = *static_cast<Record*>(data);
  const auto exchange = record.connection->exchange;
  if (!exchange || !exchange->open() || exchange->head->refusal) return;
  const auto size = soup_server_message_get_request_body(message)->length;
  if (size <= static_cast<goffset>(exchange->head->body_limit_bytes)) return;
  ++record.thread->front_.stats.requests_refused;
  const auto& language = exchange->head->request.language;
  exchange->head->refusal = error_response(fail(base::Errc::TooLarge, Text::TooLarge, language));
  exchange->refuse_unread(*exchange->head->refusal);
}

void WebThread::on_handle(SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
                          gpointer data) noexcept {
  auto* record = record_of(message);
  if (!record || !record->connection->exchange) {
    soup_server_message_set_status(message, SOUP_STATUS_INTERNAL_SERVER_ERROR, nullptr);
    return;
  }
  const auto exchange = record->connection->exchange;
  record->connection->enter(Connection::Phase::Waiting);
  static_cast<WebThread*>(data)->answer(*exchange, record->connection);
}

void WebThread::answer(Exchange& exchange, const std::shared_ptr<Connection>& connection) {
  auto& head = *exchange.head;
  switch (head.target) {
    case Head::Target::Api: {
      ++front_.stats.requests_api;
      const auto body = Ref<GBytes>::adopt(
          soup_message_body_flatten(soup_server_message_get_request_body(exchange.message())));
      gsize size = 0;
      const auto* text = static_cast<const char*>(g_bytes_get_data(body.get(), &size));
      if (size > 0) head.request.body.assign(text, size);
      front_.dispatcher.ask(exchange, mailbox_);
      break;
    }
    case Head::Target::Hls: {
      ++front_.stats.requests_media;
      const auto file = head.request.path.substr(head.request.path.rfind('/') + 1);
      note_media(exchange, inside_->hls.answer(exchange, *front_.channels.directory()),
                 file.starts_with("audio"));
      break;
    }
    case Head::Target::Audio:
      ++front_.stats.requests_media;
      note_media(exchange, inside_->audio.answer(exchange, *front_.channels.directory()), true);
      break;
    case Head::Target::File:
      ++front_.stats.requests_files;
      front_.files.answer(exchange);
      break;
    case Head::Target::Live:
      inside_->live.open(exchange, connection);
      break;
    case Head::Target::Options:
      exchange.header("Allow", head.allow + ", OPTIONS");
      if (head.request.path.starts_with("/hls/") || head.request.path.starts_with("/audio/")) {
        exchange.header("Access-Control-Allow-Origin", "*");
        exchange.header("Access-Control-Allow-Methods", "GET, HEAD");
        exchange.header("Access-Control-Allow-Headers", "Range, Icy-MetaData");
      }
      exchange.respond(204, "", {});
      break;
  }
}

void WebThread::note_media(const Exchange& exchange, const std::string& channel, bool audio) {
  if (channel.empty()) return;
  using Mode = attendance::Proof::Mode;
  const auto& request = exchange.head->request;
  Sign sign{request.device_token, 0, request.peer, channel, audio ? Mode::Audio : Mode::Video};
  if (inside_->signs.due(sign, now())) front_.dispatcher.sign(std::move(sign));
}

void WebThread::on_wrote(SoupServerMessage*, gpointer data) noexcept {
  static_cast<Record*>(data)->connection->progress();
}

void WebThread::on_wrote_data(SoupServerMessage*, guint, gpointer data) noexcept {
  static_cast<Record*>(data)->connection->progress();
}

void WebThread::on_wrote_chunk(SoupServerMessage*, gpointer data) noexcept {
  if (const auto exchange = static_cast<Record*>(data)->connection->exchange) exchange->on_wrote_chunk();
}

void WebThread::on_finished(SoupServerMessage*, gpointer data) noexcept {
  auto& connection = *static_cast<Record*>(data)->connection;
  const auto exchange = std::exchange(connection.exchange, nullptr);
  if (exchange) exchange->on_finished();
  if (connection.phase() != Connection::Phase::Lingering) connection.enter(Connection::Phase::Idle);
}

void WebThread::sweep() {
  // A drop changes the registry only from the loop, but not every libsoup promises that: walk over a copy.
  std::vector<std::uint64_t> ids;
  ids.reserve(inside_->registry->size());
  for (const auto& [id, connection] : *inside_->registry) ids.push_back(id);
  for (const auto id : ids) {
    const auto found = inside_->registry->find(id);
    if (found == inside_->registry->end()) continue;
    auto& connection = *found->second;
    connection.check(front_.limits, connection.exchange && connection.exchange->queued() > 0);
  }
  inside_->hls.check_deadlines();
  inside_->audio.check_deadlines(
      [this](const Exchange& exchange, const std::string& channel) { note_media(exchange, channel, true); });
  inside_->live.check_deadlines();
  inside_->signs.forget_old(now());
}

}  // namespace hub::web
