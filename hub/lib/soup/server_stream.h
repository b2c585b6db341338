#pragma once
#include "hub/lib/soup/ref.h"

namespace hub::lib::soup {

/// What soup_server_accept_iostream() is to be given for @p connection. SoupServer 3.2 forgets a keep-alive
/// connection whose peer goes between two requests: it reads the end, stops watching and never closes, so
/// that every visitor costs a file descriptor for ever (checked with 3.2.3). An end in the middle of a head
/// is handled well. So this stream ends, whether by end of file or by an error, with one stray byte: the
/// start of a head that never comes. Closing the stream closes the socket, in the caller's thread.
[[nodiscard]] glib::Ref<GIOStream> server_stream(glib::Ref<GSocketConnection> connection);

}  // namespace hub::lib::soup
