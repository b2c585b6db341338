#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/web/connection.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hub::web {

/// The door: accepts connections in its own thread, applies the limits on their number and hands them to the
/// web threads in turn. A web thread that is busy for a moment never delays accepting.
class Gate {
 public:
  struct Hands {
    unsigned web_threads = 1;
    /// Takes a new connection. @context gate
    std::function<void(std::shared_ptr<Connection>, lib::glib::Ref<GSocket>)> adopt;
    /// Ends a connection. @context gate
    std::function<void(ConnectionTable::Victim)> drop;
  };
  /// Binds and listens; nothing is accepted before open().
  /// @throws Error{Errc::Config} if @p address is no IP address, Error{Errc::Io} if the port is taken or may
  /// not be used.
  Gate(const std::string& address, std::uint16_t port, ConnectionTable& table, Stats& stats, Hands hands);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate();

  void open();
  /// After it returns, nothing is accepted or handed out any more, and the port is free.
  void close();
  /// The port that is listened on, also if 0 was asked for.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept_some();
  void take(lib::glib::Ref<GSocket> socket);
  void pause();

  ConnectionTable& table_;
  Stats& stats_;
  const Hands hands_;
  lib::glib::Ref<GSocket> listener_;
  std::uint16_t port_ = 0;
  std::uint64_t last_id_ = 0;
  lib::glib::LoopThread thread_{"gate"};
  lib::glib::SourceGuard watch_, resume_;  // only touched by thread_
};

}  // namespace hub::web
