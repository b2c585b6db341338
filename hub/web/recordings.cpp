#include "hub/base/json.h"
#include "hub/recordings/shelf.h"
#include "hub/web/handlers.h"
#include "hub/web/texts.h"

#include <cmath>

namespace hub::web {
namespace {

using base::Json;
using recordings::Item;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json{};
}

Json item_json(const Item& item, std::string_view language) {
  Json reason;
  if (item.reason)
    reason = {{"code", base::to_string(item.reason->code)}, {"error", item.reason->in(language)}};
  return {{"id", item.id},
          {"title", item.title},
          {"size_bytes", or_null(item.size_bytes)},
          {"size_is_estimate", item.size_is_estimate},
          {"done_bytes", item.done_bytes},
          {"duration_s", item.duration_s ? Json(std::round(*item.duration_s * 10) / 10) : Json{}},
          {"state", recordings::to_string(item.state)},
          {"reason", std::move(reason)},
          {"keep_until", item.keep_until ? Json(base::to_rfc3339(*item.keep_until)) : Json{}}};
}

Response trouble_response(const recordings::Trouble& trouble, std::string_view language) {
  auto response = error_response(trouble.failure(language));
  // Logging in again would not help: nobody may before the config says who allowed it.
  if (trouble.code == base::Errc::NotAuthorised) response.status = 403;
  return response;
}

}  // namespace

void list_recordings(Services& services, const Request& request, Reply reply) {
  auto list = Json::array();
  for (const auto& item : services.recordings.list()) list.push_back(item_json(item, request.language));
  reply(json_response({{"permission", services.recordings.permission()},
                       {"free_bytes", services.recordings.free_bytes()},
                       {"recordings", std::move(list)}}));
}

void add_recording(Services& services, const Request& request, Reply reply) {
  const auto json = base::parse_json(request.body, 4);
  const auto uri = json && json->is_object() ? base::string_at(*json, "uri") : std::nullopt;
  if (!uri) return reply(error_response(fail(base::Errc::Invalid, Text::BadJson, request.language)));
  recordings::Shelf::Wish wish;
  wish.uri = *uri;
  wish.title = base::string_at(*json, "title").value_or("");
  wish.now = base::bool_at(*json, "now").value_or(false);
  if (wish.title.size() > 480)
    return reply(error_response(fail(base::Errc::TooLarge, Text::TooLarge, request.language)));
  if (base::bool_at(*json, "dry_run").value_or(false)) {
    services.recordings.ask_size(std::move(wish), [reply, language = request.language](const auto& outcome) {
      if (!outcome) return reply(trouble_response(outcome.trouble(), language));
      reply(json_response({{"size_bytes", or_null(outcome->size_bytes)},
                           {"size_is_estimate", outcome->size_is_estimate},
                           {"free_bytes", outcome->free_bytes},
                           {"starts_at", base::to_rfc3339(outcome->starts_at)}}));
    });
    return;
  }
  services.recordings.add(std::move(wish), [reply, language = request.language](const auto& outcome) {
    if (!outcome) return reply(trouble_response(outcome.trouble(), language));
    reply(json_response(item_json(*outcome, language), 201));
  });
}

void delete_recording(Services& services, const Request& request, Reply reply) {
  services.recordings.remove(request.captures.at("id"),
                             [reply, language = request.language](const auto& outcome) {
                               if (!outcome) return reply(trouble_response(outcome.trouble(), language));
                               reply(json_response({{"removed", 1}}));
                             });
}

}  // namespace hub::web
