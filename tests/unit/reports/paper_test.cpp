// What the printed pages are made of. tests/integration/paper reads the pages themselves.
#include "hub/reports/paper.h"

#include "hub/base/error.h"
#include "hub/reports/poster.h"
#include "hub/reports/qr_svg.h"
#include "hub/reports/sheet.h"
#include "tests/support/catch.h"

#include <chrono>
#include <numeric>

using namespace hub;
using namespace hub::reports;
using lib::cairo::Pdf;
using lib::cairo::Style;
using namespace std::chrono_literals;

namespace {

const base::Wall kNow{std::chrono::sys_days{std::chrono::year{2027} / 1 / 15} + 8h};

Pdf page() {
  return Pdf{kA4Width, kA4Height, "test", "fr", kNow};
}

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

attendance::Session session(std::string id, std::string title) {
  attendance::Session made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.start = kNow + 90min;
  made.end = kNow + 3h;
  return made;
}

}  // namespace

TEST_CASE("a text becomes smaller until it fits, and no smaller than it must") {
  const auto pdf = page();
  const std::string text =
      "Société malienne de l’Internet, section de Bamako, hub du quartier de l’Hippodrome";
  const Style large{.size = 30, .bold = true};
  const auto style = fitted(pdf, text, large, 300, 60, 6);
  CHECK(style.size < 30);
  CHECK(style.size > 6);
  CHECK(pdf.measure(text, style, 300).height <= 60);
  auto larger = style;
  larger.size /= 0.95;
  CHECK(pdf.measure(text, larger, 300).height > 60);
  CHECK(fitted(pdf, "Bamako", large, 300, 60, 6).size == 30);
}

TEST_CASE("a long word becomes smaller before it breaks, and breaks before it is cut") {
  const auto pdf = page();
  const std::string word(30, 'W');
  const auto style = fitted(pdf, word, {.size = 30}, 300, 1000, 6);
  CHECK(pdf.measure(word, style, 300).lines == 1);
  const std::string endless(300, 'W');
  const auto smallest = fitted(pdf, endless, {.size = 30}, 300, 1000, 6);
  CHECK(smallest.size == 6);
  const auto extent = pdf.measure(endless, smallest, 300);
  CHECK(extent.lines > 1);
  CHECK(extent.width <= 300);
}

TEST_CASE("malformed text does not stop a page") {
  auto pdf = page();
  CHECK(pdf.text(10, 10, 100, "caf\xE9 \xF0\x9F", {}) > 0);
  CHECK(pdf.finish().rfind("%PDF-", 0) == 0);
}

TEST_CASE("the sheet has the fields of the form, over its whole width") {
  struct Row {
    std::vector<std::string> ask;
    std::vector<std::string> ids;
  };
  const Row rows[] = {
      {{}, {"number", "name", "affiliation", "member", "first_time", "contact", "in", "consent"}},
      {{"gender"},
       {"number", "name", "affiliation", "member", "first_time", "gender", "contact", "in", "consent"}},
      {{"status", "gender"},
       {"number", "name", "affiliation", "member", "first_time", "gender", "status", "contact", "in",
        "consent"}},
  };
  for (const auto& row : rows) {
    const double width = row.ask.empty() ? 190 * lib::cairo::kMillimetre : 277 * lib::cairo::kMillimetre;
    const auto columns = sheet_columns(row.ask, width);
    std::vector<std::string> ids;
    double sum = 0;
    for (const auto& column : columns) {
      ids.push_back(column.id);
      sum += column.width;
      CHECK_FALSE(column.title.fr.empty());
      CHECK_FALSE(column.title.en.empty());
      CHECK(column.width > 6 * lib::cairo::kMillimetre);
      if (column.id == "name") CHECK(column.width >= 34 * lib::cairo::kMillimetre);
      if (column.id == "contact") CHECK(column.width >= 28 * lib::cairo::kMillimetre);
    }
    CHECK(ids == row.ids);
    CHECK(sum == Approx(width));
  }
}

TEST_CASE("the date on the sheet is the hub's") {
  CHECK(sheet_date(session("local:2027-01-15", ""), "Africa/Bamako", "fr") == "15 janvier 2027");
  CHECK(sheet_date(session("127-dnsop", ""), "Africa/Bamako", "fr") == "15 janvier 2027, 09:30–11:00");
  // 09:30 UTC is the next day's small hours on the other side of the Earth.
  auto late = session("x", "");
  late.start = kNow + 4h;
  late.end = kNow + 6h;
  CHECK(sheet_date(late, "Pacific/Auckland", "en") == "16 January 2027, 01:00–03:00");
}

TEST_CASE("rows and pages out of range are refused, and what is too much for the page as well") {
  const base::Identity hub;
  const attendance::Settings settings;
  const auto make = [&](int rows, int pages) {
    return sheet_pdf({hub, settings, session("a", "A"), "", "fr", "http://10.0.0.1:8080", rows, pages, kNow});
  };
  for (const auto& [rows, pages] : {std::pair{4, 1}, {31, 1}, {-1, 1}, {20, 0}, {20, 51}})
    CHECK_THROWS_AS(make(rows, pages), base::Error);
  for (const auto& [rows, pages] : {std::pair{5, 1}, {30, 1}, {0, 1}, {25, 50}})
    CHECK_NOTHROW(make(rows, pages));
}

TEST_CASE("the longest texts that the config allows still leave lines to write on") {
  base::Identity hub;
  hub.name = repeat("Ψ𓂀w ", 40);
  attendance::Settings settings;
  settings.controller = repeat("Contrôleur ", 18);
  settings.contact = std::string(200, 'M');
  settings.ask = {"gender", "status"};
  const Sheet sheet{
      hub, settings, session("x", repeat("Long title ", 20)), "", "fr", "http://10.0.0.1:8080", 0, 1, kNow};
  CHECK_NOTHROW(sheet_pdf(sheet));
  Poster poster{hub.name, "fr", "http://[2001:db8:1111:2222:3333:4444:5555:6666]:18080", {}, kNow};
  CHECK_NOTHROW(poster_pdf(poster));
  poster.wifi = {std::string(32, 'W'), std::string(63, 'W'), WifiSettings::Security::Wpa, true};
  CHECK_NOTHROW(poster_pdf(poster));
}

TEST_CASE("the main language is the hub's first that pages are written in") {
  base::Identity hub;
  const auto of = [&](std::vector<std::string> languages) {
    hub.languages = std::move(languages);
    return paper_language(hub);
  };
  CHECK(of({"en", "fr"}) == "en");
  CHECK(of({"bm", "fr"}) == "fr");
  CHECK(of({"bm"}) == "fr");
}

TEST_CASE("the QR image stands by itself: black on white, quiet zone, its text as title") {
  const auto svg = qr_svg("http://a/?x=1&y=<2>");
  CHECK(svg.find("viewBox=\"0 0 33 33\"") != std::string::npos);  // 25 modules and twice four
  CHECK(svg.find("<title>http://a/?x=1&amp;y=&lt;2&gt;</title>") != std::string::npos);
  CHECK(svg.find("currentColor") == std::string::npos);
  CHECK(svg.find("d=\"M4 4h7v1h-7z") != std::string::npos);  // the first finder pattern, after the quiet zone
  CHECK_THROWS_AS(qr_svg(""), base::Error);
}
