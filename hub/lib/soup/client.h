#pragma once
#include "hub/base/error.h"
#include "hub/lib/soup/ref.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hub::lib::soup {

/// One request. Redirects are not followed: who asks decides where it goes.
struct ClientRequest {
  std::string url;  ///< http or https; a user and password in it answer a 401
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// An answer whose body is read piece by piece. Dropping it closes the connection if something is left.
class ClientAnswer {
 public:
  [[nodiscard]] int status() const;
  /// Empty if the answer has no such header.
  [[nodiscard]] std::string header(const char* name) const;
  /// Of the body; nothing if the server does not say (chunks, or until it closes).
  [[nodiscard]] std::optional<std::uint64_t> content_length() const;
  /// Waits for the next bytes. @return how many; 0 at the end. A body that ends before its Content-Length is
  /// Errc::Stalled, a silent server Errc::Stalled, a cancelled read Errc::Ended.
  [[nodiscard]] base::Result<std::size_t> read(std::span<char> to);

 private:
  friend class Client;
  glib::Ref<SoupMessage> message_;
  glib::Ref<GInputStream> body_;
  glib::Ref<GCancellable> cancellable_;
};

/// An HTTP client that blocks, for a thread of its own. Bodies come as they are (no content coding), so that
/// lengths and ranges mean bytes of the file. @context one thread at a time, but for cancel()
class Client {
 public:
  /// @param timeout  without a byte, for connecting and for reading
  Client(const std::string& user_agent, std::chrono::seconds timeout);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();
  /// @return the answer once its header is there, whatever its status; Unreachable (name, route, time-out),
  /// Refused, NotAuthorised (certificate), Invalid (malformed URL), Ended (cancelled).
  [[nodiscard]] base::Result<ClientAnswer> send(const ClientRequest& request);
  /// Ends what waits now and all that is asked later. @context thread-safe
  void cancel();

 private:
  glib::Ref<SoupSession> session_;
  glib::Ref<GCancellable> cancellable_;
};

}  // namespace hub::lib::soup
