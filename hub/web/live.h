#pragma once
#include "hub/lib/soup/ref.h"
#include "hub/web/audience.h"
#include "hub/web/auth.h"
#include "hub/web/exchange.h"
#include "hub/web/limits.h"
#include "hub/web/notices.h"
#include "hub/web/stats.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace hub::web {

/// A frame in each language of the hub. Immutable.
using Frames = std::map<std::string, std::string, std::less<>>;

/// What every page shows: a frame is the whole state of one of these.
enum class Topic : std::uint8_t { Channels, Sessions };
inline constexpr std::size_t kTopics = 2;

/// Hosts and organizers shall ask again for this. Immutable.
struct Notice {
  std::set<Change> what;
  std::shared_ptr<const Sessions> who;  ///< host or organizer now: nobody else is told
};

/// The WebSockets of one web thread: /api/v1/live. Each gets the hub frame, then each topic as it is now and
/// after each change; one of a host or organizer also hears what to ask for again, as long as that session
/// lasts. What a page says about itself goes to main as a Sign. A slow page is given only the newest once its
/// socket takes bytes again, and is dropped if it takes none for the write-stall limit. @context
/// thread-bound: its web thread
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
  void show(Topic topic, std::shared_ptr<const Frames> frames);
  void tell(const Notice& notice);
  void check_deadlines();
  /// Says goodbye (1001) to everybody.
  void close_all();

 private:
  struct Socket {
    Live* live;
    lib::glib::Ref<SoupWebsocketConnection> websocket;
    std::shared_ptr<Connection> connection;
    std::string device, language;
    std::string session;  ///< session_key() of its login cookie; empty without
    bool local_console;
    base::Mono heard;                    ///< the last pong, or the opening
    base::Mono took;                     ///< when the kernel last had room, or nothing waited
    std::array<bool, kTopics> behind{};  ///< a newer frame waits for room
    std::set<Change> untold{};           ///< waits for room
    base::Mono closing{};                ///< when we said goodbye
    int messages = 0;                    ///< since the last sweep

    [[nodiscard]] bool waits() const;
  };
  struct Upgrade {
    Live* live;
    std::shared_ptr<Connection> connection;
    std::string device, language, session;
    bool local_console;
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
  void show(Socket& socket, Topic topic);
  void catch_up(Socket& socket);
  [[nodiscard]] bool is_told(const Socket& socket) const;
  void remove(Socket& socket);

  const Limits& limits_;
  Stats& stats_;
  const std::string boot_;
  const Out out_;
  std::array<std::shared_ptr<const Frames>, kTopics> frames_;
  std::shared_ptr<const Sessions> told_;  // of the last notice
  std::list<Socket> sockets_;
};

}  // namespace hub::web
