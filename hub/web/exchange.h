#pragma once
#include "hub/lib/soup/ref.h"
#include "hub/web/connection.h"
#include "hub/web/message.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hub::web {

struct Head;  // head.h

/// One request on its way to its answer: keeps the message, knows whether libsoup still does, and is the only
/// one that pauses and unpauses it (libsoup asserts that a message is not touched after its end).
/// @context thread-bound: its web thread; a weak_ptr may travel.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(Connection& connection, SoupServerMessage* message, Stats& stats);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() = default;

  /// False once the answer is out or the client has gone. Everything below does nothing then.
  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] Connection& connection() const { return connection_; }
  [[nodiscard]] SoupServerMessage* message() const { return message_.get(); }

  /// The answer comes later.
  void pause();
  /// Adds a header of the answer to come. @p name and @p value must not come from outside unchecked.
  void header(const char* name, std::string_view value);
  void respond(const Response& response);
  /// Answers with @p body as it is, without a copy. Null: no body.
  void respond(int status, std::string_view content_type, lib::glib::Ref<GBytes> body);
  /// Refuses before the body of the request was read: says why, then reads no more of it than lingers.
  void refuse_unread(const Response& response);

  /// Begins an endless answer without a length: the end of the connection is its end.
  void begin_stream(std::string_view content_type);
  void append(lib::glib::Ref<GBytes> bytes);
  void end_stream();
  /// Chunks appended and not yet written.
  [[nodiscard]] std::size_t queued() const { return queued_; }

  /// The connection is broken or the server stops: ends whatever state this is in.
  void give_up();

  std::shared_ptr<Head> head;  ///< what was asked; set before anything else happens
  /// Called once when the answer is given or the client has gone, whichever comes first; for a stream, when
  /// it ends. What waits for this exchange lets go of it there.
  std::function<void()> on_end;
  std::function<void()> on_room;  ///< a chunk of the stream was written

  // From libsoup's signals, by way of the web thread.
  void on_wrote_chunk();
  void on_finished();

 private:
  void resume();
  void end();

  Connection& connection_;
  Stats& stats_;
  lib::glib::Ref<SoupServerMessage> message_;
  bool open_ = true;
  bool answered_ = false;
  bool paused_ = false;
  bool streaming_ = false;
  std::size_t queued_ = 0;
};

}  // namespace hub::web
