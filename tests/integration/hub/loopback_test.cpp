#include "tests/support/catch.h"
#include "tests/support/hub.h"
#include "tests/support/peers.h"

#include <fmt/format.h>
#include <unistd.h>

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;

namespace {

/// nginx before the hub on the same machine, in several ways that people set it up.
class Proxy {
 public:
  struct Way {
    std::string name, lines;
  };
  Proxy(const Hub& hub, const std::vector<Way>& ways) {
    const std::string dir = dir_.path().string();
    std::string servers;
    for (const auto& way : ways) {
      ports_[way.name] = free_port();
      servers += fmt::format(" server {{ listen 127.0.0.1:{}; location / {{ proxy_pass {}; {} }} }}\n",
                             ports_[way.name], hub.url(""), way.lines);
    }
    write_text(
        dir_.path() / "nginx.conf",
        fmt::format("{0}daemon off;\nmaster_process off;\npid {1}/pid;\nerror_log {1}/log info;\n"
                    "events {{ worker_connections 64; }}\n"
                    "http {{\n access_log off;\n client_body_temp_path {1}/t1;\n proxy_temp_path {1}/t2;\n"
                    " fastcgi_temp_path {1}/t3;\n uwsgi_temp_path {1}/t4;\n scgi_temp_path {1}/t5;\n{2}}}\n",
                    geteuid() == 0 ? "user root;\n" : "", dir, servers));
    process_ = std::make_unique<Process>(
        Process::Options{.argv = {"nginx", "-p", dir, "-e", dir + "/log", "-c", dir + "/nginx.conf"},
                         .env = {},
                         .log = dir_.path() / "out",
                         .fds = {},
                         .cwd = {}});
    for (const auto& [name, port] : ports_)
      if (!wait_for_port(port))
        throw std::runtime_error{"nginx did not start: " + process_->output() +
                                 read_text(dir_.path() / "log")};
  }
  [[nodiscard]] std::string url(const std::string& name, const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", ports_.at(name), path);
  }

 private:
  TempDir dir_;
  std::map<std::string, int> ports_;
  std::unique_ptr<Process> process_;
};

/// The role that GET /api/v1/session tells; "none" without one, the status if it was refused.
std::string role(const std::string& url, const std::map<std::string, std::string>& headers = {}) {
  HttpRequest request;
  request.headers = headers;
  const auto answer = http(url, request);
  if (answer.status != 200) return std::to_string(answer.status);
  const auto json = base::parse_json(answer.body);
  return json ? base::string_at(*json, "role").value_or("none") : "no JSON";
}

constexpr const char* kSession = "/api/v1/session";
constexpr const char* kDesk = "/api/v1/host/desk";

}  // namespace

TEST_CASE("the console opens by itself on the machine only, and never through a proxy") {
  const Hub hub{{}, "names = [\"hub.example.org\"]"};
  CHECK(role(hub.url(kSession)) == "host");
  CHECK(role(hub.url(kSession), {{"Host", "localhost"}}) == "host");
  CHECK(role(hub.url(kSession), {{"Host", "[::1]"}}) == "host");
  CHECK(role(hub.url(kSession), {{"Host", "hub.example.org"}}) == "none");
  CHECK(role(hub.url(kSession), {{"Host", "attacker.example"}}) == "421");
  CHECK(role(hub.url(kSession), {{"Host", "localhost.attacker.example"}}) == "421");
  for (const char* header :
       {"Forwarded", "forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
        "X-Forwarded-Port", "X-Forwarded-Server", "x-forwarded-by", "X-Real-IP", "Via"}) {
    CAPTURE(header);
    CHECK(role(hub.url(kSession), {{header, "127.0.0.1"}}) == "none");
    HttpRequest request;
    request.headers[header] = "127.0.0.1";
    CHECK(http(hub.url(kDesk), request).status == 401);
  }

  if (!has_program("nginx")) HUB_SKIP("nginx is not installed");
  const Proxy proxy{hub,
                    {{"usual", "proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;"},
                     {"standard", "proxy_set_header Forwarded for=$remote_addr;"},
                     {"name", "proxy_http_version 1.1; proxy_set_header Host hub.example.org;"},
                     {"bare", ""}}};
  for (const char* way : {"usual", "standard", "name", "bare"}) {
    CAPTURE(way);
    CHECK(role(proxy.url(way, kSession)) == "none");
    CHECK(role(proxy.url(way, "/api/v1/hub")) == "none");  // answers, and has no role
    CHECK(http(proxy.url(way, kDesk)).status == 401);
    CHECK(http(proxy.url(way, "/metrics")).status == 401);
  }
}

TEST_CASE("with loopback_console = false the machine needs the passphrase, too") {
  const Hub hub{{}, "loopback_console = false"};
  CHECK(role(hub.url(kSession)) == "none");
  CHECK(hub.get(kDesk).status == 401);
  CHECK(hub.get("/").status == 200);
  const auto [code, text] = hub.run({"passphrase", "--role", "organizer"});
  REQUIRE(code == 0);
  const auto login = hub.post("/api/v1/login", {{"passphrase", text.substr(0, 24)}});
  REQUIRE(login.status == 200);  // without a restart
  const auto cookie = login.headers.at("set-cookie");
  const std::map<std::string, std::string> with{{"Cookie", cookie.substr(0, cookie.find(';'))}};
  CHECK(role(hub.url(kSession), with) == "organizer");
  const auto again = hub.run({"passphrase", "--role", "organizer"});
  CHECK(hub.post("/api/v1/login", {{"passphrase", again.second.substr(0, 24)}}).status == 200);
  CHECK(role(hub.url(kSession), with) == "none");  // ended with the passphrase that had opened it
  CHECK(hub.post("/api/v1/login", {{"passphrase", text.substr(0, 24)}}).status == 401);
}
