#pragma once
#include "hub/base/identity.h"
#include "hub/channels/manager.h"
#include "hub/lib/glib/loop.h"
#include "hub/lib/soup/ref.h"
#include "hub/web/audio.h"
#include "hub/web/connection.h"
#include "hub/web/dispatcher.h"
#include "hub/web/files.h"
#include "hub/web/hls.h"
#include "hub/web/host_names.h"
#include "hub/web/live.h"
#include "hub/web/presence.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace hub::web {

/// What all web threads share; outlives them.
struct Front {
  const Limits& limits;
  const base::Identity& identity;
  const channels::Manager& channels;  ///< only directory(), which is thread-safe
  const Files& files;
  HostNames& hosts;
  Dispatcher& dispatcher;
  Stats& stats;
  Admission& admission;  ///< thread-safe
  std::string boot;
};

/// One SoupServer with its thread. It never listens: connections come from the gate. Answers media and files
/// on the spot, hands API requests to the dispatcher and keeps the deadlines of its connections, since
/// SoupServer 3.2 has none.
class WebThread {
 public:
  WebThread(const Front& front, unsigned index);
  WebThread(const WebThread&) = delete;
  WebThread& operator=(const WebThread&) = delete;
  ~WebThread();

  /// @context thread-safe
  void adopt(std::shared_ptr<Connection> connection, lib::glib::Ref<GSocket> socket);
  void drop(std::uint64_t connection);
  void show(Topic topic, std::shared_ptr<const Frames> frames);
  void tell(std::shared_ptr<const Notice> notice);

  /// Ends every connection and joins. Afterwards nothing of this thread calls anybody. @context main
  void stop();

 private:
  /// Connections of this thread by id. Shared with the records' owners, so that the order of the last
  /// destructors does not matter.
  using Registry = std::unordered_map<std::uint64_t, Connection*>;
  struct Record;
  struct Inside;  // what lives and dies in the thread

  static Record* record_of(SoupServerMessage* message);
  static void on_request_started(SoupServer* server, SoupServerMessage* message, gpointer data) noexcept;
  static void on_got_headers(SoupServerMessage* message, gpointer data) noexcept;
  static void on_got_chunk(SoupServerMessage* message, GBytes* chunk, gpointer data) noexcept;
  static void on_handle(SoupServer* server, SoupServerMessage* message, const char* path, GHashTable* query,
                        gpointer data) noexcept;
  static void on_wrote(SoupServerMessage* message, gpointer data) noexcept;
  static void on_wrote_data(SoupServerMessage* message, guint size, gpointer data) noexcept;
  static void on_wrote_chunk(SoupServerMessage* message, gpointer data) noexcept;
  static void on_finished(SoupServerMessage* message, gpointer data) noexcept;

  void begin_inside();
  void end_inside();
  void take(const std::shared_ptr<Connection>& connection, const lib::glib::Ref<GSocket>& socket);
  void answer(Exchange& exchange, const std::shared_ptr<Connection>& connection);
  void note_media(const Exchange& exchange, const std::string& channel, bool audio);
  void sweep();

  const Front& front_;
  lib::glib::LoopThread thread_;
  const std::shared_ptr<Mailbox> mailbox_;
  std::unique_ptr<Inside> inside_;  // only touched by thread_
};

}  // namespace hub::web
