#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
#include "hub/web/attendance_json.h"
#include "hub/web/handlers.h"
#include "hub/web/stats.h"

#include <chrono>

namespace hub::web {
void healthz(Services& services, const Request&, Reply reply) {
  const auto up =
      std::chrono::duration_cast<std::chrono::seconds>(services.clock.mono() - services.stats.started);
  reply(json_response({{"status", "ok"}, {"version", HUB_VERSION}, {"uptime_s", up.count()}}));
}

void hub_info(Services& services, const Request& request, Reply reply) {
  const auto& hub = services.identity;
  base::Json questions = base::Json::array();
  for (const auto& question : services.privacy.questions) {
    base::Json choices = base::Json::array();
    for (const auto& choice : question.choices) choices.push_back(choice.in(request.language));
    questions.push_back(
        {{"id", question.id}, {"text", question.text.in(request.language)}, {"choices", std::move(choices)}});
  }
  auto info = sessions_json(services.attendance, request.language);
  info.update(base::Json(
      {{"name", hub.name},
       {"languages", hub.languages},
       {"language", request.language},
       {"time_zone", hub.time_zone},
       {"country", hub.country},
       {"meeting", hub.meeting},
       {"now", base::to_rfc3339(services.clock.wall())},
       {"note_well_url", hub.note_well_url},
       {"consent_version", attendance::kConsentVersion},
       {"privacy",
        {{"controller", services.privacy.controller.empty() ? hub.name : services.privacy.controller},
         {"contact", services.privacy.contact},
         {"retention_days", services.privacy.retention.count()}}},
       {"sign_in", {{"ask", services.privacy.ask}, {"questions", std::move(questions)}}}}));
  reply(json_response(info));
}

}  // namespace hub::web
