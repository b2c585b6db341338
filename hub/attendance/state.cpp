#include "hub/attendance/state.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

namespace hub::attendance {
namespace {

/// Of two things said at one moment the order of their ids decides, so that every State says the same.
template <class Said>
bool earlier(const Timeline& timeline, const Said& a, const Said& b) {
  if (timeline.before(a.at, b.at)) return true;
  if (timeline.before(b.at, a.at)) return false;
  return a.id < b.id;
}

}  // namespace

std::size_t State::HashId::operator()(const EventId& id) const noexcept {
  std::size_t hash = 0;  // the id is random: any eight bytes of it are a hash
  std::memcpy(&hash, id.data(), sizeof hash);
  return hash;
}

bool State::apply(const Event& event) {
  if (!applied_.try_emplace(event.id, true).second) return false;
  const Moment at = timeline_.place(event.at);
  switch (event.kind) {
    case Kind::Start:
    case Kind::Stop:
    case Kind::Exported:
      break;
    case Kind::Outage:
      if (const auto from = event.payload.find("from"); from != event.payload.end())
        outages_.push_back({timeline_.place(stamp_from(*from)), at});
      break;
    case Kind::Session: {
      Session& session = sessions_[event.session];
      if (!session.id.empty() && session.first < event.id) break;
      session.id = event.session;
      session.first = event.id;
      session.opened = event.payload;
      break;
    }
    case Kind::SessionEnd:
      sessions_[event.session].ends.emplace_back(at, event.id);
      break;
    case Kind::Change:
    case Kind::Correction:
      sessions_[event.session].changes.push_back(
          {event.id, at, event.payload, event.kind == Kind::Correction});
      break;
    case Kind::HeadCount:
      sessions_[event.session].head_counts.push_back({at, event.id, integer_at(event.payload, "count")});
      break;
    case Kind::Undo:
      undone_.insert(base::string_at(event.payload, "change").value_or(""));
      break;
    case Kind::SignIn: {
      Person& person = persons_[event.person];
      person.ref = event.person;
      const SignIn form = form_from(event.payload);
      const Act act = act_from(event.payload);
      person.entries.push_back(
          {event.id, at, event.session, event.device, person.erased ? emptied(form) : form, act});
      Session& session = sessions_[event.session];
      session.steps[event.person].push_back({at, Mark::What::In, act});
      note_change(event, at, act, Mark::What::In);
      if (event.device.empty()) break;  // a kiosk or the desk
      devices_[event.device].insert(event.person);
      session.persons_of[event.device].insert(event.person);
      break;
    }
    case Kind::SignOut: {
      const Act act = act_from(event.payload);
      sessions_[event.session].steps[event.person].push_back({at, Mark::What::Out, act});
      note_change(event, at, act, Mark::What::Out);
      break;
    }
    case Kind::Seen:
      add_span(sessions_[event.session], event);
      break;
    case Kind::Erased: {
      Person& person = persons_[event.person];
      person.ref = event.person;
      person.erased = true;
      for (auto& entry : person.entries) entry.form = emptied(entry.form);
      break;
    }
  }
  return true;
}

void State::add_span(Session& session, const Event& event) {
  const auto from = event.payload.find("from");
  const auto mode = mode_from(base::string_at(event.payload, "mode").value_or(""));
  if (from == event.payload.end() || !mode) return;
  Span span{timeline_.place(stamp_from(*from)), timeline_.place(event.at), *mode};
  if (span.from.boot != span.to.boot || span.from.mono_us > span.to.mono_us) return;
  auto& spans = session.spans[event.device][static_cast<std::size_t>(*mode)];
  // Kept sorted and merged: a day of pings is a handful of spans. Merging what is at most kContinue apart
  // gives the same hulls in whatever order the parts come.
  const auto apart = [](const Span& a, const Span& b) {
    constexpr auto gap_us = std::chrono::microseconds{kContinue}.count();
    return a.to.boot < b.from.boot || (a.to.boot == b.from.boot && a.to.mono_us + gap_us < b.from.mono_us);
  };
  auto first = std::lower_bound(spans.begin(), spans.end(), span, apart);
  auto last = first;
  for (; last != spans.end() && !apart(span, *last); ++last) {
    if (last->from.mono_us < span.from.mono_us) span.from = last->from;
    if (last->to.mono_us > span.to.mono_us) span.to = last->to;
  }
  spans.insert(spans.erase(first, last), span);
}

const State::Person* State::person(const std::string& ref) const {
  const auto found = persons_.find(ref);
  return found == persons_.end() ? nullptr : &found->second;
}

std::vector<const State::Person*> State::persons_of(const std::string& device) const {
  std::vector<const Person*> list;
  const auto found = devices_.find(device);
  if (found == devices_.end()) return list;
  for (const auto& ref : found->second)
    if (const Person* known = person(ref); known && !known->erased) list.push_back(known);
  return list;
}

const State::Entry* State::latest(const Person& person) const {
  const Entry* last = nullptr;
  for (const auto& entry : person.entries)
    if (!is_void(entry.act) && (!last || earlier(timeline_, *last, entry))) last = &entry;
  return last;
}

void State::note_change(const Event& event, const Moment& at, const Act& act, Mark::What what) {
  if (act.change.empty()) return;
  const auto change = desk_changes_.try_emplace(act.change, DeskChange{event.session, what, at, {}}).first;
  change->second.persons.insert(event.person);  // the events of one change have one session and one stamp
}

std::vector<Mark> State::marks(const std::vector<Step>& steps) const {
  std::vector<Mark> marks;
  for (const auto& step : steps)
    if (!is_void(step.act))
      marks.push_back(
          {step.act.claim_ms ? timeline_.claimed(step.at, *step.act.claim_ms) : step.at, step.what});
  return marks;
}

State::Shape State::shape(const Session& session, bool config_only) const {
  Shape shape;
  const auto take = [&](const base::Json& payload) {
    const auto text = [&](const char* key, std::string& to) {
      if (auto value = base::string_at(payload, key)) to = std::move(*value);
    };
    text("title", shape.title);
    text("acronym", shape.acronym);
    text("meeting", shape.meeting);
    text("channel", shape.channel);
    if (payload.contains("start_ms")) shape.planned.start_ms = integer_at(payload, "start_ms");
    if (payload.contains("end_ms")) shape.planned.end_ms = integer_at(payload, "end_ms");
  };
  take(session.opened);
  std::vector<const Session::Change*> changes;
  for (const auto& change : session.changes)
    if (!config_only || base::string_at(change.payload, "who") == "config") changes.push_back(&change);
  std::sort(changes.begin(), changes.end(),
            [this](const auto* a, const auto* b) { return earlier(timeline_, *a, *b); });
  const Session::Change* gave_end = nullptr;
  for (const auto* change : changes) {
    take(change->payload);
    if (!change->payload.contains("end_ms")) continue;
    gave_end = change;
    shape.corrected = change->correction;
  }
  shape.end_ms = shape.planned.end_ms;
  const bool day = is_day(session.id);
  for (const auto& [at, id] : session.ends) {
    // A day may begin again after it was closed; of a session the end that was said last counts.
    if (!day && gave_end && timeline_.before(at, gave_end->at)) continue;
    shape.ends.push_back(at);
    if (day) continue;
    shape.closed = true;
    shape.corrected = false;
    shape.end_ms = std::min(shape.end_ms, std::max(at.utc_ms, shape.planned.start_ms));
  }
  const Session::Count* last = nullptr;
  for (const auto& count : session.head_counts)
    if (!last || earlier(timeline_, *last, count)) last = &count;
  if (last) shape.head_count = last->count;
  return shape;
}

}  // namespace hub::attendance
