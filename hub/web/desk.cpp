#include "hub/attendance/form.h"
#include "hub/attendance/register.h"
#include "hub/attendance/summary.h"
#include "hub/attendance/text.h"
#include "hub/base/text.h"
#include "hub/web/attendance_json.h"
#include "hub/web/attendance_routes.h"
#include "hub/web/host_forms.h"
#include "hub/web/services.h"
#include "hub/web/texts.h"

#include <utility>
#include <variant>

namespace hub::web {
namespace {

using attendance::Register;
using base::Errc;
using base::Json;

constexpr std::size_t kMostSearched = 120;  // code points, as a name

const char* word_of(attendance::Via via) {
  switch (via) {
    case attendance::Via::Phone:
      return "phone";
    case attendance::Via::Kiosk:
      return "kiosk";
    case attendance::Via::Desk:
      return "desk";
    case attendance::Via::Paper:
      return "paper";
  }
  return "desk";
}

Json time(const std::optional<base::Wall>& at) {
  return at ? Json(base::to_rfc3339(*at)) : Json{};
}

Json to_json(const Register::Desk& desk) {
  Json persons = Json::array();
  for (const auto& person : desk.persons)
    persons.push_back({{"ref", person.ref},
                       {"name", person.name},
                       {"affiliation", person.affiliation},
                       {"anonymous", person.anonymous},
                       {"here", person.here},
                       {"via", person.via ? Json(word_of(*person.via)) : Json{}},
                       {"in", time(person.in)},
                       {"out", time(person.out)}});
  Json changes = Json::array();
  for (const auto& change : desk.changes)
    changes.push_back({{"change", change.change},
                       {"what", change.what == Register::DeskChange::What::Add ? "add" : "left"},
                       {"name", change.name},
                       {"at", base::to_rfc3339(change.at)}});
  return {{"session", attendance::to_json(desk.session)},
          {"head_count", desk.head_count ? Json(*desk.head_count) : Json{}},
          {"named", desk.named},
          {"anonymous", desk.anonymous},
          {"present", desk.present},
          {"persons", std::move(persons)},
          {"changes", std::move(changes)}};
}

/// 400 with the line that is wrong, counted from 1; a fault of the whole has no line.
Response refused(const Register::BadLine& bad) {
  Json body{{"code", base::to_string(Errc::Invalid)}, {"error", bad.why}};
  if (bad.line > 0) body["line"] = bad.line;
  return json_response(body, 400);
}

}  // namespace

void show_desk(Services& services, const Request& request, Reply reply) {
  Register::DeskQuery wanted;
  wanted.session = query(request, "session").value_or("");
  wanted.language = request.language;
  const auto text = query(request, "q").value_or("");
  if (!base::is_utf8(text) || base::code_points(text) > kMostSearched)
    return reply(error_response(fail(Errc::Invalid, Text::BadSearch, request.language)));
  wanted.text = attendance::clean(text);
  services.attendance.desk(std::move(wanted), [language = request.language,
                                               reply = std::move(reply)](base::Result<Register::Desk> desk) {
    if (!desk) return reply(error_response(for_people(desk.error(), language)));
    reply(json_response(to_json(*desk)));
  });
}

void add_at_desk(Services& services, const Request& request, Reply reply) {
  auto parsed = attendance::parse_desk(request.body, request.language, services.privacy);
  if (const auto* bad = std::get_if<Register::BadLine>(&parsed)) return reply(refused(*bad));
  services.attendance.desk_add(
      std::get<Register::DeskAdd>(std::move(parsed)),
      [language = request.language, reply = std::move(reply)](base::Result<Register::DeskAdded> added) {
        if (!added) return reply(error_response(for_people(added.error(), language)));
        if (added->refused) return reply(refused(*added->refused));
        Json persons = Json::array();
        for (const auto& person : added->persons)
          persons.push_back({{"ref", person.ref}, {"name", person.form.name}});
        reply(json_response({{"change", added->change}, {"added", std::move(persons)}}, 201));
      });
}

void left_at_desk(Services& services, const Request& request, Reply reply) {
  auto left = parse_left(request.body, request.captures.at("ref"), request.language);
  if (!left) return reply(error_response(left.error()));
  services.attendance.desk_left(*std::move(left), [language = request.language, reply = std::move(reply)](
                                                      base::Result<std::string> change) {
    if (!change) return reply(error_response(for_people(change.error(), language)));
    reply(json_response({{"change", *change}}));
  });
}

void undo_at_desk(Services& services, const Request& request, Reply reply) {
  auto change = parse_undo(request.body, request.language);
  if (!change) return reply(error_response(change.error()));
  services.attendance.desk_undo(*change, request.language,
                                [change = *change, language = request.language,
                                 reply = std::move(reply)](base::Result<base::Done> done) {
                                  if (!done) return reply(error_response(for_people(done.error(), language)));
                                  reply(json_response({{"undone", change}}));
                                });
}

void set_head_count(Services& services, const Request& request, Reply reply) {
  const auto wanted = parse_head_count(request.body, request.language);
  if (!wanted) return reply(error_response(wanted.error()));
  services.attendance.head_count(wanted->session, wanted->count, request.language,
                                 [count = wanted->count, language = request.language,
                                  reply = std::move(reply)](base::Result<base::Done> done) {
                                   if (!done)
                                     return reply(error_response(for_people(done.error(), language)));
                                   reply(json_response({{"head_count", count}}));
                                 });
}

}  // namespace hub::web
