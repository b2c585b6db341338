#include "hub/reports/attendance_report.h"

#include "hub/attendance/day.h"
#include "hub/attendance/form.h"
#include "hub/reports/csv.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace hub::reports {
namespace {

using attendance::Register;
using attendance::Row;
using attendance::Table;

/// ISO 8601 in UTC to the second.
std::string utc(base::Wall time) {
  return base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(time)).substr(0, 19) + "Z";
}

/// What the columns are made of. An empty text is null in JSON.
struct Context {
  const Table& table;
  lib::glib::TimeZone zone;
};

std::string yes_no(bool value) {
  return value ? "yes" : "no";
}

/// One column of the export: CSV takes the value as text, JSON as it is.
struct Column {
  const char* name;
  base::Json (*value)(const Context&, const Row&);
};

base::Json text(std::string value) {
  return value.empty() ? base::Json{} : base::Json(std::move(value));
}

const attendance::Register::SessionSummary* session_of(const Context& context, const Row& row) {
  for (const auto& session : context.table.sessions)
    if (session.session.id == row.session_id) return &session;
  return nullptr;
}

constexpr std::array<Column, 33> kColumns{{
    {"schema_version", [](const Context&, const Row&) -> base::Json { return kAttendanceSchema; }},
    {"export_id", [](const Context& c, const Row&) { return text(c.table.export_id); }},
    {"hub_name", [](const Context& c, const Row&) { return text(c.table.identity.name); }},
    {"country", [](const Context& c, const Row&) { return text(c.table.identity.country); }},
    {"meeting",
     [](const Context& c, const Row& r) {
       const auto* session = session_of(c, r);
       return text(session && !session->session.meeting.empty() ? session->session.meeting
                                                                : c.table.identity.meeting);
     }},
    {"session_id", [](const Context&, const Row& r) { return text(r.session_id); }},
    {"session_acronym",
     [](const Context& c, const Row& r) {
       const auto* session = session_of(c, r);
       return text(session ? session->session.acronym : "");
     }},
    {"session_title",
     [](const Context& c, const Row& r) {
       const auto* session = session_of(c, r);
       return text(session ? session->session.title
                           : attendance::session_title(r.session_id, c.table.language));
     }},
    {"timezone", [](const Context& c, const Row&) { return text(c.zone.name()); }},
    {"person_ref", [](const Context&, const Row& r) { return text(r.person_ref); }},
    {"name", [](const Context&, const Row& r) { return text(r.form.name); }},
    {"affiliation", [](const Context&, const Row& r) { return text(r.form.affiliation); }},
    {"email", [](const Context&,
                 const Row& r) { return text(attendance::is_email(r.form.contact) ? r.form.contact : ""); }},
    {"member",
     [](const Context&, const Row& r) { return text(std::string{attendance::to_string(r.form.member)}); }},
    {"first_time",
     [](const Context&, const Row& r) { return text(r.form.first_time ? yes_no(*r.form.first_time) : ""); }},
    {"mode",
     [](const Context&, const Row& r) {
       return text(r.is_declared ? "sign-in" : std::string{attendance::to_string(r.stay.mode)});
     }},
    {"basis", [](const Context&, const Row& r) { return text(r.is_declared ? "declared" : "measured"); }},
    {"first_in_utc", [](const Context&, const Row& r) { return text(utc(r.stay.first_in)); }},
    {"last_out_utc",
     [](const Context&, const Row& r) { return text(r.stay.last_out ? utc(*r.stay.last_out) : ""); }},
    {"first_in_local", [](const Context& c, const Row& r) { return text(c.zone.iso(r.stay.first_in)); }},
    {"last_out_local",
     [](const Context& c, const Row& r) {
       return text(r.stay.last_out ? c.zone.iso(*r.stay.last_out) : "");
     }},
    {"seconds_present", [](const Context&, const Row& r) -> base::Json { return r.stay.ms / 1000; }},
    {"percent_of_session", [](const Context&, const Row& r) -> base::Json { return r.percent_of_session; }},
    {"interval_count", [](const Context&, const Row& r) -> base::Json { return r.stay.intervals; }},
    {"bridged_outage", [](const Context&, const Row& r) { return text(yes_no(r.stay.bridged_outage)); }},
    {"counted", [](const Context&, const Row& r) { return text(yes_no(r.is_counted)); }},
    {"consent_version", [](const Context&, const Row& r) { return text(r.form.consent_version); }},
    {"gender",
     [](const Context&, const Row& r) { return text(std::string{attendance::to_string(r.form.gender)}); }},
    {"status",
     [](const Context&, const Row& r) { return text(std::string{attendance::to_string(r.form.status)}); }},
    {"contact", [](const Context&, const Row& r) { return text(r.form.contact); }},
    {"contact_ok",
     [](const Context&, const Row& r) {
       return text(r.form.name.empty() ? "" : yes_no(r.form.contact_ok));  // nobody to ask, or erased
     }},
    {"head_count",
     [](const Context& c, const Row& r) {
       const auto* session = session_of(c, r);
       return session && session->figures.head_count ? base::Json(*session->figures.head_count)
                                                     : base::Json{};
     }},
    {"clock_suspect", [](const Context&, const Row& r) { return text(yes_no(r.clock_suspect)); }},
}};

/// The names of all columns, and the values of one row in the same order.
std::vector<std::string> names_of(const Context& context) {
  std::vector<std::string> names;
  for (const auto& column : kColumns) names.emplace_back(column.name);
  for (const auto& question : context.table.questions) names.push_back("q_" + question.id);
  return names;
}

std::vector<base::Json> values_of(const Context& context, const Row& row) {
  std::vector<base::Json> values;
  for (const auto& column : kColumns) values.push_back(column.value(context, row));
  for (const auto& question : context.table.questions) {
    const auto answer = row.form.answers.find(question.id);
    values.push_back(text(answer == row.form.answers.end() ? "" : answer->second));
  }
  return values;
}

std::string csv_cell(const base::Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string to_csv(const Context& context) {
  Csv csv{context.table.language == "fr" ? ';' : ','};
  csv.row(names_of(context));
  for (const auto& row : context.table.rows) {
    std::vector<std::string> cells;
    for (const auto& value : values_of(context, row)) cells.push_back(csv_cell(value));
    csv.row(cells);
  }
  return csv.text();
}

std::string to_json(const Context& context) {
  // Ordered, so that the keys of a row come in the order of the columns.
  using Ordered = nlohmann::ordered_json;
  const Table& table = context.table;
  Ordered rows = Ordered::array();
  const auto names = names_of(context);
  for (const auto& row : table.rows) {
    Ordered line;
    const auto values = values_of(context, row);
    for (std::size_t i = 0; i < names.size(); ++i) line[names[i]] = Ordered(values[i]);
    rows.push_back(std::move(line));
  }
  Ordered sessions = Ordered::array();
  for (const auto& session : table.sessions)
    sessions.push_back(
        {{"id", session.session.id},
         {"title", session.session.title},
         {"start", utc(session.session.start)},
         {"end", utc(session.session.end)},
         {"named", session.figures.named},
         {"anonymous", session.figures.anonymous},
         {"head_count", session.figures.head_count ? Ordered(*session.figures.head_count) : Ordered{}},
         {"forgotten", session.session.forgotten},
         {"present", session.present}});
  const Ordered report{
      {"schema_version", kAttendanceSchema},
      {"export_id", table.export_id},
      {"hub_name", table.identity.name},
      {"totals",
       {{"named", table.totals.named},
        {"anonymous", table.totals.anonymous},
        {"head_count", table.totals.head_count ? Ordered(*table.totals.head_count) : Ordered{}},
        {"sessions", table.sessions.size()}}},
      {"sessions", std::move(sessions)},
      {"rows", std::move(rows)}};
  return report.dump(1) + "\n";
}

std::string file_name(const Context& context, const Register::ExportRequest& request) {
  std::string name = "attendance-" + context.zone.iso(context.table.at).substr(0, 10);
  // A session id is the host's own word: only what is safe in every file system goes into the name.
  if (!request.session.empty()) {
    name += '-';
    for (const char c : request.session) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  }
  return name + "." + request.format;
}

}  // namespace

Register::Exported write_attendance(const Table& table, const Register::ExportRequest& request) {
  const Context context{table, lib::glib::TimeZone{table.identity.time_zone}};
  if (request.format == "csv")
    return {"text/csv; charset=utf-8", file_name(context, request), to_csv(context)};
  if (request.format == "json")
    return {"application/json; charset=utf-8", file_name(context, request), to_json(context)};
  throw base::Error{base::Errc::Invalid, "the format \"" + request.format + "\" is not known: csv or json"};
}

}  // namespace hub::reports
