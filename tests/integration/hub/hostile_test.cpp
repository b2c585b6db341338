#include "tests/support/catch.h"
#include "tests/support/hub.h"
#include "tests/support/peers.h"

#include <fmt/format.h>

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

/// Waits until the channel says why it is not live. @return the reason's code
std::string reason_of(const Hub& hub, const std::string& id) {
  std::string code;
  wait_until(25s, [&] {
    const auto entry = hub.channel(id);
    if (!entry.is_object() || entry.at("reason").is_null()) return false;
    code = entry.at("reason").value("code", "");
    return true;
  });
  return code;
}

}  // namespace

TEST_CASE("sources that cannot work say why, and do no harm to the one that does") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx or ffmpeg is not installed");
  const Nginx nginx;
  write_text(nginx.root() / "self.m3u", nginx.http_url("/self.m3u") + "\n");
  write_text(nginx.root() / "empty.m3u", "");
  write_text(nginx.root() / "absurd.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:-9\n#EXTINF:1e999,\n\n\n");
  write_text(nginx.root() / "page.html", "<!doctype html><title>Log in</title><p>Please log in");
  make_file((nginx.root() / "whole.mp4").string(), {.seconds = 3, .real_time = false});
  const auto whole = read_text(nginx.root() / "whole.mp4");
  write_text(nginx.root() / "cut.mp4", whole.substr(0, 300));
  const int closed = free_port();

  const Hub hub{{{"good", "demo:"},
                 {"self", nginx.http_url("/self.m3u")},
                 {"empty", nginx.http_url("/empty.m3u")},
                 {"absurd", nginx.http_url("/absurd.m3u8")},
                 {"html", nginx.http_url("/page.html")},
                 {"cut", nginx.http_url("/cut.mp4")},
                 {"missing", nginx.http_url("/no-such-thing.mp3")},
                 {"locked", nginx.http_url("/locked/x.mp3")},
                 {"refused", fmt::format("http://127.0.0.1:{}/x.mp3", closed)},
                 {"nowhere", "http://no-such-host.invalid/x.mp3"}}};
  CHECK(reason_of(hub, "self") == "unsupported");
  CHECK(reason_of(hub, "empty") == "invalid");
  CHECK_FALSE(reason_of(hub, "absurd").empty());
  CHECK(reason_of(hub, "html") == "unsupported");
  CHECK_FALSE(reason_of(hub, "cut").empty());
  CHECK(reason_of(hub, "missing") == "not_found");
  CHECK(reason_of(hub, "locked") == "not_authorised");
  CHECK(reason_of(hub, "refused") == "refused");
  CHECK(reason_of(hub, "nowhere") == "unreachable");
  CHECK(hub.wait_for_state("good", "live"));
}

TEST_CASE("a source with only sound, one with only a picture, and one of a codec that browsers do not take") {
  if (!has_program("ffmpeg")) HUB_SKIP("ffmpeg is not installed");
  const TempDir dir;
  make_file(dir.file("sound.mp4"), {.video = false, .seconds = 20, .real_time = false});
  make_file(dir.file("picture.mp4"), {.audio = false, .seconds = 20, .real_time = false});
  auto vp8 = input_args({.seconds = 20, .real_time = false});
  vp8.insert(vp8.end(), {"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libvorbis",
                         dir.file("talk.webm")});
  run_ffmpeg(vp8);
  const Hub hub{{{"sound", dir.file("sound.mp4")},
                 {"picture", dir.file("picture.mp4")},
                 {"webm", dir.file("talk.webm")}}};
  CHECK(hub.wait_for_state("sound", "live"));
  CHECK(hub.channel("sound").at("kind") == "audio");
  CHECK(hub.wait_for_state("picture", "live"));
  CHECK(hub.channel("picture").at("kind") == "video");
  CHECK(hub.channel("picture").at("audio").is_null());
  CHECK(hub.wait_for_state("webm", "live"));
  CHECK(hub.channel("webm").at("kind") == "video");
}

TEST_CASE("names as people write them come back unharmed in JSON and CSV") {
  const Hub hub{{}};
  const std::vector<std::string> names{
      "O'Brien \"Bob\" Traoré",
      "\xE2\x80\x8F\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF",  // a right-to-left mark first
      "Awa \xF0\x9F\x91\xA9\xF0\x9F\x8F\xBE\xE2\x80\x8D\xF0\x9F\x92\xBB",
      "<script>alert(1)</script>",
      "=HYPERLINK(\"http://x\",\"y\")",
      "+223",
      "@home",
      "-1",
      "a;b,c"};
  for (const auto& name : names)
    CHECK(hub.post("/api/v1/sign-in", {{"name", name}, {"consent", true}}).status == 201);
  const auto [code, json] = hub.run({"attendance", "export", "--format", "json"});
  REQUIRE(code == 0);
  const auto exported = base::parse_json(json);
  REQUIRE(exported.has_value());
  const auto [csv_code, csv] = hub.run({"attendance", "export", "--format", "csv", "--lang", "fr"});
  REQUIRE(csv_code == 0);
  CHECK(csv.starts_with("\xEF\xBB\xBF"));
  for (const auto& name : names) {
    INFO(name);
    const auto& rows = exported->at("rows");
    CHECK(
        std::any_of(rows.begin(), rows.end(), [&](const base::Json& row) { return row.at("name") == name; }));
    std::string cell = name;
    if (std::string{"=+-@"}.find(cell.front()) != std::string::npos) cell.insert(0, "'");
    if (cell.find_first_of("\";") != std::string::npos) {
      for (std::size_t at = 0; (at = cell.find('"', at)) != std::string::npos; at += 2) cell.insert(at, "\"");
      cell = "\"" + cell + "\"";
    }
    CHECK(csv.find(";" + cell + ";") != std::string::npos);
  }
}

TEST_CASE("sign-in bodies that make no sense get a clear error and leave nothing behind") {
  const Hub hub{{}};
  const auto [body, status] = GENERATE(table<std::string, int>({
      {"", 400},
      {"not json", 400},
      {"[]", 400},
      {"{\"name\":\"A\xFF\",\"consent\":true}", 400},
      {R"({"name":"Awa"})", 400},
      {R"({"name":"   ","consent":true})", 400},
      {R"({"name":17,"consent":true})", 400},
      {"{\"name\":\"" + std::string(20'000, 'x') + "\",\"consent\":true}", 413},
  }));
  HttpRequest request;
  request.method = "POST";
  request.headers["Content-Type"] = "application/json";
  request.body = body;
  const auto answer = http(hub.url("/api/v1/sign-in"), request);
  INFO(body.substr(0, 80) << " → " << answer.body);
  CHECK(answer.status == status);
  const auto parsed = base::parse_json(answer.body);
  REQUIRE(parsed.has_value());
  CHECK_FALSE(parsed->value("error", "").empty());
  const auto [code, json] = hub.run({"attendance", "export", "--format", "json"});
  CHECK(base::parse_json(json).or_throw().at("rows").empty());
}
