#include "hub/lib/soup/client.h"

namespace hub::lib::soup {
namespace {

using base::Errc;
using base::Failure;

Failure failure_of(const glib::GErrorPtr& error) {
  if (!error) return {Errc::Io, "unknown error"};
  const auto is = [&](GQuark domain, int code) {
    return g_error_matches(error.get(), domain, code) != FALSE;
  };
  const std::string text = error->message ? error->message : "";
  if (is(G_IO_ERROR, G_IO_ERROR_CANCELLED)) return {Errc::Ended, text};
  if (is(G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) return {Errc::Refused, text};
  if (is(G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) return {Errc::Stalled, text};
  if (is(G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) || is(G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
      is(G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return {Errc::Stalled, text};
  if (error->domain == G_TLS_ERROR && error->code != G_TLS_ERROR_EOF) return {Errc::NotAuthorised, text};
  return {Errc::Unreachable, text};
}

}  // namespace

int ClientAnswer::status() const {
  return static_cast<int>(soup_message_get_status(message_.get()));
}

std::string ClientAnswer::header(const char* name) const {
  const char* value = soup_message_headers_get_one(soup_message_get_response_headers(message_.get()), name);
  return value ? value : "";
}

std::optional<std::uint64_t> ClientAnswer::content_length() const {
  auto* headers = soup_message_get_response_headers(message_.get());
  if (soup_message_headers_get_encoding(headers) != SOUP_ENCODING_CONTENT_LENGTH) return std::nullopt;
  return static_cast<std::uint64_t>(soup_message_headers_get_content_length(headers));
}

base::Result<std::size_t> ClientAnswer::read(std::span<char> to) {
  GError* raw = nullptr;
  const auto count = g_input_stream_read(body_.get(), to.data(), to.size(), cancellable_.get(), &raw);
  const glib::GErrorPtr error{raw};
  if (count < 0) return failure_of(error);
  return static_cast<std::size_t>(count);
}

Client::Client(const std::string& user_agent, std::chrono::seconds timeout)
    : session_{glib::Ref<SoupSession>::adopt(soup_session_new_with_options(
          "user-agent", user_agent.c_str(), "timeout", static_cast<guint>(timeout.count()), nullptr))},
      cancellable_{glib::Ref<GCancellable>::adopt(g_cancellable_new())} {
  soup_session_remove_feature_by_type(session_.get(), SOUP_TYPE_CONTENT_DECODER);
}

Client::~Client() {
  soup_session_abort(session_.get());
}

base::Result<ClientAnswer> Client::send(const ClientRequest& request) {
  ClientAnswer answer;
  answer.message_ =
      glib::Ref<SoupMessage>::adopt(soup_message_new(request.method.c_str(), request.url.c_str()));
  if (!answer.message_) return Failure{Errc::Invalid, "the address is malformed"};
  answer.cancellable_ = cancellable_;
  soup_message_add_flags(answer.message_.get(), SOUP_MESSAGE_NO_REDIRECT);
  auto* headers = soup_message_get_request_headers(answer.message_.get());
  soup_message_headers_replace(headers, "Accept-Encoding", "identity");
  for (const auto& [name, value] : request.headers)
    soup_message_headers_replace(headers, name.c_str(), value.c_str());
  GError* raw = nullptr;
  answer.body_ = glib::Ref<GInputStream>::adopt(
      soup_session_send(session_.get(), answer.message_.get(), cancellable_.get(), &raw));
  const glib::GErrorPtr error{raw};
  if (!answer.body_) return failure_of(error);
  return answer;
}

void Client::cancel() {
  g_cancellable_cancel(cancellable_.get());
}

}  // namespace hub::lib::soup
