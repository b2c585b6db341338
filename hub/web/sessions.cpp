#include "hub/attendance/register.h"
#include "hub/attendance/summary.h"
#include "hub/channels/manager.h"
#include "hub/web/attendance_json.h"
#include "hub/web/attendance_routes.h"
#include "hub/web/auth.h"
#include "hub/web/host_forms.h"
#include "hub/web/services.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hub::web {
namespace {

using attendance::Session;

/// The register keeps who opened, changed or closed a session.
std::string who(const Services& services, const Request& request) {
  return services.auth.role_of(request) == Role::Organizer ? "organizer" : "host";
}

/// Nothing if the hub has the channel @p id, or none is asked for.
std::optional<base::Failure> no_channel(const Services& services, const std::string& id,
                                        const std::string& language) {
  const auto& list = services.channels.list();
  if (id.empty() || std::any_of(list.begin(), list.end(), [&](const auto& each) { return each.id == id; }))
    return std::nullopt;
  std::string known;
  for (const auto& each : list) known += (known.empty() ? "" : ", ") + each.id;
  constexpr const char* kFrench =
      "Canal (channel) : ce hub n'a pas de canal « {} ». Choisissez parmi : {}. Une session peut aussi "
      "n'avoir "
      "aucun canal.";
  constexpr const char* kEnglish =
      "Channel (channel): this hub has no channel \"{}\". Choose one of: {}. A session may also have none.";
  return base::Failure{base::Errc::Invalid, fmt::format(fmt::runtime(language == "fr" ? kFrench : kEnglish),
                                                        id, known.empty() ? "–" : known)};
}

attendance::Register::Then<Session> answer_session(int status, std::string language, Reply reply) {
  return [status, language = std::move(language), reply = std::move(reply)](base::Result<Session> session) {
    if (!session) return reply(error_response(for_people(session.error(), language)));
    reply(json_response(attendance::to_json(*session), status));
  };
}

}  // namespace

void open_session(Services& services, const Request& request, Reply reply) {
  auto session = parse_new_session(request.body, request.language);
  if (!session) return reply(error_response(session.error()));
  if (const auto refused = no_channel(services, session->channel, request.language))
    return reply(error_response(*refused));
  session->who = who(services, request);
  services.attendance.open_session(*std::move(session),
                                   answer_session(201, request.language, std::move(reply)));
}

void change_session(Services& services, const Request& request, Reply reply) {
  auto change = parse_session_change(request.body, request.captures.at("id"), request.language);
  if (!change) return reply(error_response(change.error()));
  change->who = who(services, request);
  services.attendance.change_session(*std::move(change),
                                     answer_session(200, request.language, std::move(reply)));
}

void close_session(Services& services, const Request& request, Reply reply) {
  services.attendance.close_session(request.captures.at("id"), who(services, request), request.language,
                                    answer_session(200, request.language, std::move(reply)));
}

}  // namespace hub::web
