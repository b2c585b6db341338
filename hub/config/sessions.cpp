#include "hub/config/sessions.h"

#include "hub/lib/glib/time_zone.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hub::config {
namespace {

using attendance::PlannedSession;
using attendance::Question;

bool is_session_id(std::string_view text) {
  // As hub/attendance/session.h has it; "local:" is for the days of the hub.
  return !text.empty() && text.size() <= 80 && !text.starts_with("local:") &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:._-") ==
             std::string_view::npos;
}

bool is_question_id(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool is_optional_question(std::string_view text) {
  return text == "gender" || text == "status";
}

void read_choices(Question& to, Value& value) {
  value.each(2, 8, R"(2 to 8 texts, or tables { fr = "…", en = "…" })", [&](Value& each) {
    auto& choice = to.choices.emplace_back();
    each.text_in(choice.fr, choice.en, 60);
  });
}

constexpr Key<Question> kQuestionKeys[] = {
    {"id", [](Question& q, Value& v) { v.checked(q.id, is_question_id, "1 to 40 of a-z, 0-9 and _"); },
     "id = \"…\" with 1 to 40 of a-z, 0-9 and _"},
    {"text", [](Question& q, Value& v) { v.text_in(q.text.fr, q.text.en, 160); },
     R"(text = { fr = "…", en = "…" })"},
    {"choices", read_choices},
};

constexpr Key<attendance::Settings> kSignInKeys[] = {
    {"ask",
     [](attendance::Settings& s, Value& v) {
       v.list(s.ask, is_optional_question, 0, 2, R"(a list of "gender" and "status")");
     }},
    {"question",
     [](attendance::Settings& s, Value& v) {
       v.tables(s.questions, kQuestionKeys, 0, 5);
       for (auto one = s.questions.begin(); one != s.questions.end(); ++one)
         if (std::any_of(s.questions.begin(), one,
                         [&](const Question& other) { return other.id == one->id; }))
           v.problem(fmt::format("the id \"{}\" is there twice; give each question its own", one->id));
     }},
};

constexpr Key<SessionLines> kSessionKeys[] = {
    {"id",
     [](SessionLines& s, Value& v) {
       v.checked(s.session.id, is_session_id,
                 "1 to 80 of A-Z, a-z, 0-9 and : . _ -, not beginning with local:");
     }},
    {"meeting", [](SessionLines& s, Value& v) { v.text(s.session.meeting, 0, 40); }},
    {"acronym", [](SessionLines& s, Value& v) { v.text(s.session.acronym, 1, 40); }},
    {"title", [](SessionLines& s, Value& v) { v.text(s.session.title, 1, 120); }},
    {"start", [](SessionLines& s, Value& v) { v.time(s.start); }, R"(start = "2027-03-15 09:30")"},
    {"end", [](SessionLines& s, Value& v) { v.time(s.end); }, R"(end = "2027-03-15 11:30")"},
    {"channel", [](SessionLines& s, Value& v) { v.text(s.session.channel, 0, 40); }},
};

/// "127-dnsop-20270315": as the sessions of the host get theirs.
std::string make_id(const PlannedSession& session, const lib::glib::TimeZone& zone) {
  std::string id;
  for (const auto* part : {&session.meeting, &session.acronym}) {
    for (const char c : *part) id += is_session_id({&c, 1}) ? c : '-';
    if (!part->empty()) id += '-';
  }
  const auto date = zone.date(session.start);
  return fmt::format("{}{:04}{:02}{:02}", id, date.year, date.month, date.day);
}

}  // namespace

void read_sign_in(attendance::Settings& to, Value& value) {
  value.table(to, kSignInKeys);
}

void read_sessions(std::vector<SessionLines>& to, Value& value) {
  value.tables(to, kSessionKeys, 0, 200);
}

std::vector<PlannedSession> resolve_sessions(std::vector<SessionLines> lines, const std::string& time_zone,
                                             const std::vector<std::string>& channels,
                                             const toml::table& root, Problems& problems) {
  const lib::glib::TimeZone zone{time_zone};
  const auto* array = root["session"].as_array();
  std::vector<PlannedSession> sessions;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = array->get(i)->source().begin.line;
    auto& [session, start, end] = lines[i];
    const auto note = [&](std::string text) { problems.add(line, "session." + std::move(text)); };
    if (start.empty() || end.empty()) continue;  // said already
    bool fine = true;
    const auto time = [&](const char* key, const std::string& text, base::Wall& to) {
      if (const auto parsed = lib::glib::parse_time(text, zone, std::nullopt)) {
        to = *parsed;
        return;
      }
      fine = false;
      note(
          fmt::format("{}: \"{}\" is not a time; use one such as 2027-03-15T09:30:00 or \"2027-03-15 09:30\"",
                      key, text));
    };
    time("start", start, session.start);
    time("end", end, session.end);
    if (!fine) continue;
    if (session.end <= session.start) note("end: is not after the start");
    if (session.title.empty()) session.title = session.acronym;
    if (session.title.empty()) note("title: missing; write title = \"…\" or acronym = \"…\"");
    if (session.id.empty() && session.acronym.empty()) {
      note("id: missing; write id = \"…\" or acronym = \"…\"");
      continue;
    }
    if (session.id.empty()) session.id = make_id(session, zone);
    if (!session.channel.empty() &&
        std::find(channels.begin(), channels.end(), session.channel) == channels.end())
      note(fmt::format("channel: there is no channel \"{}\"; use the id of a [[channel]]", session.channel));
    for (const auto& other : sessions) {
      if (other.id == session.id)
        note(fmt::format("id: \"{}\" is the id of another session already; give each its own", session.id));
      else if (!session.channel.empty() && other.channel == session.channel && other.start < session.end &&
               session.start < other.end)
        note(fmt::format("channel: \"{}\" has the session \"{}\" at that time already", session.channel,
                         other.id));
    }
    sessions.push_back(std::move(session));
  }
  std::sort(sessions.begin(), sessions.end(), [](const PlannedSession& a, const PlannedSession& b) {
    return std::tie(a.start, a.id) < std::tie(b.start, b.id);
  });
  return sessions;
}

}  // namespace hub::config
