// Channels in the hands of the host: added, deleted, tested, and replays for the whole room.
#include "hub/agenda/address.h"
#include "hub/agenda/settings.h"
#include "hub/base/identity.h"
#include "hub/base/source_uri.h"
#include "hub/channels/manager.h"
#include "hub/lib/glib/time_zone.h"
#include "hub/web/handlers.h"
#include "hub/web/texts.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <unistd.h>

namespace hub::web {
namespace {

using base::Errc;
using base::Json;
using Kind = stream::Job::Kind;

constexpr std::size_t kMaxTitleBytes = 480;  // 120 characters of UTF-8
constexpr double kMaxSeek = 2'678'400;       // a month

/// The sentence in the language asked; the domain's own words are English.
Text words_for(Errc code) {
  switch (code) {
    case Errc::NotFound:
      return Text::NoSuchChannel;
    case Errc::TooLarge:
      return Text::TooManyChannels;
    case Errc::Busy:
      return Text::TwoTests;
    default:
      return Text::NotAReplay;
  }
}

void refuse(const Reply& reply, Errc code, Text text, const Request& request) {
  reply(error_response(fail(code, text, request.language)));
}

Json host_json(const Services& services, const channels::Info& info, std::string_view language) {
  auto json = channel_json(services, info, language);
  json["mode"] = info.mode == channels::Mode::Replay ? "replay" : "always";
  json["source"] = info.source;
  json["added"] = info.added;
  json["bytes_in"] = info.bytes_in;
  json["restarts"] = info.restarts;
  return json;
}

const channels::Info* find(const Services& services, const std::string& id) {
  const auto& list = services.channels.list();
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& info) { return info.id == id; });
  return found == list.end() ? nullptr : &*found;
}

void answer(const Services& services, const Request& request, const base::Status& done, const Reply& reply) {
  const auto* info = find(services, request.captures.at("id"));
  if (!info) return refuse(reply, Errc::NotFound, Text::NoSuchChannel, request);
  if (!done) return refuse(reply, done.error().code, words_for(done.error().code), request);
  reply(json_response(host_json(services, *info, request.language)));
}

std::optional<Json> body_of(const Request& request, const Reply& reply) {
  auto json = base::parse_json(request.body, 4);
  if (json && json->is_object()) return std::move(*json);
  refuse(reply, Errc::Invalid, Text::BadJson, request);
  return std::nullopt;
}

/// What a host pasted, as the relay takes it.
struct Source {
  std::string uri;
  std::optional<agenda::SessionAddress> ietf;
};

/// A file of this machine, such as one on a USB stick. It is looked at now, so that the host hears what is
/// wrong, and again when it is played.
std::variant<Source, Text> file_source(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return Text::NoSuchFile;
  // Reading a FIFO or a device would wait for ever.
  if (!std::filesystem::is_regular_file(status)) return Text::NotAFile;
  if (access(path.c_str(), R_OK) != 0) return Text::FileUnreadable;
  return Source{base::source_uri(path, "/"), {}};
}

/// Nothing if it cannot be a source; then it is refused.
std::optional<Source> source_of(const Services& services, const Json& json, const Request& request,
                                const Reply& reply) {
  const auto uri = base::string_at(json, "uri").value_or("");
  if (agenda::is_session_address(uri)) {
    const auto parsed = agenda::parse_address(uri);
    if (const auto* session = std::get_if<agenda::SessionAddress>(&parsed))
      return Source{agenda::expand(services.ietf.audio_url, *session), *session};
    const auto& trouble = std::get<agenda::Trouble>(parsed);
    const auto sentence = request.language == "fr" ? fmt::format("Cette adresse {}.", trouble.fr)
                                                   : fmt::format("This address {}.", trouble.en);
    reply(error_response({Errc::Invalid, sentence}));
    return std::nullopt;
  }
  // file: with its escapes is for programs; people give a path.
  const bool fine = base::is_utf8(uri) && !base::source_problem(uri) && !uri.starts_with("file:");
  if (fine && uri.starts_with('/')) {
    const auto file = file_source(uri);
    if (const auto* source = std::get_if<Source>(&file)) return *source;
    const auto text = std::get<Text>(file);
    refuse(reply, text == Text::NoSuchFile ? Errc::NotFound : Errc::Invalid, text, request);
    return std::nullopt;
  }
  if (fine && uri.find(':') != std::string::npos) return Source{uri, {}};
  refuse(reply, Errc::Invalid, Text::BadSource, request);
  return std::nullopt;
}

/// Adds which session an address of the IETF is.
Json with_ietf(Json json, const std::optional<agenda::SessionAddress>& session) {
  if (session) json["ietf"] = {{"meeting", session->meeting}, {"session_id", session->session_id}};
  return json;
}

/// Nothing if the form cannot be a channel.
std::optional<channels::ChannelSettings> channel_of(const Json& json, const std::string& uri,
                                                    const std::string& time_zone) {
  channels::ChannelSettings channel;
  channel.title = base::string_at(json, "title").value_or("");
  channel.id = base::string_at(json, "id").value_or("");
  channel.language = base::string_at(json, "language").value_or("");
  const auto kind = base::string_at(json, "kind").value_or("auto");
  if (channel.title.empty() || channel.title.size() > kMaxTitleBytes || !base::is_utf8(channel.title))
    return {};
  if (std::any_of(channel.title.begin(), channel.title.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return {};
  if (!channel.id.empty() && !base::is_channel_id(channel.id)) return {};
  if (channel.language.size() > 35 || (kind != "auto" && kind != "video" && kind != "audio")) return {};
  channel.kind = kind == "video" ? Kind::Video : kind == "audio" ? Kind::Audio : Kind::Auto;
  if (base::is_recording(uri)) channel.mode = channels::Mode::Replay;
  if (const auto text = base::string_at(json, "starts_at")) {
    channel.starts_at = lib::glib::parse_time(*text, lib::glib::TimeZone{time_zone}, std::nullopt);
    if (!channel.starts_at || channel.mode != channels::Mode::Replay) return {};
  }
  channel.sources = {{uri}};
  return channel;
}

std::string track_words(const stream::Track& track) {
  switch (track.codec) {
    case stream::Codec::H264:
      return fmt::format("H.264 {}x{}", track.width_px, track.height_px);
    case stream::Codec::Aac:
      return fmt::format("AAC {} Hz", track.rate_hz);
    case stream::Codec::Mp3:
      return fmt::format("MP3 {} Hz", track.rate_hz);
  }
  return {};
}

}  // namespace

void list_host_channels(Services& services, const Request& request, Reply reply) {
  Json out = Json::array();
  for (const auto& info : services.channels.list())
    out.push_back(host_json(services, info, request.language));
  reply(json_response(out));
}

void add_channel(Services& services, const Request& request, Reply reply) {
  const auto json = body_of(request, reply);
  if (!json) return;
  const auto source = source_of(services, *json, request, reply);
  if (!source) return;
  auto channel = channel_of(*json, source->uri, services.identity.time_zone);
  if (!channel) return refuse(reply, Errc::Invalid, Text::BadChannel, request);
  const auto added = services.channels.add(std::move(*channel));
  if (!added) {
    const auto code = added.error().code;
    return refuse(reply, code, code == Errc::Conflict ? Text::ChannelTaken : words_for(code), request);
  }
  reply(json_response(with_ietf(host_json(services, *added, request.language), source->ietf), 201));
}

void delete_channel(Services& services, const Request& request, Reply reply) {
  const auto done = services.channels.remove(request.captures.at("id"));
  if (done) return reply(json_response({{"deleted", request.captures.at("id")}}));
  const bool of_config = done.error().code == Errc::Conflict;
  refuse(reply, done.error().code, of_config ? Text::ChannelOfConfig : Text::NoSuchChannel, request);
}

void pause_channel(Services& services, const Request& request, Reply reply) {
  answer(services, request, services.channels.pause(request.captures.at("id")), reply);
}

void resume_channel(Services& services, const Request& request, Reply reply) {
  answer(services, request, services.channels.resume(request.captures.at("id")), reply);
}

void seek_channel(Services& services, const Request& request, Reply reply) {
  const auto json = body_of(request, reply);
  if (!json) return;
  const auto number = [&](const char* key) -> std::optional<base::Millis> {
    const auto found = json->find(key);
    if (found == json->end() || !found->is_number()) return std::nullopt;
    const double value = found->get<double>();
    if (!std::isfinite(value) || std::abs(value) > kMaxSeek) return std::nullopt;
    return base::Millis{std::llround(value * 1000)};
  };
  const auto to = number("position_s");
  const auto by = number("by_s");
  if (to.has_value() == by.has_value()) return refuse(reply, Errc::Invalid, Text::BadSeek, request);
  const auto sought = services.channels.seek(request.captures.at("id"), {to, by.value_or(base::Millis{0})});
  const auto* info = find(services, request.captures.at("id"));
  if (!sought || !info)
    return answer(services, request, sought ? base::ok() : base::Status{sought.error()}, reply);
  auto out = host_json(services, *info, request.language);
  out["clamped"] = sought->clamped;
  const bool start = sought->position == base::Millis{0};
  out["note"] = sought->clamped
                    ? Json(say(start ? Text::SoughtBeforeStart : Text::SoughtBeyondEnd, request.language))
                    : Json(nullptr);
  reply(json_response(out));
}

void test_address(Services& services, const Request& request, Reply reply) {
  const auto json = body_of(request, reply);
  if (!json) return;
  const auto source = source_of(services, *json, request, reply);
  if (!source) return;
  const auto begun = services.channels.test(
      source->uri, [reply, language = request.language, ietf = source->ietf](const auto& report) {
        if (report.failure) {
          const auto code = report.failure->code;
          return reply(json_response(with_ietf(
              {{"ok", false}, {"code", base::to_string(code)}, {"error", say_test_failure(code, language)}},
              ietf)));
        }
        Json tracks = Json::array();
        for (const auto& track : report.tracks) tracks.push_back(track_words(track));
        reply(json_response(with_ietf({{"ok", true},
                                       {"tracks", std::move(tracks)},
                                       {"kbps", report.media_bps / 1000},
                                       {"title", report.title}},
                                      ietf)));
      });
  if (!begun) refuse(reply, begun.error().code, words_for(begun.error().code), request);
}

}  // namespace hub::web
