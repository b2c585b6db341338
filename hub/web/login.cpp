#include "hub/attendance/register.h"
#include "hub/base/json.h"
#include "hub/web/auth.h"
#include "hub/web/handlers.h"
#include "hub/web/texts.h"

namespace hub::web {
namespace {

const char* word_of(Role role) {
  return role == Role::Host ? "host" : "organizer";
}

/// No Secure: the hub is plain HTTP on the LAN. No Max-Age: until the browser closes.
constexpr const char* kAttributes = "; HttpOnly; SameSite=Strict; Path=/";

Response refused(const Auth::Login& result, const std::string& language) {
  if (result.busy) return error_response(fail(base::Errc::Busy, Text::TooManyLogins, language));
  const auto text = result.retry_after ? Text::WaitBeforeLogin : Text::WrongPassphrase;
  return wait_response(fail(base::Errc::NotAuthorised, text, language),
                       result.retry_after.value_or(std::chrono::seconds{0}));
}

}  // namespace

void login(Services& services, const Request& request, Reply reply) {
  const auto json = base::parse_json(request.body, 2);
  const auto passphrase = json ? base::string_at(*json, "passphrase") : std::nullopt;
  if (!passphrase) {
    reply(error_response(fail(base::Errc::Invalid, Text::BadJson, request.language)));
    return;
  }
  if (!services.auth.has_passphrase()) {
    reply(error_response(fail(base::Errc::NotAuthorised, Text::NoPassphrase, request.language)));
    return;
  }
  services.auth.login(request, *passphrase, services.attendance.knows(request.device_token),
                      [reply, language = request.language](const Auth::Login& result) {
                        if (!result.role) {
                          reply(refused(result, language));
                          return;
                        }
                        auto response = json_response({{"role", word_of(*result.role)}});
                        response.headers.emplace_back("Set-Cookie",
                                                      "vh_session=" + result.token + kAttributes);
                        reply(std::move(response));
                      });
}

void logout(Services& services, const Request& request, Reply reply) {
  services.auth.logout(request.session_token);
  auto response = json_response(base::Json::object());
  response.headers.emplace_back("Set-Cookie", std::string{"vh_session="} + kAttributes + "; Max-Age=0");
  reply(std::move(response));
}

void show_session(Services& services, const Request& request, Reply reply) {
  const auto role = services.auth.role_of(request);
  reply(json_response({{"role", role ? base::Json(word_of(*role)) : base::Json{}}}));
}

}  // namespace hub::web
