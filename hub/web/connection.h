#pragma once
#include "hub/lib/soup/ref.h"
#include "hub/web/limits.h"
#include "hub/web/stats.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace hub::web {

class Connection;
class Exchange;

/// All connections of the server, so that the gate can count them and find the one that has to go.
/// Thread-safe. Never holds a connection alive: each one signs off in its destructor.
class ConnectionTable {
 public:
  struct Victim {
    std::uint64_t id;
    unsigned web_thread;
  };
  /// What the gate may do with a newcomer.
  struct Admission {
    bool admitted = false;
    std::optional<Victim> victim;  ///< has to be dropped to make room; no longer counted
  };
  ConnectionTable(const Limits& limits, Stats& stats) : limits_{limits}, stats_{stats} {}

  /// Past a limit the oldest half-open connection goes (of the same address, if it is that address's limit),
  /// then the oldest idle one; if every connection is at work, the newcomer is turned away.
  [[nodiscard]] Admission admit(const std::string& address);
  /// The oldest half-open or idle connection, for when file descriptors run out.
  [[nodiscard]] std::optional<Victim> evict();

 private:
  friend class Connection;
  void add(Connection& connection);
  void remove(Connection& connection);
  [[nodiscard]] Connection* oldest_locked(const std::string* address) const;
  Victim evict_locked(Connection& connection);
  void uncount_locked(Connection& connection);

  const Limits& limits_;
  Stats& stats_;
  std::mutex mutex_;                          // guards everything below
  std::map<std::uint64_t, Connection*> all_;  // by id, so by age
  std::unordered_map<std::string, std::uint32_t> per_address_;
  std::uint32_t counted_ = 0;
};

/// One TCP connection from accept to close. The record hangs on the GSocketAddress that libsoup keeps with
/// the connection, and dies with it.
///
///   Head ──got-headers──► Body ──got-body──► Waiting ──answer──► Writing ──finished──► Idle ──first byte──►
///   Head
///                           │ refused            │ audio
///                           ▼                    ▼                    Waiting ──101──► Socket
///                       Lingering            Streaming
///
/// @context thread-bound: its web thread, except the constructor and what says otherwise.
class Connection {
 public:
  enum class Phase { Head, Body, Waiting, Writing, Streaming, Idle, Socket, Lingering };

  /// @context gate
  Connection(ConnectionTable& table, Stats& stats, std::uint64_t id, unsigned web_thread, std::string address,
             lib::glib::Ref<GSocket> socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] unsigned web_thread() const { return web_thread_; }
  /// @context thread-safe
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] base::Mono since() const { return since_; }
  void enter(Phase phase);
  /// Bytes went out: the peer is alive.
  void progress() { progress_ = now(); }

  /// Ends the connection: what reads or writes on it fails, and libsoup closes it.
  void drop();
  /// Looks at the deadlines. @param queued  a Streaming connection has something to write.
  void check(const Limits& limits, bool queued);
  /// True if the peer closed its side: a paused message does not notice by itself.
  [[nodiscard]] bool peer_gone() const;
  /// True if the kernel takes more bytes now.
  [[nodiscard]] bool writable() const;
  /// True if the peer took nothing for @p limit although something is queued in the kernel or above.
  [[nodiscard]] bool stalled(std::chrono::milliseconds limit);
  void set_send_buffer(int bytes);
  /// Sends a whole small answer at once, outside of libsoup, and ends our direction.
  void send_raw_and_shut(const std::string& bytes);

  std::shared_ptr<Exchange> exchange;  ///< the request in progress; HTTP/1 has one at a time

 private:
  friend class ConnectionTable;
  [[nodiscard]] static base::Mono now() {
    return base::Mono{std::chrono::steady_clock::now().time_since_epoch()};
  }

  ConnectionTable& table_;
  Stats& stats_;
  const std::uint64_t id_;
  const unsigned web_thread_;
  const std::string address_;
  const lib::glib::Ref<GSocket> socket_;
  std::atomic<Phase> phase_{Phase::Head};  // the gate reads it
  base::Mono since_, progress_;
  int unacknowledged_ = 0;  // bytes in the kernel when last looked at
  bool dropped_ = false;
  bool counted_ = true;  // guarded by the table's mutex
};

}  // namespace hub::web
