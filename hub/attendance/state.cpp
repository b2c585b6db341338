#include "hub/attendance/state.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace hub::attendance {

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
      if (!session.id.empty() && session.bounds_from != EventId{} && session.bounds_from < event.id) break;
      session.id = event.session;
      session.bounds_from = event.id;
      session.bounds = {integer_at(event.payload, "start_ms"), integer_at(event.payload, "end_ms")};
      break;
    }
    case Kind::SessionEnd:
      sessions_[event.session].ends.push_back(at);
      break;
    case Kind::SignIn: {
      Person& person = persons_[event.person];
      person.ref = event.person;
      const SignIn form = form_from(event.payload);
      person.entries.push_back(
          {event.id, at, event.session, event.device, person.erased ? emptied(form) : form});
      devices_[event.device].insert(event.person);
      Session& session = sessions_[event.session];
      session.marks[event.person].push_back({at, Mark::What::In});
      session.persons_of[event.device].insert(event.person);
      break;
    }
    case Kind::SignOut:
      sessions_[event.session].marks[event.person].push_back({at, Mark::What::Out});
      break;
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

const State::Entry& State::latest(const Person& person) const {
  return *std::max_element(person.entries.begin(), person.entries.end(), [&](const Entry& a, const Entry& b) {
    if (timeline_.before(a.at, b.at)) return true;
    if (timeline_.before(b.at, a.at)) return false;
    return a.id < b.id;
  });
}

}  // namespace hub::attendance
