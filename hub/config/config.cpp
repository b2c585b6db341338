#include "hub/config/config.h"

#include "hub/agenda/address.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/config/checks.h"
#include "hub/config/sessions.h"
#include "hub/config/value.h"
#include "hub/lib/glib/time_zone.h"
#include "hub/recordings/quiet_hours.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace hub::config {
namespace {

using channels::ChannelSettings;
using channels::SourceSettings;
using Kind = stream::Job::Kind;

/// What the page may have a file for (player/web/src/i18n); a language that it does not have, it leaves out.
bool is_language(std::string_view text) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  return (text.size() == 2 || text.size() == 3) && std::all_of(text.begin(), text.end(), small);
}
bool is_host(std::string_view text) {
  return is_host_name(text);
}
bool is_folder(std::string_view text) {
  // Nobody expands ~ here: the data would land in a folder of that name.
  return !text.empty() && text.size() <= 1024 && text[0] != '~' && !base::has_control(text);
}

void read_listen(File& to, Value& value) {
  constexpr std::string_view kAllowed = R"("0.0.0.0:8080", "[::]:8080" or another address with its port)";
  const auto text = value.as_text(kAllowed);
  if (!text) return;
  auto listen = parse_listen(*text);
  if (!listen) return value.refuse(kAllowed);
  to.web.address = std::move(listen->first);
  to.web.port = listen->second;
}

void read_uri(SourceSettings& to, Value& value) {
  const auto text = value.as_text("the address of a stream or a path, in quotes");
  if (!text) return;
  if (agenda::is_session_address(*text)) {
    const auto session = agenda::parse_address(*text);
    if (const auto* trouble = std::get_if<agenda::Trouble>(&session)) return value.problem(trouble->en);
  } else if (const auto wrong = source_problem(*text)) {
    return value.problem(*wrong);
  }
  to.uri = *text;
}

void read_data_dir(File& to, Value& value) {
  std::string text;
  value.checked(text, is_folder, "the path of a folder, without ~");
  to.data_dir = text;
}

/// The time itself is read by resolve_starts(), once the time zone is known.
void read_starts_at(ChannelSettings&, Value& value) {
  std::string text;
  value.time(text);
}

void read_mode(ChannelSettings& to, Value& value) {
  value.choice<channels::Mode>(to.mode,
                               {{"always", channels::Mode::Always}, {"replay", channels::Mode::Replay}});
}

void read_recordings_folder(File& to, Value& value) {
  std::string text;
  value.checked(
      text, [](std::string_view t) { return t.empty() || is_folder(t); }, "the path of a folder, without ~");
  to.recordings.folder = text;
}

// A text that is refused stands for one that is there, so that read_wifi() does not say that it is missing.
constexpr auto kRefused = "refused!";

void read_ssid(File& to, Value& value) {
  to.wifi.ssid = kRefused;
  value.text(to.wifi.ssid, 0, 32);
  if (to.wifi.ssid.size() > 32) value.problem("is longer than 32 bytes; letters with accents count as two");
}

void read_password(File& to, Value& value) {
  to.wifi.password = kRefused;
  value.text(to.wifi.password, 0, 64);
}

// The schema: one line for each key. config/hub.toml explains them to people, in the same order.
constexpr Key<File> kHubKeys[] = {
    {"name", [](File& f, Value& v) { v.text(f.identity.name, 1, 120); }},
    {"languages",
     [](File& f, Value& v) {
       v.list(f.identity.languages, is_language, 1, 8,
              R"(up to 8 codes of 2 or 3 small letters such as ["fr", "en"], each once)");
     }},
    {"time_zone",
     [](File& f, Value& v) {
       v.checked(f.identity.time_zone, known_time_zone,
                 R"(a name of the tz database such as "Africa/Bamako")");
     }},
    {"country",
     [](File& f, Value& v) {
       v.checked(
           f.identity.country, [](std::string_view t) { return is_country(t); },
           R"(two capital letters such as "ML")");
     }},
    {"meeting", [](File& f, Value& v) { v.text(f.identity.meeting, 0, 40); }},
    {"note_well_url",
     [](File& f, Value& v) {
       v.checked(
           f.identity.note_well_url, [](std::string_view t) { return is_web_address(t); },
           "an address that begins with http:// or https://");
     }},
    {"data_dir", read_data_dir},
    {"log_level",
     [](File& f, Value& v) {
       v.choice<std::string>(f.log_level, {{"trace", "trace"},
                                           {"debug", "debug"},
                                           {"info", "info"},
                                           {"warning", "warning"},
                                           {"error", "error"}});
     }},
};
constexpr Key<File> kWebKeys[] = {
    {"listen", read_listen},
    {"names",
     [](File& f, Value& v) {
       v.list(f.web.names, is_host, 0, 20,
              R"(a list of host names without port, such as ["hub.example.org"])");
     }},
    {"loopback_console", [](File& f, Value& v) { v.flag(f.web.loopback_console); }},
    {"threads", [](File& f, Value& v) { v.whole(f.web.threads, 1, 16); }},
    {"max_connections", [](File& f, Value& v) { v.whole(f.web.max_connections, 10, 15'000); }},
    {"max_connections_per_address",
     [](File& f, Value& v) { v.whole(f.web.max_connections_per_address, 10, 15'000); }},
};
constexpr Key<File> kRelayKeys[] = {
    {"part_ms", [](File& f, Value& v) { v.whole(f.relay.part, 100, 2000); }},
    {"window_s", [](File& f, Value& v) { v.whole(f.relay.window, 20, 600); }},
    {"buffer_ms", [](File& f, Value& v) { v.whole(f.relay.buffer, 0, 10'000); }},
    {"timeout_ms", [](File& f, Value& v) { v.whole(f.relay.timeout, 1000, 60'000); }},
    {"retry_max_s", [](File& f, Value& v) { v.whole(f.relay.retry_max, 1, 600); }},
};
constexpr Key<File> kPrivacyKeys[] = {
    {"retention_days", [](File& f, Value& v) { v.whole(f.privacy.retention, 1, 3650); }},
    {"controller", [](File& f, Value& v) { v.text(f.privacy.controller, 0, 200); }},
    {"contact", [](File& f, Value& v) { v.text(f.privacy.contact, 0, 200); }},
};
constexpr Key<File> kRecordingsKeys[] = {
    {"folder", read_recordings_folder},
    {"keep_days", [](File& f, Value& v) { v.whole(f.recordings.keep, 0, 3650); }},
};
constexpr Key<File> kRightsKeys[] = {
    {"permission",
     [](File& f, Value& v) {
       v.checked(f.recordings.permission, is_permission,
                 R"(who allowed it and when, such as "K. Diarra, 2027-03-01")");
     }},
};
constexpr Key<File> kUplinkKeys[] = {
    {"quiet_hours",
     [](File& f, Value& v) {
       v.checked(
           f.recordings.quiet_hours,
           [](std::string_view t) { return recordings::QuietHours::parse(t).has_value(); },
           R"(two times of the day such as "22:00-06:00", or "")");
     }},
    {"monthly_mb", [](File& f, Value& v) { v.whole(f.recordings.monthly_mb, 0, 10'000'000); }},
    {"fetch_kbps", [](File& f, Value& v) { v.whole(f.recordings.fetch_kbps, 0, 10'000'000); }},
};
constexpr Key<File> kLanKeys[] = {
    {"max_kbps", [](File& f, Value& v) { v.whole(f.web.lan_max_kbps, 0, 10'000'000); }},
};
constexpr Key<File> kWifiKeys[] = {
    {"ssid", read_ssid},
    {"password", read_password},
    {"security",
     [](File& f, Value& v) {
       using Security = reports::WifiSettings::Security;
       v.choice<Security>(f.wifi.security,
                          {{"WPA", Security::Wpa}, {"WEP", Security::Wep}, {"nopass", Security::None}});
     }},
    {"hidden", [](File& f, Value& v) { v.flag(f.wifi.hidden); }},
};
constexpr Key<File> kIetfKeys[] = {
    {"audio_url",
     [](File& f, Value& v) {
       v.checked(
           f.ietf.audio_url, [](std::string_view t) { return agenda::is_template(t); },
           "an address that begins with http:// or https:// and holds {session_id}, and {meeting} if it is "
           "wanted");
     }},
};
constexpr Key<SourceSettings> kSourceKeys[] = {
    {"uri", read_uri, R"(uri = "…" with the address of the stream)"},
};
constexpr Key<ChannelSettings> kChannelKeys[] = {
    {"id",
     [](ChannelSettings& c, Value& v) {
       v.checked(
           c.id, [](std::string_view t) { return is_channel_id(t); }, "1 to 40 of a-z, 0-9 and -");
     },
     "id = \"…\" with 1 to 40 of a-z, 0-9 and -"},
    {"title", [](ChannelSettings& c, Value& v) { v.text(c.title, 1, 120); }},
    {"language",
     [](ChannelSettings& c, Value& v) {
       v.checked(
           c.language, [](std::string_view t) { return is_language_tag(t); },
           R"(a language tag such as "fr" or "pt-BR")");
     }},
    {"kind",
     [](ChannelSettings& c, Value& v) {
       v.choice<Kind>(c.kind, {{"auto", Kind::Auto}, {"video", Kind::Video}, {"audio", Kind::Audio}});
     }},
    {"mode", read_mode},
    {"starts_at", read_starts_at},
    {"mp3_kbps",
     [](ChannelSettings& c, Value& v) {
       v.choice(c.mp3_kbps, {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320});
     }},
    {"source", [](ChannelSettings& c, Value& v) { v.tables(c.sources, kSourceKeys, 1, 1); },
     "[[channel.source]] with the uri below it"},
};
void read_wifi(File& to, Value& value) {
  using Security = reports::WifiSettings::Security;
  value.table(to, kWifiKeys);
  const auto& wifi = to.wifi;
  if (wifi.ssid.empty() && !wifi.password.empty())
    return value.problem(R"(has a password and no network; write ssid = "…" as well)");
  if (wifi.ssid.empty() || wifi.security == Security::None) return;
  if (wifi.password.empty())
    return value.problem(
        R"(has no password; write password = "…", or security = "nopass" for an open network)");
  // A phone that reads another one from the poster joins nothing and does not say why.
  if (wifi.security == Security::Wpa && wifi.password.size() < 8)
    value.problem("a WPA password has 8 characters or more");
}

constexpr Key<File> kSections[] = {
    {"hub", [](File& f, Value& v) { v.table(f, kHubKeys); }},
    {"web", [](File& f, Value& v) { v.table(f, kWebKeys); }},
    {"relay", [](File& f, Value& v) { v.table(f, kRelayKeys); }},
    {"privacy", [](File& f, Value& v) { v.table(f, kPrivacyKeys); }},
    {"recordings", [](File& f, Value& v) { v.table(f, kRecordingsKeys); }},
    {"rights", [](File& f, Value& v) { v.table(f, kRightsKeys); }},
    {"uplink", [](File& f, Value& v) { v.table(f, kUplinkKeys); }},
    {"lan", [](File& f, Value& v) { v.table(f, kLanKeys); }},
    {"sign_in", [](File& f, Value& v) { read_sign_in(f.privacy, v); }},
    {"session", [](File& f, Value& v) { read_sessions(f.session_lines, v); }},
    {"wifi", read_wifi},
    {"ietf", [](File& f, Value& v) { v.table(f, kIetfKeys); }},
    {"channel", [](File& f, Value& v) { v.tables(f.channels, kChannelKeys, 0, 100); }},
};

/// Ids are part of every media address, so each channel needs its own.
void check_unique_ids(const toml::table& root, Problems& problems) {
  const auto* channels = root["channel"].as_array();
  if (!channels) return;
  std::map<std::string, std::uint32_t> first_line;
  for (const auto& channel : *channels) {
    const auto* table = channel.as_table();
    const auto* id = table ? (*table)["id"].as_string() : nullptr;
    if (!id || !is_channel_id(id->get())) continue;
    const std::uint32_t line = id->source().begin.line;
    const auto [found, added] = first_line.emplace(id->get(), line);
    if (!added)
      problems.add(line, fmt::format("channel.id: \"{}\" is the id of the channel in line {} already; give "
                                     "each channel its own",
                                     id->get(), found->second));
  }
}

/// Only what lies on a disk can be paused.
void check_replays(const toml::table& root, Problems& problems) {
  const auto* channels = root["channel"].as_array();
  if (!channels) return;
  for (const auto& channel : *channels) {
    const auto* table = channel.as_table();
    const auto* mode = table ? (*table)["mode"].as_string() : nullptr;
    if (!mode || mode->get() != "replay") continue;
    const auto* uri = (*table)["source"][0]["uri"].as_string();
    if (!uri || base::is_recording(uri->get())) continue;
    problems.add(
        mode->source().begin.line,
        "channel.mode: a replay plays a file: write its path, or recording: and its id, as the uri of the "
        "source");
  }
}

/// starts_at of the channels, on the clocks of the hub unless it says otherwise.
void resolve_starts(File& file, const toml::table& root, Problems& problems) {
  const auto* channels = root["channel"].as_array();
  if (!channels) return;
  const lib::glib::TimeZone zone{file.identity.time_zone};
  for (std::size_t i = 0; i < file.channels.size() && i < channels->size(); ++i) {
    const auto* table = channels->get(i)->as_table();
    const auto* node = table ? table->get("starts_at") : nullptr;
    if (!node) continue;
    std::string text;
    Problems said;  // by the schema, already
    Value{*node, "channel.starts_at", said}.time(text);
    if (text.empty()) continue;  // not given, or no time at all
    const auto note = [&](std::string_view what) {
      problems.add(node->source().begin.line, fmt::format("channel.starts_at: {}", what));
    };
    if (file.channels[i].mode != channels::Mode::Replay) {
      note("is for replays only; write mode = \"replay\" beside it, or take it away");
      continue;
    }
    file.channels[i].starts_at = lib::glib::parse_time(text, zone, std::nullopt);
    if (!file.channels[i].starts_at)
      note(fmt::format("\"{}\" is not a time; use one such as 2027-03-15T18:00:00 or \"2027-03-15 18:00\"",
                       text));
  }
}

/// The address of the stream that `ietf:…` or a page of Meetecho stands for; other sources as they are.
std::string stream_uri(const std::string& uri, const File& file, const std::filesystem::path& folder) {
  if (!agenda::is_session_address(uri)) return source_uri(uri, folder);
  return agenda::expand(file.ietf.audio_url, std::get<agenda::SessionAddress>(agenda::parse_address(uri)));
}

[[noreturn]] void fail(const std::string& name, std::string_view text) {
  throw base::Error{base::Errc::Config, fmt::format("{}: {}", name, text)};
}

void check_encoding(std::string_view text, const std::string& name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) fail(name, "is UTF-16; save it as UTF-8");
  std::size_t line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (!base::is_utf8(text.substr(start, end - start)))
      fail(fmt::format("{}:{}", name, line), "is not UTF-8; save the file as UTF-8");
    start = end + 1;
  }
}

toml::table parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw base::Error{base::Errc::Config, fmt::format("{}:{}: not valid TOML: {}", name,
                                                      error.source().begin.line, error.description())};
  }
}

}  // namespace

std::filesystem::path default_data_dir(const std::filesystem::path& config_folder) {
  const auto first = config_folder.lexically_relative("/etc");
  const bool below_etc = !first.empty() && *first.begin() != "..";
  return below_etc ? std::filesystem::path{"/var/lib/viewing-hub"} : config_folder / "data";
}

File parse(std::string_view text, const std::string& name, const std::filesystem::path& folder) {
  if (text.size() > kMaxFileBytes)
    fail(name, fmt::format("is larger than {} KiB, which is not a config", kMaxFileBytes / 1024));
  check_encoding(text, name);
  const toml::table root = parse_toml(text, name);
  File file;
  Problems problems;
  Value{root, "", problems}.table(file, kSections);
  check_unique_ids(root, problems);
  check_replays(root, problems);
  resolve_starts(file, root, problems);
  std::vector<std::string> ids;
  for (const auto& channel : file.channels) ids.push_back(channel.id);
  file.privacy.sessions =
      resolve_sessions(std::exchange(file.session_lines, {}), file.identity.time_zone, ids, root, problems);
  if (!problems.empty()) throw problems.error(name);

  file.data_dir =
      file.data_dir.empty() ? default_data_dir(folder) : (folder / file.data_dir).lexically_normal();
  if (!file.recordings.folder.empty())
    file.recordings.folder = (folder / file.recordings.folder).lexically_normal();
  for (auto& channel : file.channels) {
    if (channel.title.empty()) channel.title = channel.id;
    for (auto& source : channel.sources) source.uri = stream_uri(source.uri, file, folder);
  }
  return file;
}

File load(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code error;
  // Looked at before it is opened: reading a FIFO or a device would wait for ever.
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) fail(name, "there is no such file; give another with --config FILE");
  if (!std::filesystem::is_regular_file(status)) fail(name, "is not a file");
  std::ifstream stream{path, std::ios::binary};
  if (!stream) fail(name, fmt::format("cannot be read: {}", std::generic_category().message(errno)));
  std::string text(kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) fail(name, "cannot be read to its end; the disk may be failing");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return parse(text, name, std::filesystem::absolute(path).lexically_normal().parent_path());
}

}  // namespace hub::config
