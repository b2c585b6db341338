#include "hub/channels/replay.h"

#include <algorithm>

#include <fmt/format.h>

namespace hub::channels {
namespace {

using base::Json;
using base::Millis;

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::optional<std::int64_t> whole_at(const Json& json, const char* key, std::int64_t most) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto value = found->get<std::uint64_t>();
  if (value > static_cast<std::uint64_t>(most)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

Program wanted(const Room& room, unsigned cue) {
  return {room.paused ? Program::Kind::Slate : Program::Kind::Source, room.position, cue};
}

Room recalled(std::optional<Room> stored, std::optional<base::Wall> starts_at) {
  Room room = stored.value_or(Room{});
  if (room.starts_at != starts_at) {
    const bool stopped = room.stopped && !starts_at;
    room = Room{};
    room.stopped = stopped;
  }
  room.starts_at = starts_at;
  return room;
}

bool due(const Room& room, base::Wall now) {
  if (room.begun || room.ended || room.stopped || !room.starts_at) return false;
  return now >= *room.starts_at && now - *room.starts_at <= kMaxLate;
}

Cue cue_at(Millis wish, std::optional<Millis> duration) {
  if (wish < Millis{0}) return {Millis{0}, true};
  if (!duration || wish <= *duration - kTail) return {wish, false};
  return {std::max(*duration - kTail, Millis{0}), wish > *duration};
}

std::string slate_uri(const Profile& profile, const std::vector<std::string>& languages) {
  std::string text;
  for (const auto& language : languages) {
    if (!text.empty()) text += '\n';
    text += language == "fr" ? "Pause, discussion" : "Break, discussion";
  }
  return fmt::format("slate:?video={:d}&audio={:d}&size={}x{}&rate={}&channels={}&text={}", profile.video,
                     profile.audio, profile.width_px, profile.height_px, profile.rate_hz,
                     std::clamp<unsigned>(profile.channels, 1, 2), percent_encoded(text));
}

Json to_json(const Room& room) {
  const auto& profile = room.profile;
  Json json{{"stopped", room.stopped},
            {"begun", room.begun},
            {"paused", room.paused},
            {"ended", room.ended},
            {"position_ms", static_cast<std::uint64_t>(std::max<std::int64_t>(room.position.count(), 0))},
            {"profile",
             {{"video", profile.video},
              {"audio", profile.audio},
              {"width", profile.width_px},
              {"height", profile.height_px},
              {"rate", profile.rate_hz},
              {"channels", profile.channels}}}};
  if (room.duration) json["duration_ms"] = static_cast<std::uint64_t>(room.duration->count());
  if (room.starts_at)
    json["starts_at_ms"] = static_cast<std::uint64_t>(room.starts_at->time_since_epoch().count());
  return json;
}

std::optional<Room> room_from(const Json& json) {
  constexpr std::int64_t kMonthMs = 2'678'400'000;
  if (!json.is_object()) return std::nullopt;
  const auto position = whole_at(json, "position_ms", kMonthMs);
  if (!position) return std::nullopt;
  Room room;
  room.stopped = base::bool_at(json, "stopped").value_or(false);
  room.begun = base::bool_at(json, "begun").value_or(false);
  room.paused = base::bool_at(json, "paused").value_or(false);
  room.ended = base::bool_at(json, "ended").value_or(false);
  room.position = Millis{*position};
  if (const auto value = whole_at(json, "duration_ms", kMonthMs)) room.duration = Millis{*value};
  if (const auto value = whole_at(json, "starts_at_ms", INT64_MAX / 1'000'000))
    room.starts_at = base::Wall{Millis{*value}};
  const auto found = json.find("profile");
  if (found == json.end() || !found->is_object()) return room;
  auto& profile = room.profile;
  profile.video = base::bool_at(*found, "video").value_or(true);
  profile.audio = base::bool_at(*found, "audio").value_or(true);
  if (const auto v = whole_at(*found, "width", 4096)) profile.width_px = static_cast<std::uint16_t>(*v);
  if (const auto v = whole_at(*found, "height", 4096)) profile.height_px = static_cast<std::uint16_t>(*v);
  if (const auto v = whole_at(*found, "rate", 96'000)) profile.rate_hz = static_cast<std::uint32_t>(*v);
  if (const auto v = whole_at(*found, "channels", 8)) profile.channels = static_cast<std::uint8_t>(*v);
  return room;
}

}  // namespace hub::channels
