#include "hub/web/dispatcher.h"

#include "hub/base/log.h"
#include "hub/web/auth.h"
#include "hub/web/head.h"
#include "hub/web/services.h"
#include "hub/web/texts.h"

#include <chrono>
#include <exception>
#include <utility>

namespace hub::web {
namespace {
constexpr std::chrono::milliseconds kBudget{50};  // per dispatch on main: DESIGN, section 9
}

Dispatcher::Dispatcher(Services& services, lib::glib::Loop& main)
    : main_{main}, side_{std::make_shared<Side>(Side{&services})} {}

void Dispatcher::close() {
  side_->services = nullptr;
}

void Dispatcher::handle(Services& services, const Route& route, const Request& request, const Reply& reply) {
  const auto begin = std::chrono::steady_clock::now();
  if (!services.auth.allows(route.role, request, services.attendance)) {
    const auto text = route.role == Role::Attendee ? Text::SignInFirst : Text::LogInFirst;
    reply(error_response(fail(base::Errc::NotAuthorised, text, request.language)));
    return;
  }
  try {
    route.handler(services, request, reply);
  } catch (const base::Error& error) {
    base::logger("web")->error("{}: {}", route.pattern, error.what());
    reply(error_response(error.failure()));
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  if (took > kBudget)
    base::logger("web")->warn("{} kept the main thread busy for {} ms", route.pattern,
                              std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

void Dispatcher::ask(Exchange& exchange, std::shared_ptr<Mailbox> back) {
  exchange.pause();
  // The mailbox is captured by value: a handler may answer long after the server has gone.
  Reply reply = [weak = exchange.weak_from_this(), back = std::move(back)](Response response) {
    back->post([weak, response = std::move(response)] {
      if (const auto open = weak.lock()) open->respond(response);
    });
  };
  main_.post([side = side_, route = exchange.head->route, request = std::move(exchange.head->request),
              reply = std::move(reply)] {
    if (side->services) handle(*side->services, *route, request, reply);
  });
}

void Dispatcher::sign(Sign sign) {
  main_.post([side = side_, sign = std::move(sign)] {
    if (side->services) side->services->audience.note(sign);
  });
}

void Dispatcher::left(std::uint64_t page) {
  main_.post([side = side_, page] {
    if (side->services) side->services->audience.left(page);
  });
}

}  // namespace hub::web
