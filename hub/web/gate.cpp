#include "hub/web/gate.h"

#include "hub/base/error.h"
#include "hub/base/log.h"

#include <chrono>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace hub::web {
namespace {

using lib::glib::GErrorPtr;
using lib::glib::Ref;

constexpr int kBacklog = 1024;                    // a whole room that reloads at once
constexpr int kAcceptsPerTurn = 64;               // then others of this loop get a turn
constexpr std::chrono::milliseconds kPause{200};  // without file descriptors: somebody may have closed one

[[noreturn]] void fail_to_listen(const GError& error, const std::string& address, std::uint16_t port) {
  const auto where = fmt::format("{}:{}", address, port);
  std::string text;
  if (g_error_matches(&error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    text = fmt::format(
        "port {} is taken by another program: stop it (ss -ltnp 'sport = :{}' names it) or choose another "
        "port "
        "in [web] listen",
        port, port);
  else if (g_error_matches(&error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    text = fmt::format("port {} may not be used by this user: choose one above 1023 in [web] listen", port);
  else
    text = fmt::format("cannot listen on {}: {}; check the address in [web] listen", where, error.message);
  throw base::Error{base::Errc::Io, text};
}

/// The peer's address without port, IPv4 also if it came through an IPv6 socket; empty if it has gone.
std::string peer_of(GSocket* socket) {
  const auto remote = Ref<GSocketAddress>::adopt(g_socket_get_remote_address(socket, nullptr));
  if (!remote || !G_IS_INET_SOCKET_ADDRESS(remote.get())) return {};
  auto* inet = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(remote.get()));
  const lib::glib::GCharPtr text{g_inet_address_to_string(inet)};
  const std::string out{text.get()};
  return out.starts_with("::ffff:") && out.find('.') != std::string::npos ? out.substr(7) : out;
}

}  // namespace

Gate::Gate(const std::string& address, std::uint16_t port, ConnectionTable& table, Stats& stats, Hands hands)
    : table_{table}, stats_{stats}, hands_{std::move(hands)} {
  const auto where = Ref<GSocketAddress>::adopt(g_inet_socket_address_new_from_string(address.c_str(), port));
  if (!where)
    throw base::Error{
        base::Errc::Config,
        fmt::format("[web] listen: “{}” is no IP address; write 0.0.0.0 for all of them", address)};
  GError* raw = nullptr;
  listener_ = Ref<GSocket>::adopt(g_socket_new(g_socket_address_get_family(where.get()), G_SOCKET_TYPE_STREAM,
                                               G_SOCKET_PROTOCOL_TCP, &raw));
  if (listener_) {
    g_socket_set_listen_backlog(listener_.get(), kBacklog);
    g_socket_set_blocking(listener_.get(), FALSE);
    // allow_reuse: only past TIME_WAIT; a second listener is still refused.
    if (g_socket_bind(listener_.get(), where.get(), TRUE, &raw)) g_socket_listen(listener_.get(), &raw);
  }
  const GErrorPtr error{raw};
  if (error) fail_to_listen(*error, address, port);
  const auto bound = Ref<GSocketAddress>::adopt(g_socket_get_local_address(listener_.get(), nullptr));
  port_ = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound.get()));
}

Gate::~Gate() {
  close();
}

void Gate::open() {
  thread_.run_and_wait([this] {
    watch_ = thread_.loop().watch(g_socket_get_fd(listener_.get()), G_IO_IN,
                                  [this](GIOCondition) { accept_some(); });
  });
}

void Gate::close() {
  thread_.post([this] {
    watch_.reset();
    resume_.reset();
  });
  thread_.stop();
  g_socket_close(listener_.get(), nullptr);
}

void Gate::accept_some() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    GError* raw = nullptr;
    auto socket = Ref<GSocket>::adopt(g_socket_accept(listener_.get(), nullptr, &raw));
    if (socket) {
      take(std::move(socket));
      continue;
    }
    const GErrorPtr error{raw};
    if (g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) return;
    if (g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED)) continue;  // gone already
    // Out of descriptors or memory: the listener stays readable, so that going on would spin. Make room and
    // come back a little later.
    ++stats_.refused;
    base::logger("web")->warn("cannot accept a connection: {}; raise LimitNOFILE if this stays",
                              error->message);
    if (const auto victim = table_.evict()) hands_.drop(*victim);
    pause();
    return;
  }
}

void Gate::pause() {
  watch_.reset();
  resume_ = thread_.loop().after(kPause, [this] {
    watch_ = thread_.loop().watch(g_socket_get_fd(listener_.get()), G_IO_IN,
                                  [this](GIOCondition) { accept_some(); });
  });
}

void Gate::take(Ref<GSocket> socket) {
  const auto address = peer_of(socket.get());
  if (address.empty()) return;  // reset between accept and here
  const auto admission = table_.admit(address);
  if (admission.victim) hands_.drop(*admission.victim);
  if (!admission.admitted) {
    ++stats_.refused;
    // A reset instead of a silent close: no TIME_WAIT for us, and the browser sees at once that it failed.
    const linger at_once{1, 0};
    setsockopt(g_socket_get_fd(socket.get()), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return;
  }
  g_socket_set_blocking(socket.get(), FALSE);
  g_socket_set_keepalive(socket.get(), TRUE);
  g_socket_set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
  ++stats_.accepted;
  const auto id = ++last_id_;
  const auto web_thread = static_cast<unsigned>(id % hands_.web_threads);
  auto connection = std::make_shared<Connection>(table_, stats_, id, web_thread, address, socket);
  hands_.adopt(std::move(connection), std::move(socket));
}

}  // namespace hub::web
