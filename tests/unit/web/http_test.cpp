#include "tests/support/catch.h"
#include "tests/unit/web/fixture.h"

#include <string>

using namespace hub;
using namespace std::chrono_literals;
using test::Fixture;

TEST_CASE("connections are kept alive from answer to answer") {
  Fixture hub;
  auto client = hub.client();
  for (int i = 0; i < 5; ++i) CHECK(client.ask({"GET", "/healthz"}).status == 200);
  CHECK(hub.stats->accepted == 1);
}

TEST_CASE("files: compressed or not, tags, HEAD, policy") {
  Fixture hub;
  const auto plain = hub.ask({"GET", "/"});
  CHECK(plain.status == 200);
  CHECK(plain.body == "<!doctype html><title>hub</title>");
  CHECK_FALSE(plain.headers.contains("content-encoding"));
  const auto gzip = hub.ask({"GET", "/", "", "Accept-Encoding: gzip, deflate\r\n"});
  CHECK(gzip.headers.at("content-encoding") == "gzip");
  CHECK(gzip.body.starts_with("\x1f\x8b"));
  const auto policy = gzip.headers.at("content-security-policy");
  CHECK(policy.find("script-src 'self';") != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(gzip.headers.at("x-content-type-options") == "nosniff");
  CHECK(gzip.headers.at("referrer-policy") == "no-referrer");
  CHECK(gzip.headers.at("cache-control") == "no-cache");
  CHECK_FALSE(gzip.headers.contains("server"));
  CHECK(hub.ask({"GET", "/", "", "If-None-Match: \"abc\"\r\n"}).status == 304);
  CHECK(hub.ask({"GET", "/", "", "If-None-Match: \"other\"\r\n"}).status == 200);
  CHECK(hub.ask({"GET", "/app.1234.js"}).headers.at("cache-control") ==
        "public, max-age=31536000, immutable");
  auto client = hub.client();
  const auto head = client.ask({"HEAD", "/"});
  CHECK(head.headers.at("content-length") == "33");
  CHECK(client.ask({"GET", "/healthz"}).status == 200);  // no body was in between
  CHECK(hub.ask({"GET", "/nothing"}).status == 404);
  CHECK(hub.ask({"POST", "/", "{}"}).status == 405);
}

TEST_CASE("errors are JSON in the language asked") {
  Fixture hub;
  const auto error = [](const test::Client::Answer& answer) {
    return base::Json::parse(answer.body)["error"].get<std::string>();
  };
  const auto fr = hub.ask({"GET", "/api/v1/nothing"});
  CHECK(fr.status == 404);
  CHECK(fr.headers.at("content-type") == "application/json; charset=utf-8");
  CHECK(error(fr).starts_with("Cette page"));
  CHECK(error(hub.ask({"GET", "/api/v1/nothing", "", "Accept-Language: en-US\r\n"}))
            .starts_with("There is no"));
  CHECK(error(hub.ask({"GET", "/api/v1/nothing?lang=fr", "", "Accept-Language: en\r\n"}))
            .starts_with("Cette page"));
}

TEST_CASE("wrong methods name the right ones") {
  Fixture hub;
  const auto answer = hub.ask({"DELETE", "/api/v1/hub"});
  CHECK(answer.status == 405);
  CHECK(answer.headers.at("allow") == "GET, HEAD");
  CHECK(hub.ask({"GET", "/api/v1/login"}).headers.at("allow") == "POST");
  CHECK(hub.ask({"BREW", "/healthz"}).status == 405);
  const auto options = hub.ask({"OPTIONS", "/hls/room-1/main.m3u8"});
  CHECK(options.status == 204);
  CHECK(options.headers.at("access-control-allow-origin") == "*");
  CHECK_FALSE(hub.ask({"OPTIONS", "/api/v1/login"}).headers.contains("access-control-allow-origin"));
}

TEST_CASE("a name of somebody else that points here is refused") {
  auto settings = Fixture::local();
  settings.names = {"hub.example.org"};
  Fixture hub{{}, settings};
  for (const char* host : {"attacker.example", "attacker.example:8080", "192.0.2.7",
                           "127.0.0.1.attacker.example", "localhost.attacker.example"}) {
    CAPTURE(host);
    for (const char* path : {"/", "/api/v1/hub", "/hls/room-1/main.m3u8", "/api/v1/live"})
      CHECK(hub.ask({"GET", path, "", "", host}).status == 421);
  }
  for (const char* host : {"localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8080", "hub.example.org"})
    CHECK(hub.ask({"GET", "/healthz", "", "", host}).status == 200);
}

TEST_CASE("pages of another site cannot change anything") {
  Fixture hub;
  const auto own = "http://127.0.0.1:" + std::to_string(hub.port());
  const auto post = [&](const std::string& origin) {
    return hub.ask({"POST", "/api/v1/host/channels/room-1/start", "{}", "Origin: " + origin + "\r\n"}).status;
  };
  CHECK(post(own) == 200);
  CHECK(post("http://attacker.example") == 403);
  CHECK(post("http://127.0.0.1:1") == 403);
  CHECK(post("null") == 403);
  CHECK(post(own + ".attacker.example") == 403);
  CHECK(hub.ask({"GET", "/api/v1/hub", "", "Origin: http://attacker.example\r\n"}).status == 200);
  // What a form can send without a preflight:
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"})
    CHECK(hub.ask({"POST", "/api/v1/host/channels/room-1/stop", "{}", "", "", type}).status == 415);
  CHECK(hub.ask({"POST", "/api/v1/logout", "{}", "", "", "application/json; charset=utf-8"}).status == 200);
}

TEST_CASE("bodies that are too large are refused without being read") {
  Fixture hub;
  SECTION("by their declared length") {
    auto client = hub.client();
    client.send(
        "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000000000\r\n\r\n{");
    const auto answer = client.read_answer();
    CHECK(answer.status == 413);
    CHECK(base::Json::parse(answer.body)["code"] == "too_large");
    CHECK(client.closed_within(5s));
  }
  SECTION("as they come, without a length") {
    auto client = hub.client();
    client.send(
        "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    const auto chunk = "1000\r\n" + std::string(0x1000, ' ') + "\r\n";
    for (int i = 0; i < 100 && client.send(chunk); ++i) {
    }
    CHECK(client.read_answer().status == 413);
    CHECK(client.closed_within(5s));
  }
  SECTION("on a route that takes none") {
    CHECK(hub.ask({"GET", "/api/v1/hub", "{}"}).status == 413);
  }
  SECTION("with Expect: 100-continue") {
    auto client = hub.client();
    client.send(
        "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
    CHECK(client.read_answer().status == 413);
  }
  CHECK(hub.ask({"GET", "/healthz"}).status == 200);
}

TEST_CASE("bodies that are no JSON or no UTF-8") {
  Fixture hub;
  for (const std::string body : {"", "nonsense", "{", "[1]", "{\"symptom\":\"\xFF\"}", "\xEF\xBB\xBF", "null",
                                 "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]"}) {
    CAPTURE(body);
    const auto answer = hub.ask({"POST", "/api/v1/reports", body});
    CHECK(answer.status == 400);
    CHECK(base::Json::parse(answer.body)["code"] == "invalid");
  }
}

TEST_CASE("rude requests get an answer or a closed connection") {
  Fixture hub;
  for (const std::string raw :
       {"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\x01\x01",
        "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://attacker.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n"}) {
    CAPTURE(raw);
    auto client = hub.client();
    client.send(raw);
    client.read_answer(false, 200ms);
  }
  CHECK(hub.ask({"GET", "/healthz"}).status == 200);
}
