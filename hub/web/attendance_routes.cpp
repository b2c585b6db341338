#include "hub/web/attendance_routes.h"

#include "hub/attendance/form.h"
#include "hub/attendance/register.h"
#include "hub/attendance/summary.h"
#include "hub/base/identity.h"
#include "hub/web/attendance_json.h"
#include "hub/web/auth.h"
#include "hub/web/host_forms.h"
#include "hub/web/services.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace hub::web {
namespace {

using attendance::Register;
using base::Errc;

}  // namespace

void sign_in(Services& services, const Request& request, Reply reply) {
  auto arrival = attendance::parse_sign_in(request.body, request.language, services.privacy);
  if (!arrival) return reply(error_response(arrival.error()));
  // The tablet at the door belongs to nobody: who stands there next is somebody else.
  auto device = arrival->kiosk ? std::string{} : request.device_token;
  services.attendance.sign_in(
      *std::move(arrival), std::move(device),
      [language = request.language, reply = std::move(reply)](base::Result<Register::SignedIn> done) {
        if (!done) return reply(error_response(for_people(done.error(), language)));
        Response response = json_response({{"person", to_json(done->person)},
                                           {"session", attendance::to_json(done->session)},
                                           {"signed_in_at", base::to_rfc3339(done->at)}},
                                          201);
        if (!done->device.empty()) response.headers.emplace_back("Set-Cookie", device_cookie(done->device));
        reply(std::move(response));
      });
}

void sign_in_again(Services& services, const Request& request, Reply reply) {
  auto session = parse_session_only(request.body, request.language);
  if (!session) return reply(error_response(session.error()));
  services.attendance.sign_in_again(
      request.device_token, *std::move(session), request.language,
      [language = request.language, reply = std::move(reply)](base::Result<Register::SignedInAgain> done) {
        if (!done) return reply(error_response(for_people(done.error(), language)));
        base::Json persons = base::Json::array();
        for (const auto& person : done->persons) persons.push_back(to_json(person));
        Response response = json_response({{"persons", std::move(persons)},
                                           {"session", attendance::to_json(done->session)},
                                           {"signed_in_at", base::to_rfc3339(done->at)}},
                                          201);
        response.headers.emplace_back("Set-Cookie", device_cookie(done->device));
        reply(std::move(response));
      });
}

void sign_in_by_code(Services& services, const Request& request, Reply reply) {
  auto code = parse_code(request.body, request.language);
  if (!code) return reply(error_response(code.error()));
  auto& guesses = services.auth.guesses();
  if (const auto wait = guesses.begin(request.peer))
    return reply(wait_response(fail(Errc::NotAuthorised, Text::WaitBeforeCode, request.language), *wait));
  services.attendance.recover(
      *std::move(code), [&guesses, peer = request.peer, language = request.language,
                         reply = std::move(reply)](base::Result<Register::Recovered> found) {
        if (!found && found.error().code == Errc::NotAuthorised)
          return reply(wait_response(fail(Errc::NotAuthorised, Text::WrongCode, language),
                                     guesses.wait(peer).value_or(std::chrono::seconds{0})));
        guesses.forgive(peer);
        if (!found) return reply(error_response(for_people(found.error(), language)));
        Response response = json_response(to_json(found->me));
        response.headers.emplace_back("Set-Cookie", device_cookie(found->device));
        reply(std::move(response));
      });
}

void sign_out(Services& services, const Request& request, Reply reply) {
  services.attendance.sign_out(
      request.device_token, [language = request.language, reply = std::move(reply)](base::Result<int> left) {
        if (!left) return reply(error_response(for_people(left.error(), language)));
        reply(json_response({{"signed_out", *left}}));
      });
}

void me(Services& services, const Request& request, Reply reply) {
  services.attendance.me(request.device_token, [language = request.language,
                                                reply = std::move(reply)](base::Result<Register::Me> mine) {
    if (!mine) return reply(error_response(for_people(mine.error(), language)));
    reply(json_response(to_json(*mine)));
  });
}

void erase_me(Services& services, const Request& request, Reply reply) {
  services.attendance.erase(request.device_token, [language = request.language,
                                                   reply = std::move(reply)](base::Result<int> erased) {
    if (!erased) return reply(error_response(for_people(erased.error(), language)));
    Response response = json_response({{"erased", *erased}});
    response.headers.emplace_back("Set-Cookie", device_cookie(""));
    reply(std::move(response));
  });
}

void attendance_summary(Services& services, const Request& request, Reply reply) {
  services.attendance.summary(
      query(request, "session").value_or(""), request.language,
      [language = request.language, reply = std::move(reply)](base::Result<Register::Summary> summary) {
        if (!summary) return reply(error_response(for_people(summary.error(), language)));
        reply(json_response(attendance::to_json(*summary)));
      });
}

void attendance_export(Services& services, const Request& request, Reply reply) {
  const auto& languages = services.identity.languages;
  Register::ExportRequest wanted;
  wanted.format = query(request, "format").value_or("csv");
  // As on the command line: the file follows ?lang=, else the hub's first language, not the browser's.
  wanted.language = query(request, "lang").value_or(languages.empty() ? "en" : languages.front());
  wanted.session = query(request, "session").value_or("");
  const bool known_format = wanted.format == "csv" || wanted.format == "json";
  const bool known_language =
      wanted.language == "fr" || wanted.language == "en" ||
      std::find(languages.begin(), languages.end(), wanted.language) != languages.end();
  if (!known_format || !known_language) {
    const bool french = request.language == "fr";
    return reply(error_response({Errc::Invalid, french ? "format : csv ou json ; lang : fr ou en."
                                                       : "format: csv or json; lang: fr or en."}));
  }
  services.attendance.export_(std::move(wanted), [language = request.language, reply = std::move(reply)](
                                                     base::Result<Register::Exported> exported) {
    if (!exported) return reply(error_response(for_people(exported.error(), language)));
    Response response;
    response.content_type = std::move(exported->content_type);
    response.body = std::move(exported->bytes);
    // The name is made of letters, digits, '-' and '.' (hub/reports): it needs no quoting rules.
    response.headers.emplace_back("Content-Disposition",
                                  fmt::format("attachment; filename=\"{}\"", exported->file_name));
    response.headers.emplace_back("Cache-Control", "no-store");
    reply(std::move(response));
  });
}

}  // namespace hub::web
