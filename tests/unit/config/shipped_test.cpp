// The config files that people copy: what they say about keys and defaults is what the program does.
#include "hub/config/config.h"
#include "tests/support/catch.h"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace hub;
namespace fs = std::filesystem;

namespace {

const fs::path kFolder = fs::path{HUB_SOURCE_DIR} / "config";

std::string read(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// @p text with every line "# key = value" and "# [[section]]" made a setting.
std::string uncommented(const std::string& text) {
  return std::regex_replace(text, std::regex{R"((^|\n)# (?=[a-z_0-9]+ = |\[))"}, "$1");
}

/// "hub.name", "channel.source.uri", … of @p text.
std::set<std::string> keys_of(const std::string& text) {
  std::set<std::string> keys;
  std::string section;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, std::regex{R"(^\[+([a-z._]+)\]+$)"}))
      section = match[1];
    else if (std::regex_search(line, match, std::regex{R"(^([a-z_0-9]+) = )"}))
      keys.insert(section + "." + match[1].str());
  }
  return keys;
}

/// The keys that the program knows in @p section, taken from what it says about one that it does not.
std::set<std::string> known_keys(const std::string& section, const std::string& text) {
  try {
    (void)config::parse(text, "x", "/");
  } catch (const base::Error& error) {
    const std::string message = error.what();
    std::smatch match;
    REQUIRE(std::regex_search(message, match, std::regex{"known here: ([^\n]*)"}));
    std::set<std::string> keys;
    std::istringstream words{match[1].str()};
    for (std::string word; words >> word;) keys.insert(section + "." + word.substr(0, word.find(',')));
    for (const char* own : {"channel.source", "sign_in.question"}) keys.erase(own);  // sections of their own
    return keys;
  }
  return {};
}

}  // namespace

TEST_CASE("hub.toml as shipped and with every line uncommented is valid and says the built-in defaults") {
  const config::File built_in = config::parse("", "x", kFolder);
  const std::string text = read(kFolder / "hub.toml");
  REQUIRE_FALSE(text.empty());
  CHECK(config::load(kFolder / "hub.toml").channels.empty());
  const auto file = config::parse(uncommented(text), "hub.toml", kFolder);

  CHECK(file.identity.name == built_in.identity.name);
  CHECK(file.identity.languages == built_in.identity.languages);
  CHECK(file.identity.time_zone == built_in.identity.time_zone);
  CHECK(file.identity.country == built_in.identity.country);
  CHECK(file.identity.meeting == built_in.identity.meeting);
  CHECK(file.identity.note_well_url == built_in.identity.note_well_url);
  CHECK(file.data_dir == built_in.data_dir);
  CHECK(file.log_level == built_in.log_level);
  CHECK(file.web.address == built_in.web.address);
  CHECK(file.web.port == built_in.web.port);
  CHECK(file.web.names == built_in.web.names);
  CHECK(file.web.loopback_console == built_in.web.loopback_console);
  CHECK(file.web.threads == built_in.web.threads);
  CHECK(file.web.max_connections == built_in.web.max_connections);
  CHECK(file.web.max_connections_per_address == built_in.web.max_connections_per_address);
  CHECK(file.relay.part == built_in.relay.part);
  CHECK(file.relay.window == built_in.relay.window);
  CHECK(file.relay.buffer == built_in.relay.buffer);
  CHECK(file.relay.timeout == built_in.relay.timeout);
  CHECK(file.relay.retry_max == built_in.relay.retry_max);
  CHECK(file.privacy.retention == built_in.privacy.retention);
  CHECK(file.privacy.controller == built_in.privacy.controller);
  CHECK(file.privacy.contact == built_in.privacy.contact);
  CHECK(file.recordings.folder == built_in.recordings.folder);
  CHECK(file.recordings.keep == built_in.recordings.keep);
  CHECK(file.recordings.permission == built_in.recordings.permission);
  CHECK(file.recordings.quiet_hours == built_in.recordings.quiet_hours);
  CHECK(file.recordings.monthly_mb == built_in.recordings.monthly_mb);
  CHECK(file.recordings.fetch_kbps == built_in.recordings.fetch_kbps);
  CHECK(file.web.lan_max_kbps == built_in.web.lan_max_kbps);
  CHECK(file.wifi.ssid == built_in.wifi.ssid);
  CHECK(file.wifi.password == built_in.wifi.password);
  CHECK(file.wifi.security == built_in.wifi.security);
  CHECK(file.wifi.hidden == built_in.wifi.hidden);
  CHECK(file.privacy.ask == built_in.privacy.ask);
  CHECK(file.privacy.questions.size() == 1);
  CHECK(file.privacy.sessions.size() == 1);
  CHECK(file.ietf.audio_url == built_in.ietf.audio_url);
  REQUIRE(file.channels.size() == 1);
  const channels::ChannelSettings channel;
  CHECK(file.channels[0].language == channel.language);
  CHECK(file.channels[0].kind == channel.kind);
  CHECK(file.channels[0].mp3_kbps == channel.mp3_kbps);
  CHECK(file.channels[0].starts_at == channel.starts_at);
}

TEST_CASE("hub.toml documents every key that the program knows, and no other") {
  std::set<std::string> known;
  for (const std::string section :
       {"hub", "web", "relay", "privacy", "recordings", "rights", "uplink", "lan", "sign_in", "wifi", "ietf"})
    known.merge(known_keys(section, "[" + section + "]\nqqqqqqqq = 1\n"));
  known.merge(known_keys("sign_in.question", "[[sign_in.question]]\nqqqqqqqq = 1\n"));
  known.merge(known_keys("session", "[[session]]\nqqqqqqqq = 1\n"));
  known.merge(known_keys("channel", "[[channel]]\nqqqqqqqq = 1\n"));
  known.merge(known_keys("channel.source", "[[channel]]\n[[channel.source]]\nqqqqqqqq = 1\n"));
  CHECK(known.size() == 53);
  CHECK(keys_of(uncommented(read(kFolder / "hub.toml"))) == known);
}

TEST_CASE("demo.toml is one channel that needs no network") {
  const auto file = config::load(kFolder / "demo.toml");
  REQUIRE(file.channels.size() == 1);
  CHECK(file.channels[0].id == "demo");
  CHECK(file.channels[0].sources.at(0).uri == "demo:");
  CHECK(file.data_dir == kFolder.parent_path() / "data");
}
