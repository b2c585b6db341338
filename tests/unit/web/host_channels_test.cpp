#include "hub/web/handlers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/attendance/silent_register.h"
#include "tests/unit/web/handlers.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

using namespace hub;
using namespace hub::web;
using namespace std::chrono_literals;

namespace {

using Routes = test::Routes<test::SilentRegister>;

base::Json json(const Response& response) {
  return base::Json::parse(response.body);
}

std::string body_with(const std::string& uri, base::Json rest = {{"title", "DNSOP"}}) {
  rest["uri"] = uri;
  return rest.dump();
}

std::filesystem::path write_file(const std::filesystem::path& path) {
  std::ofstream{path} << "x";
  return path;
}

/// A hub with the replay "talk" of 100 s.
void add_talk(Routes& routes) {
  const auto added =
      routes.post(add_channel, body_with("recording:talk", {{"title", "Talk"}, {"id", "talk"}}));
  REQUIRE(added.status == 201);
}

}  // namespace

TEST_CASE("a host adds a stream, and takes it away") {
  Routes routes;
  const auto added = routes.post(
      add_channel, body_with("https://example.org/live.m3u8",
                             {{"title", "IRTF"}, {"id", "irtf"}, {"language", "en"}, {"kind", "video"}}));
  CHECK(added.status == 201);
  CHECK(json(added).at("id") == "irtf");
  CHECK(json(added).at("mode") == "always");
  CHECK(json(added).at("source") == "https://example.org/live.m3u8");
  CHECK(json(added).at("added") == true);
  CHECK(json(added).at("replay").is_null());
  CHECK_FALSE(json(added).contains("ietf"));
  CHECK(
      routes.post(add_channel, body_with("https://example.org/2", {{"title", "x"}, {"id", "irtf"}})).status ==
      409);
  CHECK(json(routes.post(list_host_channels, "")).size() == 2);

  CHECK(routes.post(delete_channel, "", "en", {{"id", "room-1"}}).status == 409);
  CHECK(json(routes.post(delete_channel, "", "en", {{"id", "irtf"}})).at("deleted") == "irtf");
  CHECK(routes.post(delete_channel, "", "en", {{"id", "irtf"}}).status == 404);
  CHECK(routes.manager.infos.size() == 1);
}

TEST_CASE("a session of the IETF is added and tested by its pasted address") {
  Routes routes;
  for (const std::string uri :
       {"ietf:127/34370", "https://meetings.conf.meetecho.com/ietf127/?session=34370"}) {
    CAPTURE(uri);
    const base::Json session = {{"meeting", "127"}, {"session_id", "34370"}};
    const auto tested = routes.post(test_address, body_with(uri));
    CHECK(json(tested).at("ietf") == session);
    CHECK(routes.manager.tested == "https://mp3.conf.meetecho.com/ietf127/34370.m3u");
    routes.manager.infos.resize(1);
    const auto added = routes.post(add_channel, body_with(uri));
    CHECK(added.status == 201);
    CHECK(json(added).at("ietf") == session);
    CHECK(json(added).at("source") == "https://mp3.conf.meetecho.com/ietf127/34370.m3u");
  }
  routes.manager.tested.clear();
  const std::string old = "https://meetings.conf.meetecho.com/ietf116/?group=core&short=core&item=1";
  for (const auto handler : {add_channel, test_address}) {
    const auto refused = routes.post(handler, body_with(old), "fr");
    CHECK(refused.status == 400);
    CHECK_THAT(json(refused).at("error").get<std::string>(), Catch::Matchers::Contains("ancienne réunion"));
  }
  CHECK(routes.manager.tested.empty());
  CHECK(routes.manager.infos.size() == 2);
}

TEST_CASE("what cannot be a channel is refused, and none is added") {
  Routes routes;
  const auto body =
      GENERATE(as<std::string>{}, "", "[]", R"({"title":"x"})", body_with("example.org"),
               body_with("talk.mp4"), body_with("file:///etc/hosts"), body_with("gopher://a/b"),
               body_with("ietf:127"), body_with("https://a b/"), body_with("http://a", {{"title", ""}}),
               body_with("http://a", {{"title", "a\nb"}}), body_with("http://a", {{"title", 7}}),
               body_with("http://a", {{"title", "x"}, {"id", "A b"}}),
               body_with("http://a", {{"title", "x"}, {"kind", "picture"}}),
               body_with("http://a", {{"title", "x"}, {"starts_at", "2027-03-15 18:00"}}),
               body_with("recording:a", {{"title", "x"}, {"starts_at", "soon"}}),
               body_with("recording:a", {{"title", "x"}, {"starts_at", "18:00"}}));
  CAPTURE(body);
  const auto answer = routes.post(add_channel, body);
  CHECK(answer.status == 400);
  CHECK_FALSE(json(answer).at("error").get<std::string>().empty());
  CHECK(routes.manager.infos.size() == 1);
}

TEST_CASE("a recording begins at a time on the clocks of the hub") {
  Routes routes;
  routes.identity.time_zone = "Asia/Bangkok";
  for (const std::string text : {"2027-03-15 18:00", "2027-03-15T11:00:00Z"}) {
    const auto added =
        routes.post(add_channel, body_with("recording:talk", {{"title", "x"}, {"starts_at", text}}));
    CHECK(added.status == 201);
    CHECK(json(added).at("mode") == "replay");
    CHECK(routes.manager.infos.back().replay->starts_at == base::Wall{1'805'108'400s});
    routes.manager.infos.pop_back();
  }
}

TEST_CASE("a file of the machine is a replay if it can be read now") {
  Routes routes;
  const test::TempDir folder;
  const auto file = write_file(folder.path() / "à voir.mp4");
  const auto added = routes.post(add_channel, body_with(file.string()));
  CHECK(added.status == 201);
  CHECK(json(added).at("mode") == "replay");
  CHECK_THAT(json(added).at("source").get<std::string>(), Catch::Matchers::EndsWith("/%C3%A0%20voir.mp4"));
  CHECK(routes.post(test_address, body_with(file.string())).status == 200);
  CHECK(routes.manager.tested == json(added).at("source"));

  const auto fifo = folder.path() / "fifo";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  const auto error_of = [&](const std::filesystem::path& path, int status) {
    const auto refused = routes.post(add_channel, body_with(path.string()));
    CHECK(refused.status == status);
    return json(refused).at("error").get<std::string>();
  };
  CHECK_THAT(error_of(folder.path() / "none.mp4", 404), Catch::Matchers::Contains("no such file"));
  CHECK_THAT(error_of(folder.path(), 400), Catch::Matchers::Contains("regular file"));
  CHECK_THAT(error_of(fifo, 400), Catch::Matchers::Contains("regular file"));
  if (geteuid() != 0) {  // root may read everything
    std::filesystem::permissions(file, std::filesystem::perms::none);
    CHECK_THAT(error_of(file, 400), Catch::Matchers::Contains("may not read"));
  }
  CHECK(routes.manager.infos.size() == 2);
}

TEST_CASE("a seek says where it leads, and when it was asked for beyond an end") {
  Routes routes;
  add_talk(routes);
  const auto seek = [&](const std::string& body, const std::string& language = "en") {
    return routes.post(seek_channel, body, language, {{"id", "talk"}});
  };
  routes.manager.cue = {61'200ms, false};
  auto answer = seek(R"({"position_s":61.2})");
  CHECK(answer.status == 200);
  CHECK(json(answer).at("clamped") == false);
  CHECK(json(answer).at("note").is_null());
  CHECK(routes.manager.sought.to == 61'200ms);

  routes.manager.cue = {95'000ms, true};
  answer = seek(R"({"position_s":500})");
  CHECK(json(answer).at("clamped") == true);
  CHECK_THAT(json(answer).at("note").get<std::string>(), Catch::Matchers::Contains("before its end"));
  routes.manager.cue = {0ms, true};
  answer = seek(R"({"by_s":-30})", "fr");
  CHECK_THAT(json(answer).at("note").get<std::string>(), Catch::Matchers::Contains("du début"));
  CHECK(routes.manager.sought.by == -30s);
  CHECK_FALSE(routes.manager.sought.to);

  for (const std::string bad :
       {"{}", R"({"position_s":1,"by_s":1})", R"({"position_s":"1"})", R"({"by_s":1e300})"}) {
    CAPTURE(bad);
    CHECK(seek(bad).status == 400);
  }
  CHECK(routes.post(seek_channel, R"({"by_s":1})", "en", {{"id", "none"}}).status == 404);
}

TEST_CASE("a replay is paused and resumed") {
  Routes routes;
  add_talk(routes);
  CHECK(json(routes.post(pause_channel, "{}", "en", {{"id", "talk"}})).at("state") == "slate");
  CHECK(json(routes.post(resume_channel, "{}", "en", {{"id", "talk"}})).at("state") == "live");
  CHECK(routes.post(pause_channel, "{}", "en", {{"id", "none"}}).status == 404);
}

TEST_CASE("a test tells what an address gives, and what to do if it gives nothing") {
  Routes routes;
  routes.manager.probed.media_bps = 1'800'999;
  routes.manager.probed.title = "DNSOP";
  stream::Track video;
  video.codec = stream::Codec::H264;
  video.width_px = 1280;
  video.height_px = 720;
  routes.manager.probed.tracks = {video};
  auto answer = json(routes.post(test_address, body_with("https://example.org/live.m3u8")));
  CHECK(answer ==
        base::Json{{"ok", true}, {"tracks", {"H.264 1280x720"}}, {"kbps", 1800}, {"title", "DNSOP"}});

  std::set<std::string> sentences;
  using base::Errc;
  const Errc codes[] = {Errc::Unreachable, Errc::Refused, Errc::NotFound, Errc::NotAuthorised,
                        Errc::Unsupported, Errc::Ended,   Errc::Stalled,  Errc::Io};
  for (const auto code : codes)
    for (const std::string language : {"fr", "en"}) {
      routes.manager.probed.failure = base::Failure{code, "words of the worker"};
      answer = json(routes.post(test_address, body_with("https://example.org/live.m3u8"), language));
      CHECK(answer.at("ok") == false);
      CHECK(answer.at("code") == base::to_string(code));
      const auto sentence = answer.at("error").get<std::string>();
      CHECK(sentences.insert(sentence).second);  // each has its own
      CHECK(sentence.find("keeps trying") == std::string::npos);
      CHECK(sentence.find("le hub réessaie") == std::string::npos);
    }
}
