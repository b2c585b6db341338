#include "hub/config/config.h"

#include "tests/support/catch.h"

#include <fstream>
#include <string>
#include <tuple>

#include <sys/stat.h>
#include <unistd.h>

using namespace hub;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// The text of the error, or "" if the file is fine.
std::string problems_of(const std::string& text) {
  try {
    (void)config::parse(text, "hub.toml", "/etc/hub");
  } catch (const base::Error& error) {
    CHECK(error.code() == base::Errc::Config);
    return error.what();
  }
  return {};
}

const std::string kChannel = "[[channel]]\nid = \"a\"\n";
const std::string kSource = "[[channel.source]]\nuri = \"demo:\"\n";

std::string uri_problem(const std::string& uri) {
  return problems_of(kChannel + "[[channel.source]]\nuri = '" + uri + "'\n");
}

struct TempDir {
  TempDir() {
    std::string pattern = (fs::temp_directory_path() / "hub-config-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { fs::remove_all(path); }
  fs::path path;
};

}  // namespace

TEST_CASE("an empty file is the built-in defaults") {
  const auto file = config::parse("", "hub.toml", "/srv/hub");
  CHECK(file.identity.name == "Viewing hub");
  CHECK(file.data_dir == "/srv/hub/data");
  CHECK(file.web.port == 8080);
  CHECK(file.channels.empty());
}

TEST_CASE("each mistake is one line that says where it is and what is allowed") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"[hub]\nnmae = \"x\"\n", "hub.toml:2: hub.nmae: unknown key; did you mean \"name\"?"},
      {"[privacy]\nzebra = 1\n",
       "hub.toml:2: privacy.zebra: unknown key; known here: retention_days, controller, contact"},
      {"[chanel]\n", "hub.toml:1: chanel: unknown key; did you mean \"channel\"?"},
      {"hub = 3\n", "hub.toml:1: hub: is a section; write [hub] on a line of its own"},
      {"[[hub]]\n", "hub.toml:1: hub: write [hub] with single brackets, once"},
      {"[channel]\nid = \"a\"\n",
       "hub.toml:1: channel: write [[channel]] with double brackets on a line of its own"},
      {"[hub]\nname = 3\n",
       "hub.toml:2: hub.name: 3 is not allowed; use a text of 1 to 120 characters in quotes"},
      {"[hub]\nname = \"\"\n",
       "hub.toml:2: hub.name: \"\" is not allowed; use a text of 1 to 120 characters in quotes"},
      {"[hub]\nname = \"a\\u001B[2J\"\n",
       "hub.toml:2: hub.name: \"a\\u001B[2J\" is not allowed; use a text of 1 to 120 characters in quotes"},
      {"[hub]\nlanguages = [\"fr\", \"pt-BR\"]\n",
       "hub.toml:2: hub.languages: \"pt-BR\" is not allowed; use up to 8 codes of 2 or 3 small letters such "
       "as "
       "[\"fr\", \"en\"], each once"},
      {"[hub]\nlanguages = [\"fr\", \"fr\"]\n",
       "hub.toml:2: hub.languages: \"fr\" is not allowed; use up to 8 codes of 2 or 3 small letters such as "
       "[\"fr\", \"en\"], each once"},
      {"[hub]\nlanguages = []\n",
       "hub.toml:2: hub.languages: a list is not allowed; use up to 8 codes of 2 or 3 small letters such as "
       "[\"fr\", \"en\"], each once"},
      {"[hub]\ntime_zone = \"Africa/Bamaco\"\n",
       "hub.toml:2: hub.time_zone: \"Africa/Bamaco\" is not allowed; use a name of the tz database such as "
       "\"Africa/Bamako\""},
      {"[hub]\ncountry = \"Mali\"\n",
       "hub.toml:2: hub.country: \"Mali\" is not allowed; use two capital letters such as \"ML\""},
      {"[hub]\nnote_well_url = \"javascript:alert(1)\"\n",
       "hub.toml:2: hub.note_well_url: \"javascript:alert(1)\" is not allowed; use an address that begins "
       "with "
       "http:// or https://"},
      {"[hub]\ndata_dir = \"~/hub\"\n",
       "hub.toml:2: hub.data_dir: \"~/hub\" is not allowed; use the path of a folder, without ~"},
      {"[hub]\nlog_level = \"loud\"\n",
       "hub.toml:2: hub.log_level: \"loud\" is not allowed; use one of \"trace\", \"debug\", \"info\", "
       "\"warning\", \"error\""},
      {"[web]\nlisten = 8080\n",
       "hub.toml:2: web.listen: 8080 is not allowed; use \"0.0.0.0:8080\", \"[::]:8080\" or another address "
       "with "
       "its port"},
      {"[web]\nlisten = \"0.0.0.0:65536\"\n",
       "hub.toml:2: web.listen: \"0.0.0.0:65536\" is not allowed; use \"0.0.0.0:8080\", \"[::]:8080\" or "
       "another "
       "address with its port"},
      {"[web]\nnames = [\"http://hub\"]\n",
       "hub.toml:2: web.names: \"http://hub\" is not allowed; use a list of host names without port, such as "
       "[\"hub.example.org\"]"},
      {"[web]\nloopback_console = \"no\"\n",
       "hub.toml:2: web.loopback_console: \"no\" is not allowed; use true or false"},
      {"[web]\nthreads = 17\n",
       "hub.toml:2: web.threads: 17 is not allowed; use a whole number from 1 to 16"},
      {"[relay]\npart_ms = 0.4\n",
       "hub.toml:2: relay.part_ms: 0.4 is not allowed; use a whole number from 100 to 2000"},
      {"[relay]\nwindow_s = 9223372036854775807\n",
       "hub.toml:2: relay.window_s: 9223372036854775807 is not allowed; use a whole number from 20 to 600"},
      {"[privacy]\nretention_days = 0\n",
       "hub.toml:2: privacy.retention_days: 0 is not allowed; use a whole number from 1 to 3650"},
      {"[[channel]]\n" + kSource,
       "hub.toml:1: channel.id: missing; write id = \"…\" with 1 to 40 of a-z, 0-9 and -"},
      {"[[channel]]\nid = \"Room 1\"\n" + kSource,
       "hub.toml:2: channel.id: \"Room 1\" is not allowed; use 1 to 40 of a-z, 0-9 and -"},
      {kChannel, "hub.toml:1: channel.source: missing; write [[channel.source]] with the uri below it"},
      {kChannel + "[[channel.source]]\n",
       "hub.toml:3: channel.source.uri: missing; write uri = \"…\" with the address of the stream"},
      {kChannel + kSource + kSource, "hub.toml:3: channel.source: is there 2 times; exactly 1 is allowed"},
      {kChannel + "source = \"demo:\"\n",
       "hub.toml:3: channel.source: write [[channel.source]] with double brackets on a line of its own"},
      {kChannel + "mode = \"alwais\"\n" + kSource,
       "hub.toml:3: channel.mode: \"alwais\" is not allowed; use one of \"always\", \"replay\""},
      {kChannel + "mode = \"replay\"\n" + kSource,
       "hub.toml:3: channel.mode: a replay plays a file: write its path, or recording: and its id, as the "
       "uri of "
       "the source"},
      {kChannel + "kind = \"radio\"\n" + kSource,
       "hub.toml:3: channel.kind: \"radio\" is not allowed; use one of \"auto\", \"video\", \"audio\""},
      {kChannel + "language = \"french\"\n" + kSource,
       "hub.toml:3: channel.language: \"french\" is not allowed; use a language tag such as \"fr\" or "
       "\"pt-BR\""},
      {kChannel + "mp3_kbps = 100\n" + kSource,
       "hub.toml:3: channel.mp3_kbps: 100 is not allowed; use one of 32, 40, 48, 56, 64, 80, 96, 112, 128, "
       "160, "
       "192, 224, 256, 320"},
      {kChannel + kSource + kChannel + kSource,
       "hub.toml:6: channel.id: \"a\" is the id of the channel in line 2 already; give each channel its own"},
  }));
  CHECK(problems_of(text) == message);
}

TEST_CASE("all mistakes of a file come at once, in the order of its lines") {
  CHECK(problems_of("[web]\nthreads = 0\n[hub]\nname = 1\nbogus = 2\n") ==
        "hub.toml:2: web.threads: 0 is not allowed; use a whole number from 1 to 16\n"
        "hub.toml:4: hub.name: 1 is not allowed; use a text of 1 to 120 characters in quotes\n"
        "hub.toml:5: hub.bogus: unknown key; known here: name, languages, time_zone, country, meeting, "
        "note_well_url, data_dir, log_level");
  std::string many = "[hub]\n";
  for (int i = 0; i < 60; ++i) many += "zzzzzz" + std::to_string(i) + " = 1\n";
  CHECK_THAT(problems_of(many), Catch::Matchers::EndsWith("hub.toml: and 10 more"));
}

TEST_CASE("what is not a text file in TOML is told from a wrong setting") {
  CHECK_THAT(problems_of("[hub]\nname = \"a\"\nname = \"b\"\n"),
             Catch::Matchers::StartsWith("hub.toml:3: not valid TOML: ") &&
                 Catch::Matchers::Contains("cannot redefine"));
  CHECK_THAT(problems_of("a = \"unfinished\n"), Catch::Matchers::StartsWith("hub.toml:1: not valid TOML: "));
  CHECK(problems_of("[hub]\n# Traor\xE9\n") == "hub.toml:2: is not UTF-8; save the file as UTF-8");
  CHECK(problems_of("\xFF\xFE[") == "hub.toml: is UTF-16; save it as UTF-8");
  CHECK(problems_of(std::string(config::kMaxFileBytes + 1, '\n')) ==
        "hub.toml: is larger than 1024 KiB, which is not a config");
  CHECK_THAT(problems_of("a = " + std::string(5000, '[')),
             Catch::Matchers::StartsWith("hub.toml:1: not valid TOML: "));
}

TEST_CASE("files of other systems are read: a UTF-8 byte order mark, CRLF") {
  const auto file = config::parse("\xEF\xBB\xBF[hub]\r\nname = \"Chapitre d'Abéché\"\r\n", "hub.toml", "/");
  CHECK(file.identity.name == "Chapitre d'Abéché");
  CHECK(problems_of("[hub]\r\nname = 1\r\n").starts_with("hub.toml:2: hub.name: 1 "));
}

TEST_CASE("sessions that make no sense are told with their line") {
  const auto session = [](const std::string& rest,
                          const std::string& times =
                              "start = \"2027-03-15 09:30\"\nend = \"2027-03-15 11:30\"\n") {
    return "[[session]]\n" + times + rest;
  };
  const std::string room = "[[channel]]\nid = \"room-1\"\n[[channel.source]]\nuri = \"demo:\"\n";
  struct Case {
    std::string text, problem;
  };
  const Case cases[] = {
      {session("id = \"a\"\ntitle = \"A\"\n", "start = \"2027-03-15 09:30\"\nend = \"2027-03-15 09:30\"\n"),
       "hub.toml:1: session.end: is not after the start"},
      {session("id = \"a\"\ntitle = \"A\"\n", "start = \"2027-02-30 09:30\"\nend = \"2027-03-15 09:30\"\n"),
       "session.start: \"2027-02-30 09:30\" is not a time"},
      {session("id = \"a\"\ntitle = \"A\"\n", "start = 7\nend = \"2027-03-15 09:30\"\n"),
       "session.start: 7 is not"},
      {session("id = \"a\"\ntitle = \"A\"\n", "end = \"2027-03-15 09:30\"\n"), "session.start: missing"},
      {session("id = \"a b\"\ntitle = \"A\"\n"), "session.id: \"a b\" is not allowed"},
      {session("id = \"local:2027-03-15\"\ntitle = \"A\"\n"), "session.id"},
      {session("title = \"A\"\n"), "session.id: missing"},
      {session("id = \"a\"\n"), "session.title: missing"},
      {session("id = \"a\"\ntitle = \"A\"\n") + session("id = \"a\"\ntitle = \"B\"\n"),
       "hub.toml:6: session.id: \"a\" is the id"},
      {session("acronym = \"a\"\n") + session("acronym = \"a\"\n"), "is the id of another session already"},
      {session("acronym = \"a\"\nchannel = \"room-9\"\n"), "session.channel: there is no channel \"room-9\""},
      {session("acronym = \"a\"\nchannel = \"room-1\"\n") +
           session("acronym = \"b\"\nchannel = \"room-1\"\n") + room,
       "session.channel: \"room-1\" has the session \"a-20270315\" at that time already"},
      {"[sign_in]\nask = [\"age\"]\n", "sign_in.ask"},
      {"[[sign_in.question]]\nid = \"A\"\ntext = \"x\"\n", "sign_in.question.id"},
      {"[[sign_in.question]]\nid = \"a\"\n", "sign_in.question.text: missing"},
      {"[[sign_in.question]]\nid = \"a\"\ntext = { de = \"x\" }\n", "unknown language"},
      {"[[sign_in.question]]\nid = \"a\"\ntext = \"x\"\nchoices = [\"one\"]\n", "sign_in.question.choices"},
      {"[[sign_in.question]]\nid = \"a\"\ntext = \"x\"\n[[sign_in.question]]\nid = \"a\"\ntext = \"y\"\n",
       "\"a\" is there twice"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK_THAT(problems_of(c.text), Catch::Matchers::Contains(c.problem));
  }
}

TEST_CASE("every key reaches its setting") {
  const auto file = config::parse(R"(
[hub]
name = "ISOC Mali"
languages = ["pt", "bam", "en"]
time_zone = "Africa/Bamako"
country = "ML"
meeting = "127"
note_well_url = "http://hub.local/note-well"
data_dir = "store"
log_level = "debug"
[web]
listen = "[::1]:0"
names = ["hub.example.org"]
loopback_console = false
threads = 4
max_connections = 100
max_connections_per_address = 50
[relay]
part_ms = 200
window_s = 30
buffer_ms = 0
timeout_ms = 5000
retry_max_s = 5
[privacy]
retention_days = 7
controller = "ISOC Mali"
contact = "privacy@example.org"
[sign_in]
ask = ["status"]
[[sign_in.question]]
id = "transport"
text = { fr = "Venu comment ?", en = "Come how?" }
choices = [{ fr = "À pied", en = "On foot" }, "Bus"]
[[sign_in.question]]
id = "first_hub"
text = "Hub?"
[[session]]
meeting = "127"
acronym = "dnsop"
start = 2027-03-15T09:30:00
end = "2027-03-15 11:30"
channel = "room-1"
[[session]]
id = "talk"
title = "AFRINIC"
start = 2027-03-15T09:30:00+07:00
end = "2027-03-15T03:00:00Z"
[[channel]]
id = "room-1"
title = "DNSOP"
language = "pt-BR"
kind = "audio"
mode = "always"
mp3_kbps = 64
  [[channel.source]]
  uri = "talks/a b%.mp4"
[[channel]]
id = "room-2"
  [[channel.source]]
  uri = "https://user:secret@example.org/live.m3u8?x=1"
)",
                                  "hub.toml", "/srv/hub");
  CHECK(file.identity.name == "ISOC Mali");
  CHECK(file.identity.languages == std::vector<std::string>{"pt", "bam", "en"});
  CHECK(file.identity.time_zone == "Africa/Bamako");
  CHECK(file.identity.country == "ML");
  CHECK(file.identity.meeting == "127");
  CHECK(file.identity.note_well_url == "http://hub.local/note-well");
  CHECK(file.data_dir == "/srv/hub/store");
  CHECK(file.log_level == "debug");
  CHECK(file.web.address == "::1");
  CHECK(file.web.port == 0);
  CHECK(file.web.names == std::vector<std::string>{"hub.example.org"});
  CHECK_FALSE(file.web.loopback_console);
  CHECK(file.web.threads == 4);
  CHECK(file.web.max_connections == 100);
  CHECK(file.web.max_connections_per_address == 50);
  CHECK(file.relay.part == 200ms);
  CHECK(file.relay.window == 30s);
  CHECK(file.relay.buffer == 0ms);
  CHECK(file.relay.timeout == 5s);
  CHECK(file.relay.retry_max == 5s);
  CHECK(file.privacy.retention == std::chrono::days{7});
  CHECK(file.privacy.controller == "ISOC Mali");
  CHECK(file.privacy.contact == "privacy@example.org");
  CHECK(file.privacy.ask == std::vector<std::string>{"status"});
  REQUIRE(file.privacy.questions.size() == 2);
  CHECK(file.privacy.questions[0].text.in("en") == "Come how?");
  REQUIRE(file.privacy.questions[0].choices.size() == 2);
  CHECK(file.privacy.questions[0].choices[0].in("en") == "On foot");
  CHECK(file.privacy.questions[0].choices[1].key() == "Bus");
  CHECK(file.privacy.questions[1].choices.empty());
  REQUIRE(file.privacy.sessions.size() == 2);
  CHECK(file.privacy.sessions[0].id == "talk");
  CHECK(base::to_rfc3339(file.privacy.sessions[0].start) == "2027-03-15T02:30:00.000Z");
  CHECK(file.privacy.sessions[1].id == "127-dnsop-20270315");
  CHECK(file.privacy.sessions[1].title == "dnsop");
  CHECK(file.privacy.sessions[1].channel == "room-1");
  CHECK(base::to_rfc3339(file.privacy.sessions[1].start) == "2027-03-15T09:30:00.000Z");
  CHECK(base::to_rfc3339(file.privacy.sessions[1].end) == "2027-03-15T11:30:00.000Z");
  REQUIRE(file.channels.size() == 2);
  const auto& room = file.channels[0];
  CHECK(room.id == "room-1");
  CHECK(room.title == "DNSOP");
  CHECK(room.language == "pt-BR");
  CHECK(room.kind == stream::Job::Kind::Audio);
  CHECK(room.mp3_kbps == 64);
  REQUIRE(room.sources.size() == 1);
  CHECK(room.sources[0].uri == "file:///srv/hub/talks/a%20b%25.mp4");
  CHECK(file.channels[1].title == "room-2");
  CHECK(file.channels[1].sources.at(0).uri == "https://user:secret@example.org/live.m3u8?x=1");
}

TEST_CASE("a source is an address that the worker knows, or a file") {
  for (const char* fine :
       {"http://a", "https://a/b.m3u8", "rtmp://a/live/x", "rtsp://u:p@a/x", "rtsps://a",
        "srt://:7001?mode=listener", "udp://239.1.1.1:5000", "rtp://:5004", "file:///srv/a.mp4",
        "demo:", "HTTP://a", "./talk:1.mp4", "a b.mp4", "/srv/a.mp4", "http://[::1]:8000/x"})
    CHECK(uri_problem(fine).empty());
  const auto [uri, message] = GENERATE(table<std::string, std::string>({
      {"ftp://a/b",
       "begins with ftp:, which is not allowed; use http, https, rtmp, rtmps, rtsp, rtsps, srt, udp, rtp, "
       "file, demo, recording, ietf, or the path of a file"},
      {"javascript:alert(1)",
       "begins with javascript:, which is not allowed; use http, https, rtmp, rtmps, rtsp, rtsps, "
       "srt, udp, rtp, file, demo, recording, ietf, or the path of a file"},
      {"http:///x", "has no host; write http://host/…"},
      {"http:x", "has no host; write http://host/…"},
      {"rtmp://:1935/x", "has no host; write rtmp://host/…"},
      {"https://a/b c", "holds a space; write %20 for it"},
      {"file://server/x", "is not a file address; write file:///folder/file or just the path"},
      {"", "is empty; write the address of the stream, a file, or \"demo:\""},
  }));
  CHECK(uri_problem(uri) == "hub.toml:4: channel.source.uri: " + message);
}

TEST_CASE("a session of the IETF is the sound of its channel") {
  const auto source = [](const std::string& uri, const std::string& rest = "") {
    return kChannel + "[[channel.source]]\nuri = \"" + uri + "\"\n" + rest;
  };
  const auto uri_of = [](const std::string& text) {
    return config::parse(text, "hub.toml", "/etc/hub").channels.at(0).sources.at(0).uri;
  };
  CHECK(uri_of(source("ietf:127/34370")) == "https://mp3.conf.meetecho.com/ietf127/34370.m3u");
  CHECK(uri_of(source("https://meetings.conf.meetecho.com/onsite127/?session=34370",
                      "[ietf]\naudio_url = \"http://10.0.0.2/{session_id}\"\n")) == "http://10.0.0.2/34370");
  CHECK_THAT(uri_problem("ietf:127"),
             Catch::Matchers::StartsWith("hub.toml:4: channel.source.uri: is not a session"));
  CHECK_THAT(uri_problem("https://meetings.conf.meetecho.com/ietf116/?group=core&short=core&item=1"),
             Catch::Matchers::Contains("is of an older meeting"));
  CHECK_THAT(problems_of("[ietf]\naudio_url = \"https://a.example/{meeting}\"\n"),
             Catch::Matchers::StartsWith("hub.toml:2: ietf.audio_url: "));
}

TEST_CASE("a replay begins at a time on the clocks of the hub") {
  const auto replay = [](const std::string& starts_at) {
    return "[hub]\ntime_zone = \"Asia/Bangkok\"\n[[channel]]\nid = \"a\"\nmode = \"replay\"\nstarts_at = " +
           starts_at + "\n[[channel.source]]\nuri = \"talk.mp4\"\n";
  };
  const auto utc = base::Wall{std::chrono::seconds{1'805'108'400}};  // 2027-03-15T11:00:00Z
  for (const std::string text : {"2027-03-15T18:00:00", "2027-03-15T12:00:00+01:00", "\"2027-03-15 18:00\"",
                                 "\"2027-03-15T11:00:00Z\""}) {
    CAPTURE(text);
    const auto channel = config::parse(replay(text), "hub.toml", "/").channels.at(0);
    CHECK(channel.mode == channels::Mode::Replay);
    CHECK(channel.starts_at == utc);
  }
  CHECK_FALSE(config::parse(replay("\"\""), "hub.toml", "/").channels.at(0).starts_at);
  for (const std::string text : {"\"18:00\"", "\"2027-02-30 18:00\"", "\"soon\"", "18", "2027-03-15"}) {
    CAPTURE(text);
    CHECK_THAT(problems_of(replay(text)), Catch::Matchers::StartsWith("hub.toml:6: channel.starts_at: "));
  }
  CHECK(problems_of(kChannel + "starts_at = \"2027-03-15 18:00\"\n" + kSource) ==
        "hub.toml:3: channel.starts_at: is for replays only; write mode = \"replay\" beside it, or take it "
        "away");
  CHECK_THAT(problems_of(kChannel + "mode = \"replay\"\n[[channel.source]]\nuri = \"ietf:127/34370\"\n"),
             Catch::Matchers::Contains("a replay plays a file"));
}

TEST_CASE("a refused source never shows its password") {
  const std::string text = kChannel + "[[channel.source]]\nuri = \"ftp://user:secret@a/b\"\n";
  CHECK(problems_of(text).find("secret") == std::string::npos);
  CHECK(problems_of(kChannel + "[[channel.source]]\nuri = \"http://secret\\u0000\"\n") ==
        "hub.toml:4: channel.source.uri: holds a control character; write it again by hand");
}

TEST_CASE("data of an installed service lie in /var/lib, others beside their config") {
  CHECK(config::default_data_dir("/etc/viewing-hub") == "/var/lib/viewing-hub");
  CHECK(config::default_data_dir("/etc") == "/var/lib/viewing-hub");
  CHECK(config::default_data_dir("/home/awa/etc") == "/home/awa/etc/data");
  CHECK(config::default_data_dir("/etcetera") == "/etcetera/data");
}

TEST_CASE("load tells a file that is not there from one that is none") {
  const TempDir dir;
  const auto error_of = [](const fs::path& path) {
    try {
      (void)config::load(path);
    } catch (const base::Error& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  const auto path = dir.path / "hub.toml";
  CHECK(error_of(path) == path.string() + ": there is no such file; give another with --config FILE");
  CHECK(error_of(dir.path) == dir.path.string() + ": is not a file");
  REQUIRE(mkfifo((dir.path / "fifo").c_str(), 0600) == 0);
  CHECK(error_of(dir.path / "fifo") == (dir.path / "fifo").string() + ": is not a file");
  std::ofstream{path} << "[hub]\nname = 1\n";
  CHECK(error_of(path).starts_with(path.string() + ":2: hub.name: "));
  std::ofstream{path} << "[hub]\ndata_dir = \"../store\"\n";
  CHECK(config::load(path).data_dir == dir.path.parent_path() / "store");
  std::ofstream{path} << std::string(config::kMaxFileBytes + 5, '#');
  CHECK_THAT(error_of(path), Catch::Matchers::EndsWith("is larger than 1024 KiB, which is not a config"));
}
