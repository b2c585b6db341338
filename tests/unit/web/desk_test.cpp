#include "hub/web/attendance_routes.h"
#include "hub/web/host_forms.h"
#include "tests/unit/web/handlers.h"

#include <limits>

using namespace hub;
using namespace hub::web;
using attendance::Register;

namespace {

/// Answers what the test says, and remembers what it was asked.
class FakeRegister final : public test::SilentRegister {
 public:
  std::optional<base::Failure> failure;
  std::optional<BadLine> refused;
  int calls = 0;
  NewSession opened;
  SessionChange change;
  std::string closed, undone, session;
  DeskQuery query;
  DeskAdd add;
  DeskLeft left;
  std::int64_t count = 0;

  void open_session(NewSession wanted, Then<attendance::Session> then) override {
    opened = std::move(wanted);
    answer(then, current("fr"));
  }
  void change_session(SessionChange wanted, Then<attendance::Session> then) override {
    change = std::move(wanted);
    answer(then, current("fr"));
  }
  void close_session(std::string id, std::string, std::string, Then<attendance::Session> then) override {
    closed = std::move(id);
    answer(then, current("fr"));
  }
  void desk(DeskQuery wanted, Then<Desk> then) override {
    query = std::move(wanted);
    Desk desk;
    desk.session = current("fr");
    desk.head_count = 15;
    desk.named = 1;
    desk.present = 1;
    DeskPerson awa;
    awa.ref = "p-1";
    awa.name = "Awa";
    awa.here = true;
    awa.via = attendance::Via::Paper;
    awa.in = base::Wall{std::chrono::seconds{60}};
    desk.persons.push_back(awa);
    desk.changes.push_back({"c-1", DeskChange::What::Left, "Awa", base::Wall{}});
    answer(then, desk);
  }
  void desk_add(DeskAdd wanted, Then<DeskAdded> then) override {
    add = std::move(wanted);
    DeskAdded added;
    added.refused = refused;
    added.change = "c-2";
    Person person;
    person.ref = "p-2";
    person.form.name = "Issa";
    added.persons.push_back(person);
    answer(then, added);
  }
  void desk_left(DeskLeft wanted, Then<std::string> then) override {
    left = std::move(wanted);
    answer(then, std::string{"c-3"});
  }
  void desk_undo(std::string wanted, std::string, Then<base::Done> then) override {
    undone = std::move(wanted);
    answer(then, base::Done{});
  }
  void head_count(std::string where, std::int64_t heads, std::string, Then<base::Done> then) override {
    session = std::move(where);
    count = heads;
    answer(then, base::Done{});
  }

 private:
  template <class T>
  void answer(const Then<T>& then, T value) {
    ++calls;
    if (failure)
      then(*failure);
    else
      then(std::move(value));
  }
};

using Routes = test::Routes<FakeRegister>;

base::Json json(const Response& response) {
  return base::Json::parse(response.body);
}

}  // namespace

TEST_CASE("a host opens, changes and closes a session") {
  Routes routes;
  const auto opened = routes.post(
      open_session, R"({"title":" DNS  Operations ","acronym":"dnsop","channel":"room-1","end":"12:10"})");
  CHECK(opened.status == 201);
  CHECK(json(opened).at("id") == "local:2027-01-15");
  CHECK(routes.reg.opened.title == "DNS Operations");
  CHECK(routes.reg.opened.acronym == "dnsop");
  CHECK(routes.reg.opened.channel == "room-1");
  CHECK(routes.reg.opened.start.empty());
  CHECK(routes.reg.opened.end == "12:10");
  CHECK(routes.reg.opened.who == "host");
  CHECK(routes.post(change_session, R"({"end":"13:00"})", "en", {{"id", "127-dnsop"}}).status == 200);
  CHECK(routes.reg.change.id == "127-dnsop");
  CHECK(routes.reg.change.end == "13:00");
  CHECK_FALSE(routes.reg.change.title);
  CHECK(routes.post(close_session, "{}", "en", {{"id", "127-dnsop"}}).status == 200);
  CHECK(routes.reg.closed == "127-dnsop");
  routes.reg.failure = base::Failure{base::Errc::Conflict, "Ce canal a déjà une session."};
  const auto taken = routes.post(open_session, R"({"title":"Autre","channel":"room-1"})", "fr");
  CHECK(taken.status == 409);
  CHECK(json(taken).at("error") == "Ce canal a déjà une session.");
}

TEST_CASE("what is wrong with a session is named, and nothing is asked of the register") {
  struct Case {
    const char *body, *french, *english;
  };
  const Case cases[] = {
      {"", "JSON", "JSON"},
      {"[]", "JSON", "JSON"},
      {"{\"title\":\"caf\xe9\"}", "UTF-8", "UTF-8"},
      {R"({"title":{"a":{"b":{"c":1}}}})", "JSON", "JSON"},
      {R"({})", "titre", "title"},
      {R"({"title":"  "})", "titre", "title"},
      {R"({"title":7})", "Titre (title) : un texte", "Title (title): a text"},
      {R"({"title":"A","id":"été"})", "Identifiant", "Identifier"},
      {R"({"title":"A","id":"local:2027-01-15"})", "réservé", "kept for"},
      {R"({"title":"A","channel":"nope"})", "« nope ». Choisissez parmi : room-1", "Choose one of: room-1"},
      {R"({"title":"A","start":930})", "Début (start)", "Start (start)"},
      {R"({"title":"A","end":["x"]})", "Fin (end)", "End (end)"}};
  for (const auto& c : cases)
    for (const bool french : {true, false}) {
      Routes routes;
      const auto response = routes.post(open_session, c.body, french ? "fr" : "en");
      CAPTURE(c.body, response.body);
      CHECK(response.status == 400);
      CHECK(json(response).at("code") == "invalid");
      CHECK_THAT(json(response).at("error").get<std::string>(),
                 Catch::Contains(french ? c.french : c.english));
      CHECK(routes.reg.calls == 0);
    }
  CHECK_FALSE(parse_new_session(R"({"title":")" + std::string(201, 'x') + R"("})", "fr"));
  CHECK(parse_new_session(R"({"title":")" + std::string(200, 'x') + R"("})", "fr"));
  for (const char* body : {"{}", R"({"title":""})", R"({"end":""})", R"({"end":5})", R"({"title":null})"})
    CHECK_FALSE(parse_session_change(body, "s", "fr"));
}

TEST_CASE("the desk shows who is here and what can be undone") {
  Routes routes;
  Request request;
  request.query = {{"session", "s-1"}, {"q", " awa "}};
  const auto response = routes.call(show_desk, request);
  CHECK(response.status == 200);
  const auto desk = json(response);
  CHECK(desk.at("session").at("id") == "local:2027-01-15");
  CHECK(desk.at("head_count") == 15);
  CHECK(desk.at("persons")[0] ==
        base::Json::parse(R"({"ref":"p-1","name":"Awa","affiliation":"","anonymous":false,"here":true,
                              "via":"paper","in":"1970-01-01T00:01:00.000Z","out":null})"));
  CHECK(desk.at("changes")[0] ==
        base::Json::parse(R"({"change":"c-1","what":"left","name":"Awa","at":"1970-01-01T00:00:00.000Z"})"));
  CHECK(routes.reg.query.session == "s-1");
  CHECK(routes.reg.query.text == "awa");
  for (const auto& text : {std::string{"caf\xe9"}, std::string(121, 'x')}) {
    request.query["q"] = text;
    CHECK(routes.call(show_desk, request).status == 400);
  }
}

TEST_CASE("the desk adds all or nobody") {
  Routes routes;
  const auto added =
      routes.post(add_at_desk, R"({"paper":true,"persons":[{"name":"Issa","at":"09:42"},{"ref":"p-1"}]})");
  CHECK(added.status == 201);
  CHECK(json(added) == base::Json::parse(R"({"change":"c-2","added":[{"ref":"p-2","name":"Issa"}]})"));
  CHECK(routes.reg.add.paper);
  REQUIRE(routes.reg.add.lines.size() == 2);
  CHECK(routes.reg.add.lines[0].at == "09:42");
  CHECK(routes.reg.add.lines[1].ref == "p-1");

  routes.reg.calls = 0;
  const auto wrong = routes.post(add_at_desk, R"({"persons":[{"name":"A"},{"name":7}]})");
  CHECK(wrong.status == 400);
  CHECK(json(wrong).at("line") == 2);
  CHECK(routes.reg.calls == 0);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += std::string{i > 0 ? "," : ""} + R"({"name":"A"})";
  const auto flood = routes.post(add_at_desk, R"({"persons":[)" + many + "]}", "fr");
  CHECK(flood.status == 400);
  CHECK_THAT(json(flood).at("error").get<std::string>(), Catch::Contains("10000") && Catch::Contains("500"));
  CHECK_FALSE(json(flood).contains("line"));
  CHECK(routes.reg.calls == 0);
  routes.reg.refused = Register::BadLine{1, "Cette personne n'est pas connue."};
  const auto unknown = routes.post(add_at_desk, R"({"persons":[{"ref":"p-9"}]})");
  CHECK(unknown.status == 400);
  CHECK(json(unknown).at("line") == 1);
}

TEST_CASE("left, undo and the head-count") {
  Routes routes;
  const auto left = routes.post(left_at_desk, R"({"at":"10:05"})", "en", {{"ref", "p-1"}});
  CHECK(left.status == 200);
  CHECK(json(left).at("change") == "c-3");
  CHECK(routes.reg.left.ref == "p-1");
  CHECK(routes.reg.left.at == "10:05");
  CHECK(routes.post(undo_at_desk, R"({"change":"c-3"})").status == 200);
  CHECK(routes.reg.undone == "c-3");
  CHECK(routes.post(undo_at_desk, "{}").status == 400);
  const auto counted = routes.post(set_head_count, R"({"session":"s-1","count":15})");
  CHECK(json(counted) == base::Json{{"head_count", 15}});
  CHECK(routes.reg.count == 15);
  CHECK(routes.reg.session == "s-1");
  routes.reg.calls = 0;
  for (const char* count : {"-1", "1.5", "\"15\"", "null", "true", "[]", "100001", "18446744073709551615",
                            "-9223372036854775808", "1e3"}) {
    const auto response = routes.post(set_head_count, std::string{R"({"count":)"} + count + "}", "fr");
    CAPTURE(count);
    CHECK(response.status == 400);
    CHECK_THAT(json(response).at("error").get<std::string>(), Catch::Contains("Effectif (count)"));
  }
  CHECK(routes.post(set_head_count, "{}").status == 400);
  CHECK(routes.reg.calls == 0);
  CHECK(parse_head_count(R"({"count":0})", "fr")->count == 0);
  CHECK(parse_head_count(R"({"count":100000})", "fr")->count == 100'000);
}
