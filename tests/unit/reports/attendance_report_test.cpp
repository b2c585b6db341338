#include "hub/reports/attendance_report.h"

#include "hub/base/json.h"
#include "hub/reports/csv.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace hub;
using namespace hub::reports;
using attendance::Register;
using attendance::Row;
using attendance::Table;
using namespace std::chrono_literals;

namespace {

constexpr auto kHeader =
    "schema_version,export_id,hub_name,country,meeting,session_id,session_acronym,session_title,timezone,"
    "person_ref,"
    "name,affiliation,email,member,first_time,mode,basis,first_in_utc,last_out_utc,first_in_local,last_out_"
    "local,"
    "seconds_present,percent_of_session,interval_count,bridged_outage,counted,consent_version,gender,status,"
    "contact,contact_ok,"
    "head_count,clock_suspect,q_transport";

/// A reader of RFC 4180 as others write them.
std::vector<std::vector<std::string>> parse(const std::string& text, char delimiter) {
  std::vector<std::vector<std::string>> lines(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        cell += text[++i];
      else
        quoted = false;
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == delimiter) {
      lines.back().push_back(std::exchange(cell, {}));
    } else if (c == '\r') {
      REQUIRE(text.at(++i) == '\n');
      lines.back().push_back(std::exchange(cell, {}));
      lines.emplace_back();
    } else {
      cell += c;
    }
  }
  REQUIRE(lines.back().empty());  // the last line ends, too
  lines.pop_back();
  return lines;
}

Table table_of(std::vector<std::string> names, const std::string& language = "fr") {
  Table table;
  table.export_id = "e1";
  table.identity.name = "ISOC Mali, Bamako";
  table.identity.country = "ML";
  table.identity.meeting = "127";
  table.identity.time_zone = "Europe/Vienna";
  table.language = language;
  table.questions = {{"transport", {"Venu ?", "Come?"}, {{"À pied", "On foot"}, {"Bus", ""}}}};
  table.at = base::Wall{1'800'000'000s};
  for (auto& name : names) {
    Row row;
    row.session_id = "local:2027-01-15";
    row.person_ref = "p-" + std::to_string(table.rows.size());
    row.is_named = true;
    row.form.name = name;
    row.form.affiliation = "a;b,c";
    row.form.member = attendance::SignIn::Member::Wants;
    row.form.first_time = false;
    row.form.gender = attendance::SignIn::Gender::Woman;
    row.form.contact = "awa@example.org";
    row.form.contact_ok = true;
    row.form.answers["transport"] = "Bus";
    row.form.consent_version = "2026-11";
    row.stay = {base::Wall{1'800'000'000s}, base::Wall{1'800'003'600s + 999ms}, 3'600'999, 2, true, {}};
    row.percent_of_session = 4;
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace

TEST_CASE("the columns, in their order, with both delimiters") {
  for (const char* language : {"fr", "en"}) {
    const char delimiter = language[0] == 'f' ? ';' : ',';
    const auto exported = write_attendance(table_of({"Awa"}, language), {"csv", language, ""});
    CHECK(exported.content_type == "text/csv; charset=utf-8");
    CHECK(exported.file_name == "attendance-2027-01-15.csv");
    REQUIRE(exported.bytes.substr(0, 3) == "\xEF\xBB\xBF");
    const auto lines = parse(exported.bytes.substr(3), delimiter);
    REQUIRE(lines.size() == 2);
    std::string header;
    for (const auto& cell : lines[0]) header += (header.empty() ? "" : ",") + cell;
    CHECK(header == kHeader);
    CHECK(lines[1] == std::vector<std::string>{"2",
                                               "e1",
                                               "ISOC Mali, Bamako",
                                               "ML",
                                               "127",
                                               "local:2027-01-15",
                                               "",
                                               language[0] == 'f' ? "15 janvier 2027" : "15 January 2027",
                                               "Europe/Vienna",
                                               "p-0",
                                               "Awa",
                                               "a;b,c",
                                               "awa@example.org",
                                               "wants",
                                               "no",
                                               "sign-in",
                                               "declared",
                                               "2027-01-15T08:00:00Z",
                                               "2027-01-15T09:00:00Z",
                                               "2027-01-15T09:00:00+01:00",
                                               "2027-01-15T10:00:00+01:00",
                                               "3600",
                                               "4",
                                               "2",
                                               "yes",
                                               "yes",
                                               "2026-11",
                                               "woman",
                                               "",
                                               "awa@example.org",
                                               "yes",
                                               "",
                                               "no",
                                               "Bus"});
  }
}

TEST_CASE("cells come through as they are, and none is a formula") {
  struct Case {
    std::string name, cell;
  };
  const Case cases[] = {
      {"=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"},
      {"+223", "'+223"},
      {"-", "'-"},
      {"@awa", "'@awa"},
      {"\tx", "'\tx"},
      {"\rx", "'\rx"},
      {"O'Brien \"Bob\"", "O'Brien \"Bob\""},
      {"a\r\nb", "a\r\nb"},
      {"<script>alert(1)</script>", "<script>alert(1)</script>"},
      {"محمد\u200f علي", "محمد\u200f علي"},
      {"👩🏽‍💻", "👩🏽‍💻"},
      {"a=b", "a=b"},
      {"'=x", "'=x"},
      {"\"", "\""},
  };
  for (const char delimiter : {';', ','}) {
    Csv csv{delimiter};
    for (const auto& c : cases) csv.row({"before", c.name, "after"});
    const auto lines = parse(csv.text().substr(3), delimiter);
    REQUIRE(lines.size() == std::size(cases));
    for (std::size_t i = 0; i < lines.size(); ++i)
      CHECK(lines[i] == std::vector<std::string>{"before", cases[i].cell, "after"});
  }
}

TEST_CASE("JSON has the same rows with the same keys, and the name unharmed") {
  auto table = table_of({"=1+1", "Awa \"<b>\""});
  table.rows[1].stay.last_out.reset();
  table.rows[1].is_declared = false;
  table.rows[1].stay.mode = attendance::Proof::Mode::Audio;
  table.totals.named = 2;
  table.totals.anonymous = 3;
  const auto exported = write_attendance(table, {"json", "fr", "a/../b"});
  CHECK(exported.content_type == "application/json; charset=utf-8");
  CHECK(exported.file_name == "attendance-2027-01-15-a----b.json");
  const auto json = base::parse_json(exported.bytes);
  REQUIRE(json);
  CHECK(json->at("schema_version") == 2);
  CHECK(json->at("totals") ==
        base::Json{{"named", 2}, {"anonymous", 3}, {"head_count", nullptr}, {"sessions", 0}});
  const auto& rows = json->at("rows");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].size() == 34);
  CHECK(rows[0].at("name") == "=1+1");
  CHECK(rows[0].at("email") == "awa@example.org");
  CHECK(rows[0].at("q_transport") == "Bus");
  CHECK(rows[0].at("seconds_present") == 3600);
  CHECK(rows[0].at("counted") == "yes");
  CHECK(rows[1].at("last_out_utc").is_null());
  CHECK(rows[1].at("basis") == "measured");
  CHECK(rows[1].at("mode") == "audio");
}

TEST_CASE("another format is an error") {
  REQUIRE_THROWS_AS(write_attendance(table_of({}), {"xlsx", "fr", ""}), base::Error);
}
