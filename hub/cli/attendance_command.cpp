#include "hub/cli/attendance_command.h"

#include "hub/attendance/ledger.h"
#include "hub/attendance/summary.h"
#include "hub/lib/glib/unicode.h"
#include "hub/reports/attendance_report.h"
#include "hub/store/data_folder.h"
#include "hub/store/sqlite_store.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

#include <boost/program_options.hpp>
#include <fmt/format.h>

namespace hub::cli {
namespace {

namespace po = boost::program_options;
using attendance::Ledger;
using attendance::Row;
using attendance::Table;
using base::Errc;

constexpr auto kUsage =
    "Usage: viewing-hub attendance list    [--session ID] [--lang fr|en] [--wants-to-join]\n"
    "       viewing-hub attendance summary [--session ID] [--lang fr|en] [--format text|json]\n"
    "       viewing-hub attendance export  [--format csv|json] [--session ID] [--lang fr|en] [--output "
    "FILE]\n\n"
    "Shows or exports who was there. Works beside a running hub. Every export is noted in the log.\n";

po::options_description options() {
  po::options_description all{"Options"};
  all.add_options()("format", po::value<std::string>()->default_value(""),
                    "export: csv (default) or json; summary: text (default) or json")(
      "wants-to-join", "list only who asked to become a member, with the contact")(
      "lang", po::value<std::string>()->default_value(""), "fr or en; the hub's first language if not given")(
      "session", po::value<std::string>()->default_value(""), "only this session, such as local:2027-01-15")(
      "output", po::value<std::string>()->default_value(""),
      "write to this file (mode 0600), not to standard output")("data-dir", po::value<std::string>(),
                                                                "folder of the hub's data")(
      "config", po::value<std::string>(), "settings of the hub")("help", "this text");
  return all;
}

std::optional<std::filesystem::path> path_of(const po::variables_map& values, const char* name) {
  if (values.count(name) == 0) return std::nullopt;
  return std::filesystem::path{values[name].as<std::string>()};
}

bool one_of(const std::string& value, std::initializer_list<const char*> allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const char* word) { return value == word; });
}

/// Cells in columns as wide as their widest, two spaces between them.
void print_aligned(std::ostream& out, const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], lib::glib::columns(line[i]));
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      if (i + 1 < line.size()) text.append(widths[i] - lib::glib::columns(line[i]) + 2, ' ');
    }
    out << text << '\n';
  }
}

void print_list(std::ostream& out, const Table& table) {
  const bool french = table.language == "fr";
  const lib::glib::TimeZone zone{table.identity.time_zone};
  const auto clock = [&](base::Wall time) { return zone.iso(time).substr(11, 5); };
  if (table.sessions.empty()) {
    out << (french ? "Personne ne s'est inscrit.\n" : "Nobody signed in.\n");
    return;
  }
  for (const auto& session : table.sessions) {
    out << fmt::format(fmt::runtime(french ? "{} ({}) : {} avec nom, {} sans nom, {} présents\n"
                                           : "{} ({}): {} named, {} anonymous, {} present\n"),
                       session.session.title, session.session.id, session.figures.named,
                       session.figures.anonymous, session.present);
    std::vector<std::vector<std::string>> lines{
        french ? std::vector<std::string>{"  arrivée", "départ", "minutes", "base", "référence", "nom",
                                          "organisation"}
               : std::vector<std::string>{"  in", "out", "minutes", "basis", "reference", "name",
                                          "affiliation"}};
    for (const Row& row : table.rows) {
      if (row.session_id != session.session.id) continue;
      lines.push_back(
          {"  " + clock(row.stay.first_in), row.stay.last_out ? clock(*row.stay.last_out) : "…",
           std::to_string(row.stay.ms / 60'000),
           row.is_declared ? (french ? "déclarée" : "declared") : (french ? "mesurée" : "measured"),
           row.person_ref, row.form.name.empty() ? "–" : row.form.name, row.form.affiliation});
    }
    print_aligned(out, lines);
    out << '\n';
  }
  out << fmt::format(fmt::runtime(french ? "En tout : {} personnes avec nom, {} appareils sans nom\n"
                                         : "In all: {} named people, {} anonymous devices\n"),
                     table.totals.named, table.totals.anonymous);
}

void print_wanting(std::ostream& out, const Table& table) {
  const bool french = table.language == "fr";
  std::vector<std::vector<std::string>> lines;
  std::set<std::string> shown;
  for (const Row& row : table.rows)
    if (row.is_counted && row.form.member == attendance::SignIn::Member::Wants && !row.form.name.empty() &&
        shown.insert(row.person_ref).second)
      lines.push_back(
          {row.form.name, row.form.contact.empty() ? "–" : row.form.contact, row.form.affiliation});
  if (lines.empty()) {
    out << (french ? "Personne n'a demandé à devenir membre.\n" : "Nobody asked to become a member.\n");
    return;
  }
  lines.insert(lines.begin(), french ? std::vector<std::string>{"nom", "contact", "organisation"}
                                     : std::vector<std::string>{"name", "contact", "affiliation"});
  print_aligned(out, lines);
}

/// One line for each figure, one column for each session and one for all.
void print_summary(std::ostream& out, const attendance::Register::Summary& summary) {
  const bool french = summary.language == "fr";
  const auto say = [&](const char* in_french, const char* in_english) {
    return std::string{french ? in_french : in_english};
  };
  std::vector<const attendance::Register::Figures*> columns;
  std::vector<std::string> head{""};
  std::vector<std::string> forgotten{say("close par l'hôte", "closed by the host")};
  for (const auto& each : summary.sessions) {
    columns.push_back(&each.figures);
    head.push_back(each.session.acronym.empty() ? each.session.title : each.session.acronym);
    forgotten.push_back(each.session.forgotten ? say("oubliée", "forgotten") : "");
  }
  columns.push_back(&summary.totals);
  head.push_back(say("en tout", "in all"));
  std::vector<std::vector<std::string>> lines{head};
  const auto line = [&](const std::string& label, const auto& figure) {
    std::vector<std::string> cells{label};
    for (const auto* column : columns) cells.push_back(figure(*column));
    lines.push_back(std::move(cells));
  };
  using Figures = attendance::Register::Figures;
  line(say("avec nom", "named"), [](const Figures& f) { return std::to_string(f.named); });
  line(say("sans nom", "anonymous"), [](const Figures& f) { return std::to_string(f.anonymous); });
  line(say("comptés dans la salle", "counted in the room"),
       [](const Figures& f) { return f.head_count ? std::to_string(*f.head_count) : std::string{"–"}; });
  const auto group = [&](const std::string& label, auto member) {
    for (const auto& [word, total] : member(summary.totals))
      line(label + " : " + word, [&, key = word](const Figures& f) {
        const auto& words = member(f);
        const auto found = words.find(key);
        return std::to_string(found == words.end() ? 0 : found->second);
      });
  };
  const auto asked = [](const std::map<std::string, std::int64_t>& words) {
    return std::any_of(words.begin(), words.end(), [](const auto& word) { return word.second > 0; });
  };
  group(
      say("membre", "member"), [](const Figures& f) -> const auto& { return f.groups.members; });
  group(
      say("première fois", "first time"),
      [](const Figures& f) -> const auto& { return f.groups.first_time; });
  if (asked(summary.totals.groups.gender))
    group(
        say("genre", "gender"), [](const Figures& f) -> const auto& { return f.groups.gender; });
  if (asked(summary.totals.groups.status))
    group(
        say("statut", "status"), [](const Figures& f) -> const auto& { return f.groups.status; });
  static const std::map<std::string, std::int64_t> kNone;
  for (const auto& [id, text] : summary.questions)
    group(
        text, [key = id](const Figures& f) -> const auto& {
          const auto found = f.groups.answers.find(key);
          return found == f.groups.answers.end() ? kNone : found->second;
        });
  if (std::any_of(summary.sessions.begin(), summary.sessions.end(),
                  [](const auto& each) { return each.session.forgotten; }))
    lines.push_back(forgotten);
  print_aligned(out, lines);
}

void run(const AttendanceArguments& arguments, const Context& context, const base::Clock& clock,
         std::ostream& out) {
  const store::DataFolder folder{context.data_dir, store::DataFolder::Use::Look};
  store::SqliteStore store{folder.database(), {.must_exist = true}};
  Ledger ledger{store, context.identity, context.attendance, reports::write_attendance};
  ledger.load();
  attendance::Stamper stamper{clock, base::boot_id()};
  const attendance::Stamp now = stamper.now();
  const std::string language = !arguments.language.empty()           ? arguments.language
                               : !context.identity.languages.empty() ? context.identity.languages.front()
                                                                     : "en";
  if (arguments.action == AttendanceArguments::Action::Summary) {
    const auto summary = ledger.summary(arguments.session, language, now);
    if (arguments.format == "json")
      out << attendance::to_json(summary).dump(1) << '\n';
    else
      print_summary(out, summary);
    return;
  }
  if (arguments.action == AttendanceArguments::Action::List) {
    if (!arguments.session.empty() && !ledger.state().sessions().contains(arguments.session))
      throw base::Error{Errc::NotFound, "there is no session \"" + arguments.session + "\""};
    const Table table = ledger.table(arguments.session, language, now);
    if (arguments.wants_to_join)
      print_wanting(out, table);
    else
      print_list(out, table);
    return;
  }
  attendance::Register::Exported exported;
  ledger.run_one([&](Ledger& within) {
    exported = within.export_({arguments.format, language, arguments.session}, now);
  });
  if (arguments.output.empty())
    out << exported.bytes;
  else
    store::write_atomically(arguments.output, exported.bytes);
  if (!out.flush()) throw base::Error{Errc::Io, "the output could not be written"};
}

}  // namespace

base::Result<AttendanceArguments> parse_attendance(const std::vector<std::string>& arguments) {
  po::options_description all = options();
  all.add_options()("action", po::value<std::vector<std::string>>());
  po::positional_options_description words;
  words.add("action", -1);
  po::variables_map values;
  try {
    // No guessing: an abbreviation that works today could mean something else tomorrow.
    using namespace po::command_line_style;
    po::store(po::command_line_parser{arguments}
                  .options(all)
                  .positional(words)
                  .style(allow_long | long_allow_adjacent | long_allow_next)
                  .run(),
              values);
  } catch (const po::error& error) {
    return base::Failure{Errc::Invalid, error.what()};
  }
  AttendanceArguments parsed;
  if (values.count("help") > 0) return parsed;
  const auto actions = values.count("action") > 0 ? values["action"].as<std::vector<std::string>>()
                                                  : std::vector<std::string>{};
  if (actions.size() != 1 || !one_of(actions[0], {"list", "summary", "export"}))
    return base::Failure{Errc::Invalid, "say what to do: list, summary or export"};
  const bool summary = actions[0] == "summary";
  parsed.action = summary                ? AttendanceArguments::Action::Summary
                  : actions[0] == "list" ? AttendanceArguments::Action::List
                                         : AttendanceArguments::Action::Export;
  parsed.format = values["format"].as<std::string>();
  if (parsed.format.empty()) parsed.format = summary ? "text" : "csv";
  parsed.wants_to_join = values.count("wants-to-join") > 0;
  parsed.language = values["lang"].as<std::string>();
  parsed.session = values["session"].as<std::string>();
  parsed.output = values["output"].as<std::string>();
  parsed.config = path_of(values, "config");
  parsed.data_dir = path_of(values, "data-dir");
  if (summary && !one_of(parsed.format, {"text", "json"}))
    return base::Failure{Errc::Invalid, "--format \"" + parsed.format + "\": text or json"};
  if (!summary && !one_of(parsed.format, {"csv", "json"}))
    return base::Failure{Errc::Invalid, "--format \"" + parsed.format + "\": csv or json"};
  if (!one_of(parsed.language, {"", "fr", "en"}))
    return base::Failure{Errc::Invalid, "--lang \"" + parsed.language + "\": fr or en"};
  return parsed;
}

int run_attendance(const std::vector<std::string>& arguments, const LoadContext& load,
                   const base::Clock& clock, std::ostream& out, std::ostream& err) {
  const auto parsed = parse_attendance(arguments);
  if (!parsed) {
    err << "viewing-hub attendance: " << parsed.error().text << "\n\n" << kUsage;
    return 2;
  }
  if (parsed->action == AttendanceArguments::Action::Help) {
    std::ostringstream text;
    text << kUsage << '\n' << options();
    out << text.str();
    return 0;
  }
  try {
    run(*parsed, load(parsed->config, parsed->data_dir), clock, out);
    return 0;
  } catch (const base::Error& error) {
    err << "viewing-hub attendance: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace hub::cli
