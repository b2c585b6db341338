#include "hub/lib/glib/uri.h"

#include "hub/lib/glib/ref.h"

#include <memory>

namespace hub::lib::glib {
namespace {

using UriPtr = std::unique_ptr<GUri, Deleter<g_uri_unref>>;
// Paths and queries stay as they are encoded: the server knows what it meant.
constexpr auto kFlags = GUriFlags(G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE);

}  // namespace

std::optional<WebAddress> parse_web_address(std::string_view uri) {
  const std::string text{uri};
  const UriPtr parsed{g_uri_parse(text.c_str(), kFlags, nullptr)};
  if (!parsed || text.find('\0') != std::string::npos) return std::nullopt;
  const char* host = g_uri_get_host(parsed.get());
  const std::string scheme = g_uri_get_scheme(parsed.get());
  if (!host || !*host || (scheme != "http" && scheme != "https")) return std::nullopt;
  const GCharPtr lower{g_ascii_strdown(host, -1)};
  const int port = g_uri_get_port(parsed.get());
  return WebAddress{
      scheme, lower.get(),
      port > 0 ? static_cast<std::uint16_t>(port) : static_cast<std::uint16_t>(scheme == "https" ? 443 : 80),
      g_uri_get_path(parsed.get())};
}

std::optional<std::string> resolve_uri(std::string_view base, std::string_view reference) {
  const GCharPtr out{
      g_uri_resolve_relative(std::string{base}.c_str(), std::string{reference}.c_str(), kFlags, nullptr)};
  return out ? std::optional<std::string>{out.get()} : std::nullopt;
}

std::string sha256(std::string_view text) {
  const GCharPtr out{
      g_compute_checksum_for_string(G_CHECKSUM_SHA256, text.data(), static_cast<gssize>(text.size()))};
  return out.get();
}

}  // namespace hub::lib::glib
