#include "hub/channels/memory.h"

namespace hub::channels {
namespace {
using Kind = stream::Job::Kind;
constexpr const char* word(Kind kind) {
  return kind == Kind::Video ? "video" : kind == Kind::Audio ? "audio" : "auto";
}
}  // namespace

base::Json to_json(const ChannelSettings& channel) {
  base::Json json{{"id", channel.id},
                  {"title", channel.title},
                  {"language", channel.language},
                  {"kind", word(channel.kind)},
                  {"mode", channel.mode == Mode::Replay ? "replay" : "always"},
                  {"uri", channel.sources.empty() ? "" : channel.sources.front().uri}};
  if (channel.starts_at) json["starts_at_ms"] = channel.starts_at->time_since_epoch().count();
  return json;
}

std::optional<ChannelSettings> settings_from(const base::Json& json) {
  const auto id = base::string_at(json, "id");
  const auto uri = base::string_at(json, "uri");
  if (!id || id->empty() || !uri || uri->empty()) return std::nullopt;
  ChannelSettings channel;
  channel.id = *id;
  channel.title = base::string_at(json, "title").value_or(*id);
  channel.language = base::string_at(json, "language").value_or("");
  const auto kind = base::string_at(json, "kind");
  channel.kind = kind == "video" ? Kind::Video : kind == "audio" ? Kind::Audio : Kind::Auto;
  channel.mode = base::string_at(json, "mode") == "replay" ? Mode::Replay : Mode::Always;
  channel.sources.push_back({*uri});
  const auto starts = json.find("starts_at_ms");
  if (starts != json.end() && starts->is_number_integer())
    channel.starts_at = base::Wall{base::Millis{starts->get<std::int64_t>()}};
  return channel;
}

}  // namespace hub::channels
