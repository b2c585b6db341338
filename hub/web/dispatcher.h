#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/web/audience.h"
#include "hub/web/exchange.h"
#include "hub/web/mailbox.h"
#include "hub/web/route.h"

#include <cstdint>
#include <memory>

namespace hub::web {

/// The bridge between web threads and handlers: a request goes to main as a plain value, checked there for
/// its role, and the answer comes back to the thread that holds the message. After close() nothing reaches
/// the handlers any more.
class Dispatcher {
 public:
  Dispatcher(Services& services, lib::glib::Loop& main);
  /// Closes the main side. @context main
  void close();

  /// Sends the request of @p exchange to its handler; pauses it. @context web
  void ask(Exchange& exchange, std::shared_ptr<Mailbox> back);
  /// @context web
  void sign(Sign sign);
  void left(std::uint64_t page);

 private:
  /// Main's half, kept by tasks on their way. @context main
  struct Side {
    Services* services;
  };
  static void handle(Services& services, const Route& route, const Request& request, const Reply& reply);

  lib::glib::Loop& main_;
  const std::shared_ptr<Side> side_;
};

}  // namespace hub::web
