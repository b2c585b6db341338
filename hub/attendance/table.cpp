#include "hub/attendance/table.h"

#include "hub/attendance/day.h"

#include <algorithm>
#include <tuple>

namespace hub::attendance {
namespace {

class Maker {
 public:
  Maker(const State& state, const Stamp& now, const Wanted& wanted)
      : state_{state}, timeline_{state.timeline()}, now_{timeline_.place(now)}, wanted_{wanted} {}

  void add(const State::Session& session, std::vector<Row>& rows) const {
    for (const auto& [ref, marks] : session.marks) {
      const State::Person* person = state_.person(ref);
      const bool came = std::any_of(marks.begin(), marks.end(),
                                    [](const Mark& mark) { return mark.what == Mark::What::In; });
      if (!person || !came || (wanted_.person && !wanted_.person(ref))) continue;
      Row row = of_person(session, *person);
      row.stay = declared(timeline_, session.bounds, state_.outages(), marks, session.ends, now_);
      finish(session, row);
      rows.push_back(std::move(row));
    }
    for (const auto& [ref, spans] : spans_by_owner(session)) {
      const State::Person* person = state_.person(ref);
      Row row = person && !person->entries.empty() ? of_person(session, *person) : Row{};
      row.session_id = session.id;
      row.person_ref = ref;
      row.is_declared = false;
      row.is_counted = false;
      row.stay = measured(timeline_, session.bounds, state_.outages(), spans, now_);
      finish(session, row);
      rows.push_back(std::move(row));
    }
  }

 private:
  [[nodiscard]] Row of_person(const State::Session& session, const State::Person& person) const {
    const State::Entry& entry = state_.latest(person);
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

  static void finish(const State::Session& session, Row& row) {
    const auto length = session.bounds.end_ms - session.bounds.start_ms;
    if (length > 0) row.percent_of_session = (row.stay.ms * 100 + length / 2) / length;
  }

  const State& state_;
  Timeline timeline_;  // a copy: asking what time it is adds nothing to the state
  Moment now_;
  const Wanted& wanted_;
};

}  // namespace

std::vector<Row> rows_of(const State& state, const Stamp& now, const Wanted& wanted) {
  const Maker maker{state, now, wanted};
  std::vector<Row> rows;
  for (const auto& [id, session] : state.sessions())
    if (!session.id.empty() && (!wanted.session || wanted.session(id))) maker.add(session, rows);
  const auto key = [&](const Row& row) {
    return std::tuple{state.sessions().at(row.session_id).bounds.start_ms, std::string_view{row.session_id},
                      !row.is_declared, row.stay.first_in, std::string_view{row.person_ref}};
  };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  return rows;
}

void count(Table& table, const State& state, std::vector<Row> rows) {
  table.rows = std::move(rows);
  table.sessions.clear();
  std::set<std::string_view> named;
  std::set<std::string_view> anonymous;
  for (const auto& row : table.rows) {
    if (!row.is_counted) continue;
    if (table.sessions.empty() || table.sessions.back().session.id != row.session_id) {
      const Bounds& bounds = state.sessions().at(row.session_id).bounds;
      Register::SessionSummary session;
      session.session.id = row.session_id;
      session.session.title = session_title(row.session_id, table.language);
      session.session.start = base::Wall{base::Millis{bounds.start_ms}};
      session.session.end = base::Wall{base::Millis{bounds.end_ms}};
      table.sessions.push_back(std::move(session));
    }
    auto& session = table.sessions.back();
    ++(row.is_named ? session.figures.named : session.figures.anonymous);
    if (!row.stay.last_out) ++session.present;
    (row.is_named ? named : anonymous).insert(row.person_ref);
  }
  table.totals.named = static_cast<std::int64_t>(named.size());
  table.totals.anonymous = static_cast<std::int64_t>(anonymous.size());
}

}  // namespace hub::attendance
