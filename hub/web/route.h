#pragma once
#include "hub/web/message.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace hub::web {

struct Services;  // services.h: references to the domain objects that handlers use, owned by hub/app

/// Runs on the main thread; answers now or later, exactly once.
using Handler = void (*)(Services& services, const Request& request, Reply reply);

/// One line of the API: authorisation is data that a reviewer reads from top to bottom (routes.cpp).
struct Route {
  Method method;
  std::string_view pattern;  ///< "/api/v1/host/channels/{id}/start"
  Role role;
  std::size_t body_limit_bytes;
  Handler handler;
};

/// All API routes. Media, static files and the WebSocket are answered on the web threads (media_routes.h).
[[nodiscard]] std::span<const Route> routes();

}  // namespace hub::web
