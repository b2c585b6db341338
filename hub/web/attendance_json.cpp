#include "hub/web/attendance_json.h"

#include "hub/attendance/event.h"
#include "hub/attendance/summary.h"

#include <fmt/format.h>

namespace hub::web {

using attendance::Register;
using base::Errc;
using base::Json;

namespace {

constexpr int kCookieSeconds = 14 * 24 * 3600;  // longer than a meeting and the days around it

/// null for an empty text.
Json text(const std::string& value) {
  return value.empty() ? Json{} : Json(value);
}

}  // namespace

base::Failure for_people(const base::Failure& failure, const std::string& language) {
  const bool french = language == "fr";
  switch (failure.code) {
    case Errc::Invalid:
    case Errc::NotFound:
    case Errc::Conflict:
    case Errc::TooLarge:
      return failure;
    case Errc::Busy:
      return {Errc::Busy,
              french ? "Le hub n'a pas pu l'enregistrer pour le moment. Réessayez dans un instant, ou "
                       "prévenez l'hôte."
                     : "The hub could not record this right now. Try again in a moment, or tell the host."};
    default:
      return {failure.code, french ? "Le hub a une panne avec son registre. Prévenez l'hôte."
                                   : "The hub has a fault in its register. Tell the host."};
  }
}

Json to_json(const Register::Person& person) {
  if (person.form.anonymous) return {{"ref", person.ref}, {"anonymous", true}};
  const auto& form = person.form;
  return {{"ref", person.ref},
          {"name", form.name},
          {"affiliation", text(form.affiliation)},
          {"contact", text(form.contact)},
          {"contact_ok", form.contact_ok},
          {"member", text(std::string{attendance::to_string(form.member)})},
          {"first_time", form.first_time ? Json(*form.first_time) : Json{}},
          {"gender", text(std::string{attendance::to_string(form.gender)})},
          {"status", text(std::string{attendance::to_string(form.status)})},
          {"answers", form.answers},
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
  return {{"persons", std::move(persons)}, {"present", me.present}, {"code", text(me.code)}};
}

Json sessions_json(const Register& attendance, const std::string& language) {
  Json sessions = Json::array();
  for (const auto& session : attendance.today(language)) sessions.push_back(attendance::to_json(session));
  return {{"sessions", std::move(sessions)}, {"session", attendance::to_json(attendance.current(language))}};
}

std::optional<std::string> query(const Request& request, const char* key) {
  const auto found = request.query.find(key);
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

std::string device_cookie(const std::string& token) {
  return fmt::format("vh_device={}; Max-Age={}; Path=/; HttpOnly; SameSite=Strict", token,
                     token.empty() ? 0 : kCookieSeconds);
}

}  // namespace hub::web
