#include "tests/support/catch.h"
#include "tests/support/hub.h"

#include <set>

using namespace hub;
using namespace hub::test;
using namespace std::chrono_literals;
using base::Json;

namespace {

using Row = std::map<std::string, std::string>;

/// A reader of CSV of our own (RFC 4180), so that the hub's numbers are not checked with the hub's code.
std::vector<Row> read_csv(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::vector<std::vector<std::string>> lines(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    auto& field = lines.back().back();
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
      field += text[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (quoted || (c != ',' && c != '\r' && c != '\n'))
      field += c;
    else if (c == ',')
      lines.back().emplace_back();
    else if (c == '\n')
      lines.push_back({""});
  }
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != lines[0].size()) continue;
    Row row;
    for (std::size_t column = 0; column < lines[0].size(); ++column) row[lines[0][column]] = lines[i][column];
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The client of one person: keeps its cookie, expects JSON.
class Device {
 public:
  Device(const Hub& hub, std::string address) : hub_{hub}, address_{std::move(address)} {}
  Json call(const std::string& method, const std::string& path, const Json& body, int status) {
    HttpRequest request;
    request.method = method;
    if (method != "GET") request.body = body.dump();
    if (!cookie_.empty()) request.headers["Cookie"] = cookie_;
    // From another machine, as far as the hub can tell.
    request.headers["X-Forwarded-For"] = address_;
    const auto answer = http(hub_.url(path), request);
    CAPTURE(path, body.dump(), answer.body);
    CHECK(answer.status == status);
    if (const auto cookie = answer.headers.find("set-cookie"); cookie != answer.headers.end())
      cookie_ = cookie->second.substr(0, cookie->second.find(';'));
    const auto json = base::parse_json(answer.body);
    return json ? *json : Json{};
  }
  Json get(const std::string& path) { return call("GET", path, {}, 200); }
  Json post(const std::string& path, const Json& body, int status = 200) {
    return call("POST", path, body, status);
  }

 private:
  const Hub& hub_;
  std::string address_, cookie_;
};

}  // namespace

TEST_CASE("a session day at the desk: the summary is what a recount of the export finds") {
  const Hub hub{{}};
  const auto made = hub.run({"passphrase"});
  REQUIRE(made.first == 0);
  Device host{hub, "10.0.0.2"};
  CHECK(host.call("GET", "/api/v1/host/desk", {}, 401).at("code") == "not_authorised");
  host.post("/api/v1/login", {{"passphrase", made.second.substr(0, 24)}});

  const auto session =
      host.post("/api/v1/host/sessions", {{"title", "DNS Operations"}, {"acronym", "dnsop"}}, 201);
  const auto id = session.at("id").get<std::string>();
  CHECK(session.at("state") == "open");
  CHECK(hub.get("/api/v1/hub").body.find("\"" + id + "\"") != std::string::npos);
  host.post("/api/v1/host/sessions", {{"title", "Fin avant début"}, {"start", "12:00"}, {"end", "11:00"}},
            400);
  host.post("/api/v1/host/sessions", {{"title", "Même identifiant"}, {"id", id}}, 409);

  Device phone{hub, "10.0.0.3"};
  phone.post(
      "/api/v1/sign-in",
      {{"name", "Awa Traoré"}, {"member", "yes"}, {"first_time", true}, {"consent", true}, {"session", id}},
      201);
  Device other{hub, "10.0.0.4"};
  other.post("/api/v1/sign-in", {{"anonymous", true}}, 201);
  Device tablet{hub, "10.0.0.5"};
  tablet.post("/api/v1/sign-in",
              {{"name", "=HYPERLINK(\"x\"),\"y\""}, {"consent", true}, {"kiosk", true}, {"session", id}},
              201);
  const auto code = phone.get("/api/v1/me").at("code").get<std::string>();
  Device moved{hub, "10.0.0.3"};  // the hub got another address
  moved.post("/api/v1/sign-in/code", {{"code", "WRONG1"}}, 401);
  CHECK(moved.post("/api/v1/sign-in/code", {{"code", code}}).at("persons")[0].at("name") == "Awa Traoré");
  moved.post("/api/v1/sign-in/again", {{"session", id}}, 201);

  const auto added = host.post("/api/v1/host/desk",
                               {{"session", id},
                                {"persons",
                                 {{{"name", "Issa Keïta"}, {"member", "wants"}},
                                  {{"name", "Fanta Diarra"}, {"member", "no"}, {"first_time", false}},
                                  {{"name", "Moussa"}}}}},
                               201);
  REQUIRE(added.at("added").size() == 3);
  const auto fanta = added.at("added")[1].at("ref").get<std::string>();
  const auto left = host.post("/api/v1/host/desk/" + fanta + "/left", {{"session", id}});
  host.post("/api/v1/host/desk/undo", {{"change", left.at("change")}});
  host.post("/api/v1/host/desk/undo", {{"change", left.at("change")}}, 409);
  const auto mistake = host.post("/api/v1/host/desk",
                                 {{"session", id}, {"persons", Json::array({Json{{"name", "Twice"}}})}}, 201);
  host.post("/api/v1/host/desk/undo", {{"change", mistake.at("change")}});
  const auto start = session.at("start").get<std::string>();
  host.post(
      "/api/v1/host/desk",
      {{"session", id},
       {"paper", true},
       {"persons", {{{"name", "Papier Un"}, {"at", start}}, {{"name", "Papier Deux"}, {"member", "yes"}}}}},
      201);
  const auto bad =
      host.post("/api/v1/host/desk",
                {{"session", id}, {"persons", {{{"name", "Never"}}, {{"name", "A"}, {"at", "25:99"}}}}}, 400);
  CHECK(bad.at("line") == 2);
  host.call("PUT", "/api/v1/host/head-count", {{"session", id}, {"count", -1}}, 400);
  host.call("PUT", "/api/v1/host/head-count", {{"session", id}, {"count", 9}}, 200);

  const auto desk = host.get("/api/v1/host/desk?session=" + id);
  CHECK(desk.at("named") == 7);
  CHECK(desk.at("anonymous") == 1);
  CHECK(desk.at("head_count") == 9);
  const auto found = host.get("/api/v1/host/desk?session=" + id + "&q=fan");
  CHECK(found.at("persons").dump().find("Fanta Diarra") != std::string::npos);
  CHECK(host.post("/api/v1/host/sessions/" + id + "/close", Json::object()).at("state") == "closed");
  host.post("/api/v1/host/sessions/" + id + "/close", Json::object(), 409);

  const auto summary = host.get("/api/v1/attendance?session=" + id + "&lang=en");
  const auto& figures = summary.at("sessions").at(0);
  HttpRequest request;
  const auto csv = http(hub.url("/api/v1/attendance/export?format=csv&lang=en&session=" + id), request);
  REQUIRE(csv.status == 200);
  std::set<std::string> named, anonymous, yes, no, wants, first, again;
  std::string head_count;
  for (const auto& row : read_csv(csv.body)) {
    if (row.at("session_id") != id || row.at("basis") != "declared") continue;
    const auto& ref = row.at("person_ref");
    (row.at("name").empty() ? anonymous : named).insert(ref);
    if (row.at("member") == "yes") yes.insert(ref);
    if (row.at("member") == "no") no.insert(ref);
    if (row.at("member") == "wants") wants.insert(ref);
    if (row.at("first_time") == "yes") first.insert(ref);
    if (row.at("first_time") == "no") again.insert(ref);
    CHECK(row.at("name") != "Twice");
    CHECK(row.at("name") != "Never");
    if (!row.at("head_count").empty()) head_count = row.at("head_count");
  }
  const auto group = [&](const char* which, const char* word) {
    return figures.at(which).value(word, std::size_t{0});
  };
  CHECK(named.size() == 7);
  CHECK(figures.at("named") == named.size());
  CHECK(figures.at("anonymous") == anonymous.size());
  CHECK(figures.at("head_count") == std::stoi(head_count));
  CHECK(group("members", "yes") == yes.size());
  CHECK(group("members", "no") == no.size());
  CHECK(group("members", "wants") == wants.size());
  CHECK(group("first_time", "yes") == first.size());
  CHECK(group("first_time", "no") == again.size());
  CHECK(figures.at("present") == 0);
}
