#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
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
  const auto session = services.attendance.current(request.language);
  reply(json_response(
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
       {"sign_in", {{"ask", services.privacy.ask}}},
       {"session", {{"id", session.id}, {"title", session.title}}}}));
}

}  // namespace hub::web
