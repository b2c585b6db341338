#pragma once
#include "hub/lib/soup/ref.h"
#include "hub/web/audience.h"
#include "hub/web/exchange.h"
#include "hub/web/limits.h"
#include "hub/web/stats.h"

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace hub::web {

/// The channels frame in each language of the hub. Immutable.
using Frames = std::map<std::string, std::string, std::less<>>;

/// The WebSockets of one web thread: /api/v1/live. Each gets the hub frame, the channels as they are now and
/// after each change; what it says about itself goes to main as a Sign. A frame is a whole state, so a slow
/// page is given only the newest once its socket takes bytes again, and is dropped if it takes none for the
/// write-stall limit. @context thread-bound: its web thread
class Live {
 public:
  struct Out {
    std::function<void(Sign)> sign;
    std::function<void(std::uint64_t page)> left;
  };
  Live(const Limits& limits, Stats& stats, std::string boot, Out out);
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;
  ~Live();

  /// Answers the handshake; the socket is there once 101 is written. @p connection  of @p exchange.
  void open(Exchange& exchange, std::shared_ptr<Connection> connection);
  void show(std::shared_ptr<const Frames> frames);
  void check_deadlines();
  /// Says goodbye (1001) to everybody.
  void close_all();

 private:
  struct Socket {
    Live* live;
    lib::glib::Ref<SoupWebsocketConnection> websocket;
    std::shared_ptr<Connection> connection;
    std::string device, language;
    base::Mono heard;      ///< the last pong, or the opening
    base::Mono took;       ///< when the kernel last had room
    bool behind = false;   ///< a newer frame waits for room
    base::Mono closing{};  ///< when we said goodbye
    int messages = 0;      ///< since the last sweep
  };
  struct Upgrade {
    Live* live;
    std::shared_ptr<Connection> connection;
    std::string device, language;
  };
  static void on_upgraded(SoupServerMessage* message, gpointer data) noexcept;
  static void on_message(SoupWebsocketConnection* websocket, gint type, GBytes* bytes,
                         gpointer data) noexcept;
  static void on_pong(SoupWebsocketConnection* websocket, GBytes* bytes, gpointer data) noexcept;
  static void on_closed(SoupWebsocketConnection* websocket, gpointer data) noexcept;
  void add(const Upgrade& upgrade, SoupServerMessage* message);
  void hear(Socket& socket, std::string_view text);
  void send(Socket& socket, const std::string& text);
  static void close(Socket& socket, gushort code);
  void send_channels(Socket& socket);
  void remove(Socket& socket);

  const Limits& limits_;
  Stats& stats_;
  const std::string boot_;
  const Out out_;
  std::shared_ptr<const Frames> frames_;
  std::list<Socket> sockets_;
};

}  // namespace hub::web
