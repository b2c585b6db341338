#include "hub/web/attendance_routes.h"

#include "hub/attendance/event.h"
#include "hub/attendance/form.h"
#include "hub/attendance/register.h"
#include "hub/attendance/summary.h"
#include "hub/base/identity.h"
#include "hub/web/services.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace hub::web {
namespace {

using attendance::Register;
using base::Errc;
using base::Failure;
using base::Json;

constexpr auto kCookie = "vh_device={}; Max-Age={}; Path=/; HttpOnly; SameSite=Strict";
constexpr int kCookieSeconds = 14 * 24 * 3600;

/// What the register says is for the log; the person in front of the screen gets a sentence in their
/// language.
Failure for_people(const Failure& failure, const std::string& language) {
  const bool french = language == "fr";
  switch (failure.code) {
    case Errc::Busy:
      return {Errc::Busy,
              french ? "Le hub n'a pas pu l'enregistrer pour le moment. Réessayez dans un instant, ou "
                       "prévenez l'hôte."
                     : "The hub could not record this right now. Try again in a moment, or tell the host."};
    case Errc::TooLarge:
      return {Errc::TooLarge,
              french ? "Trop de personnes se sont inscrites sur cet appareil : utilisez-en un autre, "
                       "ou demandez à l'hôte."
                     : "Too many people signed in on this device: use another one, or ask the host."};
    case Errc::NotFound:
      return {Errc::NotFound, french ? "Cette session n'existe pas : choisissez-en une de la liste."
                                     : "There is no such session: choose one of the list."};
    default:
      return {failure.code, french ? "Le hub a une panne avec son registre. Prévenez l'hôte."
                                   : "The hub has a fault in its register. Tell the host."};
  }
}

/// null for an empty text.
Json text(const std::string& value) {
  return value.empty() ? Json{} : Json(value);
}

Json to_json(const Register::Person& person) {
  if (person.form.anonymous) return {{"ref", person.ref}, {"anonymous", true}};
  return {{"ref", person.ref},
          {"name", person.form.name},
          {"affiliation", text(person.form.affiliation)},
          {"contact", text(person.form.contact)},
          {"member", text(std::string{attendance::to_string(person.form.member)})},
          {"first_time", person.form.first_time ? Json(*person.form.first_time) : Json{}},
          {"anonymous", false}};
}

Json to_json(const Register::Me& me) {
  Json persons = Json::array();
  for (const auto& entry : me.persons) {
    Json person = to_json(entry.person);
    if (!entry.person.form.anonymous)
      person["consent"] = {{"version", entry.person.form.consent_version},
                           {"language", entry.person.form.consent_language},
                           {"at", base::to_rfc3339(entry.person.consent_at)}};
    person["attendance"] = Json::array();
    for (const auto& presence : entry.attendance)
      person["attendance"].push_back(
          {{"session_id", presence.session_id},
           {"basis", presence.declared ? "declared" : "measured"},
           {"first_in", base::to_rfc3339(presence.first_in)},
           {"last_out", presence.last_out ? Json(base::to_rfc3339(*presence.last_out)) : Json{}},
           {"seconds", presence.seconds}});
    persons.push_back(std::move(person));
  }
  return {{"persons", std::move(persons)}, {"present", me.present}};
}

std::optional<std::string> query(const Request& request, const char* key) {
  const auto found = request.query.find(key);
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

std::string device_cookie(const std::string& token) {
  return fmt::format(kCookie, token, kCookieSeconds);
}

}  // namespace

void sign_in(Services& services, const Request& request, Reply reply) {
  auto arrival = attendance::parse_sign_in(request.body, request.language, services.privacy);
  if (!arrival) return reply(error_response(arrival.error()));
  services.attendance.sign_in(
      *std::move(arrival), request.device_token,
      [language = request.language, reply = std::move(reply)](base::Result<Register::SignedIn> done) {
        if (!done) return reply(error_response(for_people(done.error(), language)));
        Response response =
            json_response({{"person", to_json(done->person)},
                           {"session", {{"id", done->session.id}, {"title", done->session.title}}},
                           {"signed_in_at", base::to_rfc3339(done->at)}},
                          201);
        response.headers.emplace_back("Set-Cookie", device_cookie(done->device));
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
    response.headers.emplace_back("Set-Cookie", fmt::format(kCookie, "", 0));
    reply(std::move(response));
  });
}

void attendance_summary(Services& services, const Request& request, Reply reply) {
  services.attendance.summary(
      "", request.language,
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
