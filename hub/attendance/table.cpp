#include "hub/attendance/table.h"

#include "hub/attendance/roster.h"

#include <algorithm>
#include <tuple>

namespace hub::attendance {
namespace {

class Maker {
 public:
  Maker(const State& state, const Stamp& now, const Wanted& wanted)
      : state_{state}, timeline_{state.timeline()}, now_{timeline_.place(now)}, wanted_{wanted} {}

  void add(const State::Session& session, std::vector<Row>& rows) const {
    const State::Shape shape = state_.shape(session);
    const Bounds bounds{shape.planned.start_ms, shape.end_ms};
    for (const auto& [ref, steps] : session.steps) {
      const State::Person* person = state_.person(ref);
      if (!person || (wanted_.person && !wanted_.person(ref))) continue;
      const auto marks = state_.marks(steps);
      const bool came = std::any_of(marks.begin(), marks.end(),
                                    [](const Mark& mark) { return mark.what == Mark::What::In; });
      const State::Entry* entry = state_.latest(*person);
      if (!came || !entry) continue;
      Row row = of_person(session, *person, *entry);
      row.stay = declared(timeline_, shape.planned, state_.outages(), marks, shape.ends, now_);
      row.clock_suspect = std::any_of(steps.begin(), steps.end(), [this](const State::Step& step) {
        return step.act.clock_suspect && !state_.is_void(step.act);
      });
      finish(bounds, row);
      rows.push_back(std::move(row));
    }
    for (const auto& [ref, spans] : spans_by_owner(session)) {
      const auto stay = measured(timeline_, bounds, state_.outages(), spans, now_);
      if (!stay) continue;
      const State::Person* person = state_.person(ref);
      const State::Entry* entry = person ? state_.latest(*person) : nullptr;
      Row row = entry ? of_person(session, *person, *entry) : Row{};
      row.session_id = session.id;
      row.person_ref = ref;
      row.is_declared = false;
      row.is_counted = false;
      row.stay = *stay;
      finish(bounds, row);
      rows.push_back(std::move(row));
    }
  }

 private:
  [[nodiscard]] static Row of_person(const State::Session& session, const State::Person& person,
                                     const State::Entry& entry) {
    Row row;
    row.session_id = session.id;
    row.person_ref = person.ref;
    row.form = entry.form;
    row.is_named = !entry.form.anonymous;
    row.consent_at = base::Wall{base::Millis{entry.at.utc_ms}};
    return row;
  }

  [[nodiscard]] std::map<std::string, std::vector<Span>> spans_by_owner(const State::Session& session) const {
    std::map<std::string, std::vector<Span>> owners;
    for (const auto& [device, modes] : session.spans) {
      const auto persons = session.persons_of.find(device);
      const bool one = persons != session.persons_of.end() && persons->second.size() == 1;
      const std::string& owner = one ? *persons->second.begin() : device;
      if (wanted_.person && !wanted_.person(owner)) continue;
      auto& spans = owners[owner];
      for (const auto& mode : modes) spans.insert(spans.end(), mode.begin(), mode.end());
    }
    std::erase_if(owners, [](const auto& owner) { return owner.second.empty(); });
    return owners;
  }

  static void finish(const Bounds& bounds, Row& row) {
    const auto length = bounds.end_ms - bounds.start_ms;
    // A clock that was set within the session may have made it longer than its bounds.
    if (length > 0)
      row.percent_of_session = std::min<std::int64_t>((row.stay.ms * 100 + length / 2) / length, 100);
  }

  const State& state_;
  Timeline timeline_;  // a copy: asking what time it is adds nothing to the state
  Moment now_;
  const Wanted& wanted_;
};

/// All groups at nought, so that a table of several sessions has the same columns for each.
void begin(Register::Groups& groups, const std::vector<Question>& questions) {
  for (const char* word : {"yes", "no", "wants"}) groups.members[word] = 0;
  for (const char* word : {"yes", "no"}) groups.first_time[word] = 0;
  for (const char* word : {"woman", "man", "other"}) groups.gender[word] = 0;
  for (const char* word : {"student", "professional", "other"}) groups.status[word] = 0;
  for (const auto& question : questions) groups.answers[question.id];
}

void add(Register::Figures& figures, const Row& row) {
  ++(row.is_named ? figures.named : figures.anonymous);
  const auto one = [](std::map<std::string, std::int64_t>& group, std::string_view word) {
    if (!word.empty()) ++group[std::string{word}];
  };
  Register::Groups& groups = figures.groups;
  one(groups.members, to_string(row.form.member));
  if (row.form.first_time) one(groups.first_time, *row.form.first_time ? "yes" : "no");
  one(groups.gender, to_string(row.form.gender));
  one(groups.status, to_string(row.form.status));
  for (const auto& [question, answer] : row.form.answers) one(groups.answers[question], answer);
}

void translate(Table& table) {
  for (const auto& question : table.questions)
    for (auto& row : table.rows) {
      const auto answer = row.form.answers.find(question.id);
      if (answer == row.form.answers.end()) continue;
      for (const auto& choice : question.choices)
        if (choice.key() == answer->second) {
          answer->second = choice.in(table.language);
          break;
        }
    }
}

}  // namespace

std::vector<Row> rows_of(const State& state, const Stamp& now, const Wanted& wanted) {
  const Maker maker{state, now, wanted};
  std::vector<Row> rows;
  std::map<std::string, std::int64_t> starts;
  for (const auto& [id, session] : state.sessions()) {
    if (session.id.empty() || (wanted.session && !wanted.session(id))) continue;
    starts[id] = state.shape(session).planned.start_ms;
    maker.add(session, rows);
  }
  const auto key = [&](const Row& row) {
    return std::tuple{starts.at(row.session_id), std::string_view{row.session_id}, !row.is_declared,
                      row.stay.first_in, std::string_view{row.person_ref}};
  };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  return rows;
}

void count(Table& table, const State& state, std::vector<Row> rows, const std::string& session) {
  table.rows = std::move(rows);
  translate(table);
  table.sessions.clear();
  table.totals = {};
  begin(table.totals.groups, table.questions);
  std::set<std::string_view> seen;
  for (const auto& [id, each] : state.sessions()) {
    if (each.id.empty() || (!session.empty() && id != session)) continue;
    const State::Shape shape = state.shape(each);
    Register::SessionSummary summary;
    summary.session = session_of(id, shape, table.language);
    summary.figures.head_count = shape.head_count;
    begin(summary.figures.groups, table.questions);
    bool any = shape.head_count.has_value();
    bool to_the_end = false;
    for (const auto& row : table.rows) {
      if (row.session_id != id) continue;
      any = true;
      if (!row.is_counted) continue;
      add(summary.figures, row);
      if (!row.stay.last_out) ++summary.present;
      to_the_end = to_the_end || (row.stay.last_out && *row.stay.last_out >= summary.session.end);
      if (seen.insert(row.person_ref).second) add(table.totals, row);
    }
    if (!any) continue;
    auto& head_count = table.totals.head_count;
    if (shape.head_count) head_count = std::max(head_count.value_or(0), *shape.head_count);
    auto& state_now = summary.session.state;
    if (!shape.closed)
      state_now = table.at < summary.session.start ? Session::State::Upcoming
                  : table.at < summary.session.end ? Session::State::Open
                                                   : Session::State::Closed;
    summary.session.forgotten =
        !is_day(id) && state_now == Session::State::Closed && !shape.closed && !shape.corrected && to_the_end;
    table.sessions.push_back(std::move(summary));
  }
  std::sort(table.sessions.begin(), table.sessions.end(), [](const auto& a, const auto& b) {
    return std::tie(a.session.start, a.session.id) < std::tie(b.session.start, b.session.id);
  });
}

Register::Summary summary_of(const Table& table) {
  Register::Summary summary;
  summary.hub = table.identity.name;
  summary.language = table.language;
  summary.at = table.at;
  for (const auto& question : table.questions)
    summary.questions.emplace_back(question.id, question.text.in(table.language));
  summary.sessions = table.sessions;
  summary.totals = table.totals;
  return summary;
}

}  // namespace hub::attendance
