#include "hub/web/head.h"

#include "hub/web/path.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace hub::web {
namespace {

using base::Errc;

std::string_view view(const char* text) {
  return text ? std::string_view{text} : std::string_view{};
}

Response refusal(Errc code, Text text, std::string_view language, int status = 0) {
  auto response = error_response(fail(code, text, language));
  if (status != 0) response.status = status;
  return response;
}

std::string media_type(SoupMessageHeaders* headers) {
  std::string type{view(soup_message_headers_get_content_type(headers, nullptr))};
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

/// The methods that @p path takes; fills in route and captures if @p method is one of them.
struct Found {
  std::string allow;
  const Route* route = nullptr;
  std::map<std::string, std::string> captures;
};
Found find_route(std::string_view path, std::optional<Method> method) {
  constexpr std::array<std::string_view, 4> kNames{"GET, HEAD", "POST", "PUT", "DELETE"};
  Found found;
  for (const auto& route : routes()) {
    auto captures = match(route.pattern, path);
    if (!captures) continue;
    found.allow += (found.allow.empty() ? "" : ", ");
    found.allow += kNames[static_cast<std::size_t>(route.method)];
    if (method == route.method && !found.route) {
      found.route = &route;
      found.captures = std::move(*captures);
    }
  }
  return found;
}

std::optional<Method> method_of(std::string_view name) {
  if (name == "GET" || name == "HEAD") return Method::Get;
  if (name == "POST") return Method::Post;
  if (name == "PUT") return Method::Put;
  if (name == "DELETE") return Method::Delete;
  return std::nullopt;
}

/// Same origin as the browser sees it: Host is checked, so an Origin of that host is the hub's own page.
bool own_origin(std::string_view origin, const std::string& host) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme) && origin.substr(scheme.size()) == host) return true;
  return false;
}

bool forwarded(SoupMessageHeaders* headers) {
  SoupMessageHeadersIter iter;
  const char* name = nullptr;
  const char* value = nullptr;
  soup_message_headers_iter_init(&iter, headers);
  while (soup_message_headers_iter_next(&iter, &name, &value)) {
    if (g_ascii_strcasecmp(name, "Forwarded") == 0 || g_ascii_strncasecmp(name, "X-Forwarded-", 12) == 0 ||
        g_ascii_strcasecmp(name, "X-Real-IP") == 0 || g_ascii_strcasecmp(name, "Via") == 0)
      return true;
  }
  return false;
}

Head::Target target_of(std::string_view path) {
  if (path == "/api/v1/live") return Head::Target::Live;
  if (path.starts_with("/api/") || path == "/healthz" || path == "/metrics") return Head::Target::Api;
  if (path.starts_with("/hls/")) return Head::Target::Hls;
  if (path.starts_with("/audio/")) return Head::Target::Audio;
  return Head::Target::File;
}

void check_method(Head& head, std::string_view name, SoupMessageHeaders* headers) {
  auto& request = head.request;
  const auto method = method_of(name);
  if (method) request.method = *method;
  if (head.target == Head::Target::Api) {
    auto found = find_route(request.path, method);
    head.route = found.route;
    head.allow = std::move(found.allow);
    request.captures = std::move(found.captures);
    if (head.allow.empty()) {
      head.refusal = refusal(Errc::NotFound, Text::NoSuchPage, request.language);
      return;
    }
  } else {
    head.allow = "GET, HEAD";
  }
  if (name == "OPTIONS") {
    head.target = Head::Target::Options;
    return;
  }
  if (head.target == Head::Target::Api ? !head.route : method != Method::Get) {
    head.refusal = refusal(Errc::Unsupported, Text::WrongMethod, request.language, 405);
    head.refusal->headers.emplace_back("Allow", head.allow);
    return;
  }
  if (head.route) head.body_limit_bytes = head.route->body_limit_bytes;

  const bool changes = method != Method::Get;
  const auto origin = view(soup_message_headers_get_one(headers, "Origin"));
  if ((changes || head.target == Head::Target::Live) && !origin.empty() &&
      !own_origin(origin, request.host)) {
    head.refusal = refusal(Errc::Refused, Text::WrongOrigin, request.language, 403);
    return;
  }
  const auto encoding = soup_message_headers_get_encoding(headers);
  const auto length = soup_message_headers_get_content_length(headers);
  const bool has_body = encoding == SOUP_ENCODING_CHUNKED || length > 0;
  if (encoding == SOUP_ENCODING_CONTENT_LENGTH && length > static_cast<goffset>(head.body_limit_bytes)) {
    head.refusal = refusal(Errc::TooLarge, Text::TooLarge, request.language);
    return;
  }
  // A page of another site can only send JSON after a preflight, which we do not answer for the API.
  if ((method == Method::Post || method == Method::Put || (method == Method::Delete && has_body)) &&
      request.content_type != "application/json")
    head.refusal = refusal(Errc::Unsupported, Text::NeedsJson, request.language);
}

}  // namespace

Head read_head(SoupServerMessage* message, const Connection& connection, HostNames& hosts,
               const base::Identity& identity) {
  Head head;
  auto& request = head.request;
  auto* headers = soup_server_message_get_request_headers(message);
  auto* uri = soup_server_message_get_uri(message);
  if (!uri) {  // libsoup has set its own status
    head.refusal = refusal(Errc::Invalid, Text::BadPath, identity.languages.front());
    return head;
  }
  request.peer = connection.address();
  request.query = parse_query(view(g_uri_get_query(uri)));
  request.content_type = media_type(headers);
  const auto lang = request.query.find("lang");
  request.language =
      choose_language(lang == request.query.end() ? "" : lang->second,
                      view(soup_message_headers_get_list(headers, "Accept-Language")), identity.languages);
  const auto cookies = view(soup_message_headers_get_list(headers, "Cookie"));
  request.device_token = cookie(cookies, "vh_device");
  request.session_token = cookie(cookies, "vh_session");
  head.if_none_match = view(soup_message_headers_get_list(headers, "If-None-Match"));
  head.accepts_gzip = soup_message_headers_header_contains(headers, "Accept-Encoding", "gzip") != FALSE ||
                      view(soup_message_headers_get_list(headers, "Accept-Encoding")).find("gzip;q=1") !=
                          std::string_view::npos;
  head.wants_icy = view(soup_message_headers_get_one(headers, "Icy-MetaData")) == "1";

  const auto host_header = view(soup_message_headers_get_one(headers, "Host"));
  const auto host = parse_host(host_header);
  // An HTTP/1.0 radio without Host is no browser, so nobody rebinds a name under it.
  const bool no_host = host_header.empty() && soup_server_message_get_http_version(message) == SOUP_HTTP_1_0;
  if (!no_host && (!host || !hosts.allows(host->host))) {
    head.refusal = refusal(Errc::Refused, Text::WrongHost, request.language, 421);
    return head;
  }
  request.host = host_header;
  // A proxy in its simplest form speaks HTTP/1.0 to us and leaves no other trace; no browser does.
  const bool old = soup_server_message_get_http_version(message) == SOUP_HTTP_1_0;
  request.local_console = host && is_loopback_name(host->host) && is_loopback_address(connection.address()) &&
                          !old && !forwarded(headers);

  auto path = decode_path(view(g_uri_get_path(uri)));
  if (!path) {
    head.refusal = refusal(Errc::Invalid, Text::BadPath, request.language);
    return head;
  }
  request.path = std::move(*path);
  head.target = target_of(request.path);
  check_method(head, view(soup_server_message_get_method(message)), headers);
  return head;
}

}  // namespace hub::web
