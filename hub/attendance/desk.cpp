// The desk: who was added, marked as gone and taken back by the host.
#include "hub/attendance/form.h"
#include "hub/attendance/ledger.h"
#include "hub/attendance/random.h"
#include "hub/lib/glib/unicode.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace hub::attendance {
namespace {

using base::Errc;
using base::Error;

/// What one look at the desk shows at most of each list.
constexpr std::size_t kMaxFound = 500;
constexpr std::size_t kMaxChanges = 50;
/// A time may be ahead of the hub's by the rounding of a wrist-watch.
constexpr std::chrono::minutes kAhead{1};

base::Wall wall(std::int64_t ms) {
  return base::Wall{base::Millis{ms}};
}

std::string say(std::string_view language, std::string_view french, std::string_view english) {
  return std::string{language == "fr" ? french : english};
}

/// The time @p text that stands on a sheet, as Unix time. Errc::Invalid with a sentence if it is none of the
/// session.
base::Result<std::int64_t> claim(const std::string& text, const Session& session,
                                 const lib::glib::TimeZone& zone, base::Wall now, std::string_view language) {
  auto time = lib::glib::parse_time(text, zone, zone.date(session.start));
  if (!time)
    return base::Failure{
        Errc::Invalid,
        fmt::format(fmt::runtime(say(language, "« {} » n'est pas une heure : écrivez par exemple 09:42.",
                                     "\"{}\" is no time: write for example 09:42.")),
                    text)};
  const bool clock_only = text.size() <= 8;
  if (clock_only && *time < session.sign_in_from)
    if (const auto next = lib::glib::parse_time(text, zone, next_day(zone.date(session.start)));
        next && *next <= session.end)
      time = next;
  if (*time < session.sign_in_from || *time > std::min(session.end, now + kAhead))
    return base::Failure{
        Errc::Invalid,
        fmt::format(fmt::runtime(say(language, "{} n'est pas dans la session ({} à {}), ou pas encore passé.",
                                     "{} is not within the session ({} to {}), or has not come yet.")),
                    text, zone.iso(session.start).substr(11, 5), zone.iso(session.end).substr(11, 5))};
  return time->time_since_epoch().count();
}

}  // namespace

Register::DeskAdded Ledger::desk_add(const Register::DeskAdd& wanted, const Stamp& now) {
  const std::string language = language_of(wanted.language);
  const auto refuse = [](std::size_t line, std::string why) {
    Register::DeskAdded refused;
    refused.refused = Register::BadLine{line, std::move(why)};
    return refused;
  };
  const Roster known = roster();
  const auto found = known.find(wanted.session, wall(now.utc_ms), language);
  if (!found) return refuse(0, found.error().text);
  const Session& session = *found;
  const bool over = session.state == Session::State::Closed;
  if (wanted.lines.size() > kMaxDeskLines)
    return refuse(0, say(language, "Trop de lignes : saisissez la feuille en plusieurs parties.",
                         "Too many lines: enter the sheet in several parts."));
  if (over && !wanted.paper)
    return refuse(0, say(language, "La session est terminée : saisissez une feuille de papier.",
                         "The session is over: enter a paper sheet."));
  if (!over && !takes_sign_ins(session, wall(now.utc_ms)))
    return refuse(0, say(language, "La session n'a pas encore ouvert ses inscriptions.",
                         "The session takes no sign-ins yet."));

  struct Ready {
    std::string ref;
    SignIn form;
    Act act;
  };
  std::vector<Ready> ready;
  const std::string change = "c-" + random_hex(8);
  for (const auto& line : wanted.lines) {
    const std::size_t number = ready.size() + 1;
    Ready person{line.ref, line.form, {wanted.paper ? Via::Paper : Via::Desk, {}, change, false}};
    if (!line.ref.empty()) {
      const State::Person* who = state_.person(line.ref);
      const State::Entry* entry = who && !who->erased ? state_.latest(*who) : nullptr;
      if (!entry)
        return refuse(number,
                      fmt::format(fmt::runtime(say(language, "Ligne {} : cette personne n'est pas connue.",
                                                   "Line {}: this person is not known.")),
                                  number));
      person.form = entry->form;
    } else {
      person.ref = "p-" + random_hex(8);
    }
    if (!line.at.empty()) {
      const auto at = claim(line.at, session, known.zone(), wall(now.utc_ms), language);
      if (!at)
        return refuse(number, fmt::format(fmt::runtime(say(language, "Ligne {} : {}", "Line {}: {}")), number,
                                          at.error().text));
      person.act.claim_ms = *at;
    } else if (wanted.paper && !is_day(session.id)) {
      person.act.claim_ms = session.start.time_since_epoch().count();
    } else if (over) {
      return refuse(
          number, fmt::format(fmt::runtime(say(language, "Ligne {} : écrivez l'heure qui est sur la feuille.",
                                               "Line {}: write the time that stands on the sheet.")),
                              number));
    }
    ready.push_back(std::move(person));
  }
  static_cast<void>(touch(session.id, language, now));
  Register::DeskAdded added;
  added.change = change;
  for (const auto& person : ready)
    added.persons.push_back(record(person.ref, person.form, "", session.id, person.act, now));
  return added;
}

std::string Ledger::desk_left(const Register::DeskLeft& left, const Stamp& now) {
  const std::string language = language_of(left.language);
  const Roster known = roster();
  const Session session = known.find(left.session, wall(now.utc_ms), language).or_throw();
  const auto rows = present_rows(left.ref, now);
  const auto here =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.session_id == session.id; });
  if (here == rows.end())
    throw Error{Errc::Conflict, say(language, "Cette personne n'est pas présente dans cette session.",
                                    "This person is not present in this session.")};
  Act act{Via::Desk, {}, "c-" + random_hex(8), suspects(now)};
  if (!left.at.empty())
    act.claim_ms = claim(left.at, session, known.zone(), wall(now.utc_ms), language).or_throw();
  Event event = make_event(Kind::SignOut, now);
  event.session = session.id;
  event.person = left.ref;
  put_act(event.payload, act);
  append(event);
  return act.change;
}

void Ledger::desk_undo(const std::string& change, const std::string& asked, const Stamp& now) {
  const std::string language = language_of(asked);
  if (!state_.desk_changes().contains(change))
    throw Error{Errc::NotFound, say(language, "Ce changement n'existe pas.", "There is no such change.")};
  if (state_.undone(change))
    throw Error{Errc::Conflict,
                say(language, "Ce changement a déjà été annulé.", "This change was taken back already.")};
  Event event = make_event(Kind::Undo, now);
  event.payload["change"] = change;
  append(event);
}

Register::Desk Ledger::desk(const Register::DeskQuery& query, const Stamp& now) const {
  const std::string language = language_of(query.language);
  Register::Desk desk;
  desk.session = roster().find(query.session, wall(now.utc_ms), language).or_throw();
  const std::string text = lib::glib::fold(query.text);
  const auto holds = [&](const SignIn& form) {
    return text.empty() || lib::glib::fold(form.name).find(text) != std::string::npos ||
           lib::glib::fold(form.affiliation).find(text) != std::string::npos;
  };
  const Table all = table(desk.session.id, language, now);
  if (!all.sessions.empty()) {
    desk.head_count = all.sessions.front().figures.head_count;
    desk.named = all.sessions.front().figures.named;
    desk.anonymous = all.sessions.front().figures.anonymous;
    desk.present = all.sessions.front().present;
  }
  std::set<std::string> shown;
  for (const Row& row : all.rows) {
    if (!row.is_counted || !holds(row.form)) continue;
    shown.insert(row.person_ref);
    Register::DeskPerson person{row.person_ref,    row.form.name,      row.form.affiliation,
                                !row.is_named,     !row.stay.last_out, {},
                                row.stay.first_in, row.stay.last_out};
    std::int64_t newest = 0;
    for (const auto& entry : state_.person(row.person_ref)->entries) {
      if (entry.session != desk.session.id || state_.is_void(entry.act) || entry.at.utc_ms < newest) continue;
      newest = entry.at.utc_ms;
      person.via = entry.act.via;
    }
    desk.persons.push_back(std::move(person));
  }
  std::stable_sort(desk.persons.begin(), desk.persons.end(),
                   [](const auto& a, const auto& b) { return a.in > b.in; });
  if (!text.empty())
    for (const auto& [ref, person] : state_.persons()) {
      const State::Entry* entry = person.erased ? nullptr : state_.latest(person);
      if (!entry || entry->form.anonymous || shown.contains(ref) || !holds(entry->form)) continue;
      if (desk.persons.size() >= kMaxFound) break;
      desk.persons.push_back({ref, entry->form.name, entry->form.affiliation, false, false, {}, {}, {}});
    }
  for (const auto& [id, change] : state_.desk_changes()) {
    if (change.session != desk.session.id || state_.undone(id)) continue;
    Register::DeskChange line{
        id,
        change.what == Mark::What::In ? Register::DeskChange::What::Add : Register::DeskChange::What::Left,
        {},
        wall(change.at.utc_ms)};
    const State::Person* first = state_.person(*change.persons.begin());
    if (const State::Entry* entry = first ? state_.latest(*first) : nullptr) line.name = entry->form.name;
    if (change.persons.size() > 1) line.name += fmt::format(" +{}", change.persons.size() - 1);
    desk.changes.push_back(std::move(line));
  }
  std::sort(desk.changes.begin(), desk.changes.end(),
            [](const auto& a, const auto& b) { return std::tie(b.at, b.change) < std::tie(a.at, a.change); });
  if (desk.changes.size() > kMaxChanges) desk.changes.resize(kMaxChanges);
  return desk;
}

}  // namespace hub::attendance
