#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hub::lib::glib {

/// The parts of an absolute http or https address that decide where it leads.
struct WebAddress {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case, an IPv6 literal without its brackets
  std::uint16_t port = 0;
  std::string path;
};
/// Nothing if @p uri is malformed, has no host, or is neither http nor https (RFC 3986).
[[nodiscard]] std::optional<WebAddress> parse_web_address(std::string_view uri);
/// @p reference as seen from @p base; nothing if either is malformed. @param reference  absolute or relative
[[nodiscard]] std::optional<std::string> resolve_uri(std::string_view base, std::string_view reference);
/// SHA-256 of @p text, 64 hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view text);

}  // namespace hub::lib::glib
