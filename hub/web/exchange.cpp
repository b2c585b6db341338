#include "hub/web/exchange.h"

#include "hub/lib/soup/body.h"

#include <utility>

#include <fmt/format.h>

namespace hub::web {

using lib::glib::Ref;

Exchange::Exchange(Connection& connection, SoupServerMessage* message, Stats& stats)
    : connection_{connection}, stats_{stats}, message_{Ref<SoupServerMessage>::share(message)} {}

void Exchange::pause() {
  if (!open_ || paused_) return;
  paused_ = true;
  soup_server_message_pause(message_.get());
}

void Exchange::resume() {
  if (!paused_) return;
  paused_ = false;
  soup_server_message_unpause(message_.get());
}

void Exchange::header(const char* name, std::string_view value) {
  if (!open_ || answered_) return;
  soup_message_headers_replace(soup_server_message_get_response_headers(message_.get()), name,
                               std::string{value}.c_str());
}

void Exchange::respond(const Response& response) {
  if (!open_ || answered_) return;
  // append, not replace: two Set-Cookie headers are two.
  auto* headers = soup_server_message_get_response_headers(message_.get());
  for (const auto& [name, value] : response.headers)
    soup_message_headers_append(headers, name.c_str(), value.c_str());
  respond(response.status, response.content_type, lib::soup::bytes_of(response.body));
}

void Exchange::respond(int status, std::string_view content_type, Ref<GBytes> body) {
  if (!open_ || answered_) return;
  soup_server_message_set_status(message_.get(), static_cast<guint>(status),
                                 status == 421 ? "Misdirected Request" : nullptr);
  const auto size = body ? g_bytes_get_size(body.get()) : 0;
  if (size > 0) {
    header("Content-Type", content_type);
    soup_message_body_append_bytes(soup_server_message_get_response_body(message_.get()), body.get());
    stats_.bytes_out += size;
  }
  answered_ = true;
  connection_.enter(Connection::Phase::Writing);
  resume();
  end();
}

void Exchange::end() {
  on_room = nullptr;  // on_end may free what it captured
  if (const auto call = std::exchange(on_end, nullptr)) call();
}

void Exchange::refuse_unread(const Response& response) {
  if (!open_ || answered_) return;
  answered_ = true;
  // libsoup would read the whole body before it answers. The status keeps it from calling a handler; what it
  // still reads in the time left is thrown away, and what it then writes fails on the closed direction.
  soup_message_body_set_accumulate(soup_server_message_get_request_body(message_.get()), FALSE);
  soup_server_message_set_status(message_.get(), static_cast<guint>(response.status), nullptr);
  std::string text =
      fmt::format("HTTP/1.1 {} {}\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n",
                  response.status, soup_status_get_phrase(static_cast<guint>(response.status)),
                  response.content_type, response.body.size());
  for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\r\n", name, value);
  text += "\r\n" + response.body;
  connection_.send_raw_and_shut(text);
}

void Exchange::begin_stream(std::string_view content_type) {
  if (!open_ || answered_) return;
  soup_server_message_set_status(message_.get(), 200, nullptr);
  header("Content-Type", content_type);
  header("Connection", "close");
  answered_ = streaming_ = true;
  soup_message_headers_set_encoding(soup_server_message_get_response_headers(message_.get()),
                                    SOUP_ENCODING_EOF);
  soup_message_body_set_accumulate(soup_server_message_get_response_body(message_.get()), FALSE);
  connection_.enter(Connection::Phase::Streaming);
  resume();
}

void Exchange::append(Ref<GBytes> bytes) {
  const auto size = g_bytes_get_size(bytes.get());
  if (!open_ || !streaming_ || size == 0) return;
  if (queued_ == 0) connection_.progress();  // the stall clock starts with the first byte that waits
  ++queued_;
  stats_.bytes_out += size;
  soup_message_body_append_bytes(soup_server_message_get_response_body(message_.get()), bytes.get());
  soup_server_message_unpause(message_.get());  // libsoup pauses a body that ran dry
}

void Exchange::end_stream() {
  if (!open_ || !streaming_) return;
  streaming_ = false;
  soup_message_body_complete(soup_server_message_get_response_body(message_.get()));
  soup_server_message_unpause(message_.get());
}

void Exchange::give_up() {
  if (!open_) return;
  if (streaming_)
    end_stream();
  else if (paused_)
    respond(503, "", {});
}

void Exchange::on_wrote_chunk() {
  if (queued_ > 0) --queued_;
  if (on_room) on_room();
}

void Exchange::on_finished() {
  if (!open_) return;
  open_ = false;
  message_ = {};
  end();
}

}  // namespace hub::web
