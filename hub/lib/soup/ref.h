#pragma once
#include "hub/lib/glib/ref.h"

#include <libsoup/soup.h>

namespace hub::lib::glib {

template <>
struct RefTraits<SoupServer> : ObjectRefTraits<SoupServer> {};
template <>
struct RefTraits<SoupServerMessage> : ObjectRefTraits<SoupServerMessage> {};
template <>
struct RefTraits<SoupWebsocketConnection> : ObjectRefTraits<SoupWebsocketConnection> {};
template <>
struct RefTraits<SoupSession> : ObjectRefTraits<SoupSession> {};
template <>
struct RefTraits<SoupMessage> : ObjectRefTraits<SoupMessage> {};

template <>
struct RefTraits<GInputStream> : ObjectRefTraits<GInputStream> {};

}  // namespace hub::lib::glib
