#include "hub/web/connection.h"

#include "hub/web/exchange.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace hub::web {

void ConnectionTable::add(Connection& connection) {
  const std::lock_guard lock{mutex_};
  all_.emplace(connection.id(), &connection);
  ++per_address_[connection.address()];
  ++counted_;
  stats_.connections = counted_;
}

void ConnectionTable::remove(Connection& connection) {
  const std::lock_guard lock{mutex_};
  all_.erase(connection.id());
  uncount_locked(connection);
}

void ConnectionTable::uncount_locked(Connection& connection) {
  if (!connection.counted_) return;
  connection.counted_ = false;
  --counted_;
  stats_.connections = counted_;
  const auto of_address = per_address_.find(connection.address());
  if (--of_address->second == 0) per_address_.erase(of_address);
}

Connection* ConnectionTable::oldest_locked(const std::string* address) const {
  Connection* idle = nullptr;
  for (const auto& [id, connection] : all_) {
    if (!connection->counted_ || (address && connection->address() != *address)) continue;
    const auto phase = connection->phase();
    if (phase == Connection::Phase::Head) return connection;
    if (phase == Connection::Phase::Idle && !idle) idle = connection;
  }
  return idle;
}

ConnectionTable::Victim ConnectionTable::evict_locked(Connection& connection) {
  uncount_locked(connection);
  ++stats_.evicted;
  return {connection.id(), connection.web_thread()};
}

ConnectionTable::Admission ConnectionTable::admit(const std::string& address) {
  const std::lock_guard lock{mutex_};
  const auto of_address = per_address_.find(address);
  const bool address_full =
      of_address != per_address_.end() && of_address->second >= limits_.max_connections_per_address;
  if (!address_full && counted_ < limits_.max_connections) return {true, std::nullopt};
  Connection* victim = oldest_locked(address_full ? &address : nullptr);
  if (!victim) return {};
  return {true, evict_locked(*victim)};
}

std::optional<ConnectionTable::Victim> ConnectionTable::evict() {
  const std::lock_guard lock{mutex_};
  Connection* victim = oldest_locked(nullptr);
  if (!victim) return std::nullopt;
  return evict_locked(*victim);
}

Connection::Connection(ConnectionTable& table, Stats& stats, std::uint64_t id, unsigned web_thread,
                       std::string address, lib::glib::Ref<GSocket> socket)
    : table_{table},
      stats_{stats},
      id_{id},
      web_thread_{web_thread},
      address_{std::move(address)},
      socket_{std::move(socket)},
      since_{now()},
      progress_{since_} {
  table_.add(*this);
}

Connection::~Connection() {
  table_.remove(*this);
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = progress_ = now();
}

void Connection::drop() {
  dropped_ = true;
  // shutdown() and not close(): the descriptor stays libsoup's, and cannot be reused under its hands.
  g_socket_shutdown(socket_.get(), TRUE, TRUE, nullptr);
  // A paused message watches no socket and would stay for ever.
  if (const auto open = exchange) open->give_up();
}

void Connection::check(const Limits& limits, bool queued) {
  const auto age = now() - since_;
  const auto drop_and_count = [this](Stats::Count& count) {
    if (!dropped_) ++count;  // libsoup may take longer than a sweep to let go of it
    drop();
  };
  switch (phase()) {
    case Phase::Head:
      if (age >= limits.header) drop_and_count(stats_.dropped_header);
      break;
    case Phase::Body:
      if (age >= limits.body) drop_and_count(stats_.dropped_body);
      break;
    case Phase::Idle:
      if (age >= limits.idle) drop_and_count(stats_.dropped_idle);
      break;
    case Phase::Lingering:
      if (age >= limits.linger) drop();
      break;
    case Phase::Waiting:
      if (peer_gone()) drop_and_count(stats_.gone_while_waiting);
      break;
    case Phase::Writing:
      if (stalled(limits.write_stall)) drop_and_count(stats_.dropped_stalled);
      break;
    case Phase::Streaming:
      if (peer_gone())
        drop();
      else if (!queued)
        progress();  // nothing to take: no stall
      else if (stalled(limits.write_stall))
        drop_and_count(stats_.dropped_stalled);
      break;
    case Phase::Socket:
      break;  // live.h: pings
  }
}

bool Connection::peer_gone() const {
  const int fd = g_socket_get_fd(socket_.get());
  if (fd < 0) return true;
  char byte = 0;
  const auto got = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool Connection::writable() const {
  return (g_socket_condition_check(socket_.get(), G_IO_OUT) & G_IO_OUT) != 0;
}

bool Connection::stalled(std::chrono::milliseconds limit) {
  // The kernel takes megabytes before libsoup sees a full socket, and then nothing is written for a long
  // time although a slow phone reads all the while: what counts as well is that bytes are acknowledged.
  int unacknowledged = 0;
  const int fd = g_socket_get_fd(socket_.get());
  if (fd >= 0 && ioctl(fd, SIOCOUTQ, &unacknowledged) == 0) {
    if (unacknowledged < unacknowledged_) progress();
    unacknowledged_ = unacknowledged;
  }
  return now() - progress_ >= limit;
}

void Connection::set_send_buffer(int bytes) {
  g_socket_set_option(socket_.get(), SOL_SOCKET, SO_SNDBUF, bytes, nullptr);
}

void Connection::send_raw_and_shut(const std::string& bytes) {
  const int fd = g_socket_get_fd(socket_.get());
  // A few hundred bytes into an empty send buffer: they fit, or the connection is broken anyway.
  if (fd >= 0) static_cast<void>(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  g_socket_shutdown(socket_.get(), FALSE, TRUE, nullptr);
  enter(Phase::Lingering);
}

}  // namespace hub::web
