#include "hub/attendance/register.h"
#include "hub/base/clock.h"
#include "hub/channels/manager.h"
#include "hub/web/admission.h"
#include "hub/web/audience.h"
#include "hub/web/handlers.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <chrono>

namespace hub::web {
namespace {

using base::Json;

double seconds(base::Millis time) {
  return std::chrono::duration<double>(time).count();
}

Json replay_json(const channels::Info& info) {
  if (!info.replay) return nullptr;
  const auto& replay = *info.replay;
  return {{"position_s", seconds(replay.position)},
          {"duration_s", replay.duration ? Json(seconds(*replay.duration)) : Json{}},
          {"paused", replay.paused},
          {"starts_at", replay.starts_at ? Json(base::to_rfc3339(*replay.starts_at)) : Json{}}};
}

/// The open session that @p channel shows, or null.
Json session_of(const Services& services, const std::string& channel, std::string_view language) {
  for (const auto& session : services.attendance.today(language))
    if (session.channel == channel && session.state == attendance::Session::State::Open) return session.id;
  return nullptr;
}

}  // namespace

Json channel_json(const Services& services, const channels::Info& info, std::string_view language) {
  const bool sound = info.has_audio;
  Json reason;
  if (info.state == channels::State::Slate)
    reason = {{"code", "paused"}, {"error", say(Text::Paused, language)}};
  else if (info.state != channels::State::Live && info.reason)
    reason = {{"code", base::to_string(info.reason->code)},
              {"error", say_reason(info.reason->code, language)}};
  Json audio;
  if (sound) audio = {{"mp3", "/audio/" + info.id + ".mp3"}, {"aac", "/audio/" + info.id + ".aac"}};
  return {{"id", info.id},
          {"title", info.title},
          {"language", info.language},
          {"state", channels::to_string(info.state)},
          {"reason", std::move(reason)},
          {"since", base::to_rfc3339(info.since)},
          {"session", session_of(services, info.id, language)},
          {"replay", replay_json(info)},
          {"kind", info.kind.empty() ? Json{} : Json(info.kind)},
          {"watch", services.admission.has_place(info.id, services.clock.mono())},
          {"hls", "/hls/" + info.id + "/master.m3u8"},
          {"listen", sound ? Json("/hls/" + info.id + "/audio.m3u8") : Json{}},
          {"audio", std::move(audio)},
          {"on_air", info.on_air},
          {"viewers", services.audience.viewers(info.id)}};
}

namespace {

void answer_channel(Services& services, const Request& request, const base::Status& done,
                    const Reply& reply) {
  const auto& id = request.captures.at("id");
  const auto& list = services.channels.list();
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& info) { return info.id == id; });
  if (found == list.end() || (!done && done.error().code == base::Errc::NotFound))
    reply(error_response(fail(base::Errc::NotFound, Text::NoSuchChannel, request.language)));
  else if (!done)
    reply(error_response(done.error()));
  else
    reply(json_response(channel_json(services, *found, request.language)));
}

}  // namespace

Json channels_json(const Services& services, std::string_view language) {
  Json out = Json::array();
  for (const auto& info : services.channels.list()) out.push_back(channel_json(services, info, language));
  return out;
}

void list_channels(Services& services, const Request& request, Reply reply) {
  reply(json_response(channels_json(services, request.language)));
}

void start_channel(Services& services, const Request& request, Reply reply) {
  answer_channel(services, request, services.channels.start(request.captures.at("id")), reply);
}

void stop_channel(Services& services, const Request& request, Reply reply) {
  answer_channel(services, request, services.channels.stop(request.captures.at("id")), reply);
}

}  // namespace hub::web
