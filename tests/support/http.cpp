#include "tests/support/http.h"

#include <algorithm>

#include <libsoup/soup.h>

namespace hub::test {

HttpAnswer http(const std::string& url, const HttpRequest& request) {
  HttpAnswer answer;
  SoupSession* session = soup_session_new();
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(request.timeout).count();
  soup_session_set_timeout(session, static_cast<guint>(std::max<std::int64_t>(seconds, 1)));
  SoupMessage* message = soup_message_new(request.method.c_str(), url.c_str());
  if (!message) {
    g_object_unref(session);
    return answer;
  }
  SoupMessageHeaders* out = soup_message_get_request_headers(message);
  for (const auto& [name, value] : request.headers)
    soup_message_headers_replace(out, name.c_str(), value.c_str());
  if (!request.body.empty()) {
    const auto type = request.headers.find("Content-Type");
    GBytes* body = g_bytes_new(request.body.data(), request.body.size());
    soup_message_set_request_body_from_bytes(
        message, type == request.headers.end() ? "application/json" : type->second.c_str(), body);
    g_bytes_unref(body);
  }
  GError* error = nullptr;
  GBytes* got = soup_session_send_and_read(session, message, nullptr, &error);
  if (got) {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(got, &size));
    if (data) answer.body.assign(data, size);
    answer.status = static_cast<int>(soup_message_get_status(message));
    SoupMessageHeadersIter iter;
    soup_message_headers_iter_init(&iter, soup_message_get_response_headers(message));
    const char* name = nullptr;
    const char* value = nullptr;
    while (soup_message_headers_iter_next(&iter, &name, &value)) {
      std::string key{name};
      std::transform(key.begin(), key.end(), key.begin(), [](char c) { return g_ascii_tolower(c); });
      answer.headers[key] = value;
    }
    g_bytes_unref(got);
  }
  g_clear_error(&error);
  g_object_unref(message);
  g_object_unref(session);
  return answer;
}

}  // namespace hub::test
