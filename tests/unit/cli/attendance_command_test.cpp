#include "hub/cli/attendance_command.h"

#include "hub/attendance/ledger.h"
#include "hub/base/json.h"
#include "hub/lib/glib/unicode.h"
#include "hub/store/data_folder.h"
#include "hub/store/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <fstream>
#include <sstream>

using namespace hub;
using namespace hub::cli;

namespace {

/// A data folder with two people, and the command run on it.
class Desk {
 public:
  test::TempDir dir;
  std::ostringstream out, err;

  Desk() {
    const store::DataFolder folder{dir.path() / "data", store::DataFolder::Use::Serve};
    store::SqliteStore store{folder.database()};
    base::Identity identity;
    identity.time_zone = "Africa/Bamako";
    attendance::Ledger ledger{store, identity, {}, nullptr};
    base::ManualClock clock;
    attendance::Stamper stamper{clock, "boot"};
    for (const char* name : {"Awa Traoré", "李雷"}) {
      attendance::SignIn form;
      form.name = name;
      form.affiliation = "ISOC";
      if (std::string_view{name}.starts_with("Awa")) {
        form.member = attendance::SignIn::Member::Wants;
        form.contact = "awa@example.org";
      }
      ledger.run_one([&](auto& l) {
        static_cast<void>(l.sign_in({form, "", false, ""}, "", stamper.now()));
      });
    }
  }
  int run(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    base::ManualClock clock;
    clock.advance(std::chrono::hours{1});
    return run_attendance(
        arguments,
        [&](const auto&, const auto& data_dir) {
          Context context;
          context.identity.time_zone = "Africa/Bamako";
          context.data_dir = data_dir.value_or(dir.path() / "data");
          return context;
        },
        clock, out, err);
  }
};

}  // namespace

TEST_CASE("what is wrong use, and what is not") {
  struct Case {
    std::vector<std::string> arguments;
    const char* error;  // nullptr: fine
  };
  const Case cases[] = {
      {{"list"}, nullptr},
      {{"export", "--format", "json", "--lang=en", "--session", "s", "--output", "f"}, nullptr},
      {{"--help"}, nullptr},
      {{"list", "--help"}, nullptr},
      {{}, "list, summary or export"},
      {{"lost"}, "list, summary or export"},
      {{"list", "export"}, "list, summary or export"},
      {{"summary"}, nullptr},
      {{"list", "--wants-to-join"}, nullptr},
      {{"summary", "--format", "csv"}, "text or json"},
      {{"export", "--format", "xlsx"}, "csv or json"},
      {{"export", "--lang", "de"}, "fr or en"},
      {{"export", "--unknown"}, "unknown"},
      {{"export", "--form", "csv"}, "form"},
      {{"export", "--format"}, "format"},
  };
  for (const auto& c : cases) {
    const auto parsed = parse_attendance(c.arguments);
    CAPTURE(c.arguments);
    if (!c.error) {
      CHECK(parsed);
      continue;
    }
    REQUIRE_FALSE(parsed);
    CHECK_THAT(parsed.error().text, Catch::Contains(c.error));
  }
  const auto parsed = parse_attendance({"export", "--format", "json", "--lang=en", "--session", "s",
                                        "--output", "f", "--data-dir", "d", "--config", "c"});
  REQUIRE(parsed);
  CHECK(parsed->action == AttendanceArguments::Action::Export);
  CHECK(parsed->format == "json");
  CHECK(parsed->language == "en");
  CHECK(parsed->session == "s");
  CHECK(parsed->output == "f");
  CHECK(parsed->data_dir == "d");
  CHECK(parsed->config == "c");
}

TEST_CASE("list prints an aligned table") {
  Desk desk;
  REQUIRE(desk.run({"list"}) == 0);
  std::istringstream lines{desk.out.str()};
  std::string line;
  std::vector<std::size_t> starts;
  while (std::getline(lines, line))
    if (const auto at = line.find("ISOC"); at != std::string::npos)
      starts.push_back(lib::glib::columns(line.substr(0, at)));
  REQUIRE(starts.size() == 2);
  CHECK(starts[0] == starts[1]);  // a wide script takes two columns
  CHECK_THAT(desk.out.str(), Catch::Contains("15 janvier 2027 (local:2027-01-15) : 2 avec nom"));
  REQUIRE(desk.run({"list", "--lang", "en"}) == 0);
  CHECK_THAT(desk.out.str(), Catch::Contains("In all: 2 named people"));
}

TEST_CASE("the summary as a table and as JSON") {
  Desk desk;
  REQUIRE(desk.run({"summary"}) == 0);
  CHECK_THAT(desk.out.str(), Catch::Contains("15 janvier 2027") && Catch::Contains("avec nom"));
  REQUIRE(desk.run({"summary", "--format", "json", "--lang", "en"}) == 0);
  const auto json = base::parse_json(desk.out.str());
  REQUIRE(json);
  CHECK(json->at("totals").at("named") == 2);
  CHECK(json->at("sessions")[0].at("title") == "15 January 2027");
  CHECK(desk.run({"summary", "--session", "no"}) == 1);
}

TEST_CASE("who wants to join is listed once, with the contact") {
  Desk desk;
  REQUIRE(desk.run({"list", "--wants-to-join", "--lang", "en"}) == 0);
  CHECK(desk.out.str() == "name        contact          affiliation\nAwa Traoré  awa@example.org  ISOC\n");
}

TEST_CASE("export goes to standard output or to a file of its own") {
  Desk desk;
  REQUIRE(desk.run({"export"}) == 0);
  CHECK_THAT(desk.out.str(), Catch::Contains(";Awa Traoré;ISOC;"));
  const auto file = desk.dir.path() / "out.json";
  REQUIRE(desk.run({"export", "--format", "json", "--output", file.string()}) == 0);
  CHECK(desk.out.str().empty());
  std::ifstream written{file};
  CHECK(base::Json::parse(written).at("totals").at("named") == 2);
  // Each was noted in the log.
  store::SqliteStore store{desk.dir.path() / "data" / "hub.sqlite"};
  int exports = 0;
  store.load(
      [&](const attendance::Event& event) { exports += event.kind == attendance::Kind::Exported ? 1 : 0; });
  CHECK(exports == 2);
}

TEST_CASE("it works beside a running hub") {
  Desk desk;
  const store::DataFolder serving{desk.dir.path() / "data", store::DataFolder::Use::Serve};
  store::SqliteStore store{serving.database()};
  CHECK(desk.run({"export"}) == 0);
}

TEST_CASE("failures say what to do, and the exit code tells them from wrong use") {
  Desk desk;
  CHECK(desk.run({"list", "--data-dir", "/nonexistent"}) == 1);
  CHECK_THAT(desk.err.str(), Catch::Contains("--data-dir"));
  CHECK(desk.run({"export", "--session", "none"}) == 1);
  CHECK_THAT(desk.err.str(), Catch::Contains("no session \"none\""));
  CHECK(desk.run({"list", "--session", "none"}) == 1);
  CHECK(desk.run({"export", "--output", "/nonexistent/file"}) == 1);
  CHECK(desk.run({"export", "--format", "pdf"}) == 2);
  CHECK(desk.out.str().empty());
  CHECK(desk.run({"--help"}) == 0);
  CHECK_THAT(desk.out.str(), Catch::Contains("--data-dir") && Catch::Contains("Usage:"));
}
