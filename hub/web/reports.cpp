#include "hub/base/clock.h"
#include "hub/base/json.h"
#include "hub/web/fault_reports.h"
#include "hub/web/handlers.h"
#include "hub/web/notices.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hub::web {
namespace {
constexpr std::array<std::string_view, 5> kSymptoms{"no_picture", "no_sound", "stops", "late", "other"};
}

void add_report(Services& services, const Request& request, Reply reply) {
  auto json = base::parse_json(request.body, 6);
  if (!json || !json->is_object()) {
    reply(error_response(fail(base::Errc::Invalid, Text::BadJson, request.language)));
    return;
  }
  FaultReports::Entry entry;
  entry.at = services.clock.wall();
  entry.channel = base::string_at(*json, "channel").value_or("");
  entry.symptom = base::string_at(*json, "symptom").value_or("");
  entry.text = base::string_at(*json, "text").value_or("");
  if (std::find(kSymptoms.begin(), kSymptoms.end(), entry.symptom) == kSymptoms.end()) {
    reply(error_response(fail(base::Errc::Invalid, Text::BadReport, request.language)));
    return;
  }
  if (const auto player = json->find("player"); player != json->end() && player->is_object())
    entry.player = *player;
  const auto id = services.reports.add(std::move(entry));
  services.notices.mark(Change::Reports);
  reply(json_response({{"id", id}}, 201));
}

void list_reports(Services& services, const Request&, Reply reply) {
  auto out = base::Json::array();
  for (const auto& entry : services.reports.list())
    out.push_back({{"id", entry.id},
                   {"at", base::to_rfc3339(entry.at)},
                   {"channel", entry.channel},
                   {"symptom", entry.symptom},
                   {"text", entry.text},
                   {"player", entry.player}});
  reply(json_response(out));
}

}  // namespace hub::web
