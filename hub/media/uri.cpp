#include "hub/media/uri.h"

#include "hub/lib/glib/ref.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>

#include <fmt/format.h>

namespace hub::media {
namespace {

using lib::glib::Deleter;
using lib::glib::GCharPtr;
using UriPtr = std::unique_ptr<GUri, Deleter<g_uri_unref>>;

constexpr std::array<std::string_view, 14> kNetworkSchemes{"http", "https", "rtmp",  "rtmps", "rtmpt",
                                                           "rtsp", "rtspt", "rtspu", "rtsps", "rtspst",
                                                           "srt",  "udp",   "rtp",   "rtspsu"};

// Addresses of cameras and Icecast servers are seldom valid to the letter.
constexpr auto kFlags = static_cast<GUriFlags>(G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED);
constexpr auto kUserFlags = static_cast<GUriFlags>(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED);

UriPtr parse(const std::string& uri, GUriFlags flags = kFlags) {
  return UriPtr{g_uri_parse(uri.c_str(), flags, nullptr)};
}

std::string text_or_empty(const char* text) {
  return text ? text : "";
}

int default_port(const std::string& scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https" || scheme == "rtmps") return 443;
  if (scheme == "rtmp") return 1935;
  if (scheme == "rtsps" || scheme == "rtspst") return 322;
  return scheme.starts_with("rtsp") ? 554 : -1;
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  if (what.empty()) return;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

}  // namespace

std::string scheme_of(std::string_view uri) {
  if (uri.starts_with('/')) return "file";
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  std::string scheme{uri.substr(0, colon)};
  for (char& c : scheme) {
    const auto byte = static_cast<unsigned char>(c);
    if (!std::isalnum(byte) && c != '+' && c != '-' && c != '.') return {};
    c = static_cast<char>(std::tolower(byte));
  }
  return scheme;
}

bool is_network_scheme(std::string_view scheme) noexcept {
  return std::find(kNetworkSchemes.begin(), kNetworkSchemes.end(), scheme) != kNetworkSchemes.end();
}

std::string extension_of(const std::string& uri) {
  std::string path = uri.substr(0, uri.find_first_of("?#"));
  path = path.substr(path.find_last_of('/') + 1);
  const auto dot = path.find_last_of('.');
  if (dot == std::string::npos) return {};
  std::string out = path.substr(dot + 1);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::optional<std::string> resolve(const std::string& base, const std::string& reference) {
  // Only paths are left to GLib: it trips over an absolute address without a host.
  std::string whole = reference;
  if (reference.starts_with("//")) whole = scheme_of(base) + ":" + reference;
  if (!scheme_of(whole).empty() && !whole.starts_with('/')) {
    const auto parsed = parse(whole);
    if (!parsed || text_or_empty(g_uri_get_host(parsed.get())).empty()) return std::nullopt;
    return whole;
  }
  // A path. Joined by hand, since GLib also trips over some of these; servers resolve ".." themselves.
  const auto scheme_end = base.find("://");
  const auto parent = parse(base);
  if (!parent || scheme_end == std::string::npos || text_or_empty(g_uri_get_host(parent.get())).empty())
    return std::nullopt;
  const std::string place = base.substr(0, base.find_first_of("?#"));
  const auto root = std::min(place.find('/', scheme_end + 3), place.size());
  if (reference.starts_with('/')) return place.substr(0, root) + reference;
  if (reference.starts_with('?') || reference.starts_with('#')) return place + reference;
  const auto folder = place.rfind('/');
  return (folder >= root && folder != std::string::npos ? place.substr(0, folder) : place) + "/" + reference;
}

Credentials split_credentials(const std::string& uri) {
  const auto parsed = parse(uri, kUserFlags);
  const auto scheme_end = uri.find("://");
  if (!parsed || !g_uri_get_user(parsed.get()) || scheme_end == std::string::npos) return {uri, {}, {}};
  const auto authority_end = std::min(uri.find_first_of("/?#", scheme_end + 3), uri.size());
  const auto at = uri.rfind('@', authority_end);
  if (at == std::string::npos || at < scheme_end) return {uri, {}, {}};
  return {uri.substr(0, scheme_end + 3) + uri.substr(at + 1), text_or_empty(g_uri_get_user(parsed.get())),
          text_or_empty(g_uri_get_password(parsed.get()))};
}

std::string redacted(const std::string& uri) {
  const auto scheme_end = uri.find("://");
  std::string out = uri.substr(0, uri.find_first_of("?#"));
  if (scheme_end == std::string::npos) return out;
  const auto authority_end = std::min(out.find('/', scheme_end + 3), out.size());
  const auto at = out.rfind('@', authority_end);
  if (at != std::string::npos && at > scheme_end) out.erase(scheme_end + 3, at - scheme_end - 2);
  return out;
}

std::string scrubbed(std::string text, const std::string& uri) {
  replace_all(text, uri, redacted(uri));
  const auto bare = split_credentials(uri);
  replace_all(text, bare.uri, redacted(uri));
  replace_all(text, bare.password, "…");
  const auto query = bare.uri.find('?');
  if (query != std::string::npos) replace_all(text, bare.uri.substr(query + 1), "…");
  return text;
}

std::optional<Endpoint> tcp_endpoint(const std::string& uri) {
  const int fallback = default_port(scheme_of(uri));
  if (fallback < 0) return std::nullopt;
  const auto parsed = parse(uri);
  if (!parsed) return std::nullopt;
  const std::string host = text_or_empty(g_uri_get_host(parsed.get()));
  const int port = g_uri_get_port(parsed.get());
  if (host.empty() || port == 0) return std::nullopt;
  return Endpoint{host, static_cast<std::uint16_t>(port > 0 ? port : fallback)};
}

std::string query_value(const std::string& uri, const std::string& key, const std::string& fallback) {
  const auto start = uri.find('?');
  if (start == std::string::npos) return fallback;
  std::string query = uri.substr(start + 1);
  query = query.substr(0, query.find('#'));
  for (std::size_t at = 0; at <= query.size();) {
    const auto end = std::min(query.find('&', at), query.size());
    const std::string pair = query.substr(at, end - at);
    if (pair.starts_with(key + "=")) {
      const GCharPtr value{g_uri_unescape_string(pair.c_str() + key.size() + 1, nullptr)};
      return value ? value.get() : fallback;
    }
    at = end + 1;
  }
  return fallback;
}

}  // namespace hub::media
