#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The little that the worker has to know of addresses. All inputs may be hostile.
namespace hub::media {

/// The scheme in lower case; "file" for a path that begins with '/'; empty if there is none.
[[nodiscard]] std::string scheme_of(std::string_view uri);
/// True for the schemes that a list or a redirect from the network may lead to.
[[nodiscard]] bool is_network_scheme(std::string_view scheme) noexcept;
/// Extension of the last path segment in lower case without the dot: "m3u8"; empty if there is none.
[[nodiscard]] std::string extension_of(const std::string& uri);
/// @p reference as an absolute address (RFC 3986, 5.2); nothing if either is malformed.
[[nodiscard]] std::optional<std::string> resolve(const std::string& base, const std::string& reference);

/// An address without its user part, and that part.
struct Credentials {
  std::string uri, user, password;
};
[[nodiscard]] Credentials split_credentials(const std::string& uri);

/// @p uri as it may be shown: without user, password, query and fragment, which often carry keys.
[[nodiscard]] std::string redacted(const std::string& uri);
/// @p text with every trace of @p uri's secret parts replaced, for messages of other libraries.
[[nodiscard]] std::string scrubbed(std::string text, const std::string& uri);

/// Where a TCP connection for @p uri would go.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};
/// Nothing for schemes that are not carried by TCP.
[[nodiscard]] std::optional<Endpoint> tcp_endpoint(const std::string& uri);
/// The value of @p key in @p uri's query, percent-decoded; @p fallback if it is not there.
[[nodiscard]] std::string query_value(const std::string& uri, const std::string& key,
                                      const std::string& fallback);

}  // namespace hub::media
