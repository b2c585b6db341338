#pragma once
#include "hub/base/error.h"
#include "hub/base/json.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The HTTP side of the hub. Only files of this folder that say so include libsoup; handlers and the domain
/// see the plain types of this header.
namespace hub::web {

enum class Method { Get, Post, Put, Delete };

/// Who may call a route. A host may do what an organizer may.
enum class Role {
  All,
  Attendee,   ///< a device cookie that the register knows
  Organizer,  ///< logged in with a passphrase of that role, or host
  Host,
  Machine  ///< a program on the hub's machine (Request::local_console), or host
};

/// An API request, copied out of libsoup and handed to the main thread.
struct Request {
  Method method = Method::Get;
  std::string path;                             ///< decoded, without query
  std::map<std::string, std::string> captures;  ///< {name} parts of the route's pattern
  std::map<std::string, std::string> query;     ///< decoded; a repeated key keeps the first
  std::string content_type;                     ///< without parameters, lower case
  std::string body;                             ///< at most the route's limit; not yet checked for UTF-8
  std::string language;  ///< "fr", "en", …: the best of the hub's languages for Accept-Language or ?lang=
  std::string device_token;    ///< value of the device cookie; empty if none
  std::string session_token;   ///< value of the login cookie; empty if none
  std::string host;            ///< Host header as checked, with port
  bool local_console = false;  ///< loopback peer, loopback Host, no forwarding header (DESIGN 10)
  std::string peer;            ///< remote address, for rate limits only; never stored
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Answers a request once, from the main thread; what comes after the client has gone is dropped.
using Reply = std::function<void(Response)>;

/// 200 (or @p status) with @p body as JSON.
[[nodiscard]] Response json_response(const base::Json& body, int status = 200);
/// {"code","error"} with the status of the one table that maps Errc to HTTP. @p failure's text goes out as it
/// is: it is already in the language asked.
[[nodiscard]] Response error_response(const base::Failure& failure);
/// The same for who was wrong too often, with `retry_after_s` and Retry-After; plain if @p wait is 0.
[[nodiscard]] Response wait_response(const base::Failure& failure, std::chrono::seconds wait);

}  // namespace hub::web
