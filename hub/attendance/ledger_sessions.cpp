// Sessions: what the config, the host and time say about them.
#include "hub/attendance/ledger.h"
#include "hub/attendance/text.h"
#include "hub/base/log.h"
#include "hub/base/text.h"

#include <utility>

#include <fmt/format.h>

namespace hub::attendance {
namespace {

using base::Errc;
using base::Error;

constexpr std::size_t kMaxTitle = 120;
constexpr std::size_t kMaxWord = 40;

base::Wall wall(const Stamp& stamp) {
  return base::Wall{base::Millis{stamp.utc_ms}};
}

std::int64_t ms(base::Wall time) {
  return time.time_since_epoch().count();
}

template <class... Values>
Error wrong(Errc code, std::string_view language, std::string_view french, std::string_view english,
            const Values&... values) {
  return Error{code, fmt::format(fmt::runtime(language == "fr" ? french : english), values...)};
}

base::Json payload_of(const Session& session, const std::string& title, std::string_view who) {
  return {{"start_ms", ms(session.start)},
          {"end_ms", ms(session.end)},
          {"title", title},
          {"acronym", session.acronym},
          {"meeting", session.meeting},
          {"channel", session.channel},
          {"who", who}};
}

base::Wall time_of(const std::string& text, const lib::glib::TimeZone& zone, base::Wall day,
                   std::string_view language) {
  const auto time = lib::glib::parse_time(text, zone, zone.date(day));
  if (!time)
    throw wrong(Errc::Invalid, language,
                "« {} » n'est pas une heure : écrivez 09:30, 2027-03-15 09:30 ou 2027-03-15T09:30:00Z.",
                "\"{}\" is no time: write 09:30, 2027-03-15 09:30 or 2027-03-15T09:30:00Z.", text);
  return *time;
}

void demand_order(const Session& session, std::string_view language) {
  if (session.end <= session.start)
    throw wrong(Errc::Invalid, language,
                "La session finirait avant de commencer : corrigez le début ou la fin.",
                "The session would end before it starts: correct the start or the end.");
}

void demand_length(const std::string& text, std::size_t limit, std::string_view name,
                   std::string_view language) {
  if (base::code_points(text) > limit)
    throw wrong(Errc::Invalid, language, "{} : au plus {} caractères.", "{}: at most {} characters.", name,
                limit);
}

}  // namespace

Roster Ledger::roster() const {
  return {lib::glib::TimeZone{identity_.time_zone}, settings_, state_};
}

void Ledger::demand_open(const Session& session, const std::string& language, const Stamp& now) {
  if (takes_sign_ins(session, wall(now))) return;
  if (session.state == Session::State::Closed)
    throw wrong(Errc::Conflict, language, "La session « {} » est terminée.", "The session \"{}\" is over.",
                session.title);
  throw wrong(Errc::Conflict, language, "La session « {} » n'a pas encore ouvert ses inscriptions.",
              "The session \"{}\" takes no sign-ins yet.", session.title);
}

Session Ledger::touch(const std::string& id, const std::string& language, const Stamp& now) {
  Session session = roster().find(id, wall(now), language).or_throw();
  const auto known = state_.sessions().find(session.id);
  if (known != state_.sessions().end() && !known->second.id.empty()) return session;
  Event opened = make_event(Kind::Session, now);
  opened.session = session.id;
  // The title of a day follows the language of who reads it.
  opened.payload = payload_of(session, is_day(session.id) ? "" : session.title, "config");
  append(opened);
  return session;
}

void Ledger::follow_config(const Stamp& now) {
  for (const auto& plan : settings_.sessions) {
    const auto known = state_.sessions().find(plan.id);
    if (known == state_.sessions().end() || known->second.id.empty()) continue;
    const State::Shape before = state_.configured(known->second);
    const State::Shape shape = state_.shape(known->second);
    const bool same = before.title == plan.title && before.acronym == plan.acronym &&
                      before.meeting == plan.meeting && before.channel == plan.channel &&
                      before.planned.start_ms == ms(plan.start) && before.planned.end_ms == ms(plan.end);
    if (same) continue;
    if (shape.closed || shape.end_ms <= now.utc_ms) {
      base::logger("attendance")
          ->warn(
              "the config changes the session {}, which is over: it stays as it was; the host can correct "
              "its end",
              plan.id);
      continue;
    }
    Event change = make_event(Kind::Change, now);
    change.session = plan.id;
    Session session;
    session.acronym = plan.acronym;
    session.meeting = plan.meeting;
    session.channel = plan.channel;
    session.start = plan.start;
    session.end = plan.end;
    change.payload = payload_of(session, plan.title, "config");
    append(change);
  }
}

Session Ledger::open_session(const Register::NewSession& wanted, const Stamp& now) {
  const std::string language = language_of(wanted.language);
  const Roster known = roster();
  const auto& zone = known.zone();
  Session session;
  session.acronym = clean(wanted.acronym);
  session.title = clean(wanted.title);
  if (!is_visible(session.title)) session.title = session.acronym;
  session.meeting = clean(wanted.meeting);
  session.channel = wanted.channel;
  if (!is_visible(session.title))
    throw wrong(Errc::Invalid, language, "Titre (title) : donnez un titre à la session.",
                "Title (title): give the session a title.");
  demand_length(session.title, kMaxTitle, "title", language);
  demand_length(session.acronym, kMaxWord, "acronym", language);
  demand_length(session.meeting, kMaxWord, "meeting", language);
  session.start = wanted.start.empty() ? wall(now) : time_of(wanted.start, zone, wall(now), language);
  session.end = wanted.end.empty() ? day_at(zone, session.start).end
                                   : time_of(wanted.end, zone, session.start, language);
  demand_order(session, language);
  if (session.end <= wall(now))
    throw wrong(Errc::Invalid, language, "Cette fin est déjà passée.", "This end has passed already.");
  session.id = wanted.id;
  if (session.id.empty()) {
    const std::string base = make_session_id(session.meeting, session.acronym, zone.date(session.start));
    session.id = base;
    for (int number = 2; known.contains(session.id); ++number)
      session.id = fmt::format("{}-{}", base, number);
  }
  if (!is_session_id(session.id) || is_day(session.id))
    throw wrong(
        Errc::Invalid, language,
        "Identifiant (id) : 1 à 80 caractères parmi A-Z, a-z, 0-9 et : . _ -, sans « local: » au début.",
        "Identifier (id): 1 to 80 of A-Z, a-z, 0-9 and : . _ -, not beginning with \"local:\".");
  if (known.contains(session.id))
    throw wrong(Errc::Conflict, language, "Il y a déjà une session « {} ».",
                "There is a session \"{}\" already.", session.id);
  if (const Session* other = known.overlap(session.channel, session.start, session.end, wall(now)))
    throw wrong(Errc::Conflict, language, "La chaîne « {} » a déjà une session à cette heure : « {} ».",
                "The channel \"{}\" has a session at that time already: \"{}\".", session.channel,
                other->title);
  Event opened = make_event(Kind::Session, now);
  opened.session = session.id;
  opened.payload = payload_of(session, session.title, wanted.who.empty() ? "host" : wanted.who);
  append(opened);
  return roster().find(session.id, wall(now), language).or_throw();
}

Session Ledger::change_session(const Register::SessionChange& wanted, const Stamp& now) {
  const std::string language = language_of(wanted.language);
  if (is_day(wanted.id))
    throw wrong(Errc::Invalid, language, "Un jour du hub ne se modifie pas : ouvrez une session.",
                "A day of the hub does not change: open a session.");
  Session session = touch(wanted.id, language, now);
  const bool over = session.state == Session::State::Closed;
  Event change = make_event(over ? Kind::Correction : Kind::Change, now);
  change.session = session.id;
  if (wanted.title) {
    session.title = clean(*wanted.title);
    if (!is_visible(session.title))
      throw wrong(Errc::Invalid, language, "Titre (title) : donnez un titre à la session.",
                  "Title (title): give the session a title.");
    demand_length(session.title, kMaxTitle, "title", language);
    change.payload["title"] = session.title;
  }
  if (wanted.end) {
    const Roster known = roster();
    session.end = time_of(*wanted.end, known.zone(), session.start, language);
    if (session.end <= session.start && wanted.end->size() <= 5)  // "00:30": after midnight
      session.end = time_of(*wanted.end, known.zone(), session.start + std::chrono::hours{24}, language);
    demand_order(session, language);
    if (session.end - session.start > std::chrono::hours{24})
      throw wrong(Errc::Invalid, language, "Une session dure au plus 24 heures.",
                  "A session lasts 24 hours at most.");
    change.payload["end_ms"] = ms(session.end);
  }
  if (change.payload.empty())
    throw wrong(Errc::Invalid, language, "Dites ce qui change : end ou title.",
                "Say what changes: end or title.");
  change.payload["who"] = wanted.who.empty() ? "host" : wanted.who;
  if (over && !wanted.why.empty()) {
    demand_length(wanted.why, 500, "why", language);
    change.payload["why"] = clean(wanted.why);
  }
  append(change);
  return roster().find(session.id, wall(now), language).or_throw();
}

Session Ledger::close_session(const std::string& id, const std::string& who, const std::string& asked,
                              const Stamp& now) {
  const std::string language = language_of(asked);
  const Session session = touch(id, language, now);
  if (session.state == Session::State::Closed)
    throw wrong(Errc::Conflict, language,
                "La session « {} » est déjà terminée. Si elle a duré plus longtemps, changez sa fin.",
                "The session \"{}\" is over already. If it went on, change its end.", session.title);
  if (session.state == Session::State::Upcoming)
    throw wrong(Errc::Conflict, language, "La session « {} » n'a pas encore commencé.",
                "The session \"{}\" has not begun yet.", session.title);
  Event end = make_event(Kind::SessionEnd, now);
  end.session = session.id;
  end.payload["who"] = who.empty() ? "host" : who;
  append(end);
  return roster().find(session.id, wall(now), language).or_throw();
}

Register::Summary Ledger::summary(const std::string& session, const std::string& asked,
                                  const Stamp& now) const {
  const std::string language = language_of(asked);
  if (!session.empty()) static_cast<void>(roster().find(session, wall(now), language).or_throw());
  return summary_of(table(session, language, now));
}

void Ledger::head_count(const std::string& id, std::int64_t count, const std::string& asked,
                        const Stamp& now) {
  const std::string language = language_of(asked);
  constexpr std::int64_t kMost = 100'000;
  if (count < 0 || count > kMost)
    throw wrong(Errc::Invalid, language, "Nombre de personnes (count) : {} n'est pas possible ; de 0 à {}.",
                "Head-count (count): {} is not possible; 0 to {}.", count, kMost);
  const Session session = touch(id, language, now);
  Event event = make_event(Kind::HeadCount, now);
  event.session = session.id;
  event.payload["count"] = count;
  append(event);
}

}  // namespace hub::attendance
