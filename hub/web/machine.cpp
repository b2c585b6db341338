#include "hub/base/json.h"
#include "hub/machine/report.h"
#include "hub/web/audience.h"
#include "hub/web/handlers.h"

namespace hub::web {

void show_machine(Services& services, const Request& request, Reply reply) {
  auto warnings = base::Json::array();
  for (const auto& warning : services.machine.warnings)
    warnings.push_back({{"code", warning.code}, {"text", warning.text(request.language)}});
  reply(json_response({{"addresses", services.machine.urls}, {"warnings", warnings}}));
}

void show_viewers(Services& services, const Request&, Reply reply) {
  auto playing = base::Json::array();
  for (const auto& viewer : services.audience.playing())
    playing.push_back({{"channel", viewer.channel},
                       {"mode", viewer.mode == attendance::Proof::Mode::Audio ? "audio" : "video"},
                       {"seconds", viewer.since.count()}});
  reply(json_response({{"pages", services.audience.pages()}, {"playing", playing}}));
}

}  // namespace hub::web
