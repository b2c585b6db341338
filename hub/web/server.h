#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/web/assets.h"
#include "hub/web/limits.h"
#include "hub/web/services.h"
#include "hub/web/settings.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hub::web {

/// The hub's HTTP server: a gate that accepts, web threads that serve, and handlers that run on the main
/// loop. @context thread-bound: main
///
///   phone ──► gate ──socket──► web thread 1…N ──Request──► main: role, handler ──► domain
///                               media, files  ◄─Response──
class Server {
 public:
  /// @param services  outlives the server, as @p main does.
  /// @param files     the page and the console: assets(); outlives the server.
  /// @param limits    deadlines; tests shorten them. The numbers of connections come from @p settings.
  Server(const Settings& settings, Services& services, lib::glib::Loop& main, std::span<const Asset> files,
         Limits limits = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// stop()
  ~Server();

  /// Listens and serves from now on. Once.
  /// @throws Error{Errc::Config} or {Errc::Io} that says which address or port and what to do about it;
  /// nothing is left running.
  void start();
  /// Refuses newcomers, closes all connections and joins all threads. Requests still with a handler are
  /// forgotten: the late answer goes nowhere. Nothing of the server calls anybody afterwards.
  void stop();
  /// The port that is listened on; 0 before start().
  [[nodiscard]] std::uint16_t port() const;
  /// What to type into a browser in the room, best first: "http://192.168.1.20:8080". Empty without network.
  [[nodiscard]] std::vector<std::string> addresses() const;

 private:
  struct Running;
  const Settings settings_;
  const Limits limits_;
  Services& services_;
  lib::glib::Loop& main_;
  const std::span<const Asset> files_;
  std::unique_ptr<Running> running_;
};

}  // namespace hub::web
