#include "hub/attendance/ledger.h"

#include "hub/attendance/random.h"
#include "hub/base/log.h"
#include "hub/lib/glib/unicode.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hub::attendance {
namespace {

constexpr std::chrono::milliseconds kCookieLife = std::chrono::days{14};
/// A phone that is handed round a table, not a way to fill the disk.
constexpr std::size_t kMaxPersonsPerDevice = 50;

/// Two sign-ins of one device with the same key are the same person.
std::string key_of(const SignIn& form) {
  return form.anonymous ? std::string{} : lib::glib::fold(form.name);
}

base::Wall wall(const Stamp& stamp) {
  return base::Wall{base::Millis{stamp.utc_ms}};
}

}  // namespace

Ledger::Ledger(Store& store, base::Identity identity, Settings settings, Writer writer)
    : store_{store},
      identity_{std::move(identity)},
      settings_{std::move(settings)},
      writer_{std::move(writer)} {}

void Ledger::load() {
  loaded_ = false;
  state_ = State{};
  devices_.clear();
  running_ = false;
  last_.reset();
  store_.load([this](const Event& event) {
    state_.apply(event);
    if (event.kind == Kind::Exported || event.kind == Kind::Erased) return;
    running_ = event.kind != Kind::Stop;
    last_ = event.at;
  });
  for (auto& device : store_.devices()) devices_.emplace(device.token, device);
  loaded_ = true;
}

std::vector<std::optional<base::Failure>> Ledger::run(std::span<const Work> works) {
  std::vector<std::optional<base::Failure>> outcome(works.size());
  try {
    // A failed batch has left traces in the state; the log is the truth.
    if (!loaded_) load();
    store_.in_transaction([&] {
      loaded_ = false;
      for (const auto& work : works) work(*this);
    });
    loaded_ = true;
  } catch (const base::Error& error) {
    // The machine's fault is everybody's; anything else may be the fault of one.
    if (works.size() == 1 || error.code() == base::Errc::Busy) {
      std::fill(outcome.begin(), outcome.end(), error.failure());
      return outcome;
    }
    base::logger("store")->warn("a batch of {} changes failed, trying one by one: {}", works.size(),
                                error.what());
    for (std::size_t i = 0; i < works.size(); ++i) outcome[i] = run(works.subspan(i, 1))[0];
    return outcome;
  }
  scrub();
  return outcome;
}

void Ledger::run_one(const Work& work) {
  if (const auto failure = run({&work, 1})[0]) throw base::Error{failure->code, failure->text};
}

void Ledger::scrub() {
  if (!scrub_) return;
  try {
    scrub_ = !store_.scrub();
  } catch (const base::Error& error) {
    base::logger("store")->warn("erased data may still be in the database file, trying again: {}",
                                error.what());
  }
}

void Ledger::append(const Event& event) {
  if (store_.append(event)) state_.apply(event);
}

void Ledger::start(const Stamp& now) {
  if (running_ && last_) {
    Event outage = make_event(Kind::Outage, now);
    outage.payload["from"] = to_json(*last_);
    append(outage);
  }
  append(make_event(Kind::Start, now));
}

void Ledger::stop(const Stamp& now) {
  append(make_event(Kind::Stop, now));
}

const std::string* Ledger::device(const std::string& token) const {
  const auto found = devices_.find(token);
  return found == devices_.end() ? nullptr : &found->second.ref;
}

Register::SignedIn Ledger::sign_in(const SignIn& form, const std::string& token, const Day& day,
                                   const Stamp& now) {
  const std::string* known = device(token);
  const Store::Device device = known ? Store::Device{token, *known, now.utc_ms}
                                     : Store::Device{random_hex(16), "d-" + random_hex(8), now.utc_ms};
  const auto persons = state_.persons_of(device.ref);
  const auto same = std::find_if(persons.begin(), persons.end(), [&](const State::Person* person) {
    const SignIn& before = state_.latest(*person).form;
    return before.anonymous == form.anonymous && key_of(before) == key_of(form);
  });
  if (same == persons.end() && persons.size() >= kMaxPersonsPerDevice)
    throw base::Error{base::Errc::TooLarge, "too many people signed in on this device"};
  store_.put_device(device);
  devices_[device.token] = device;
  if (const auto session = state_.sessions().find(day.id);
      session == state_.sessions().end() || session->second.id.empty()) {
    Event opened = make_event(Kind::Session, now);
    opened.session = day.id;
    opened.payload = {{"start_ms", day.start.time_since_epoch().count()},
                      {"end_ms", day.end.time_since_epoch().count()}};
    append(opened);
  }
  Event event = make_event(Kind::SignIn, now);
  event.session = day.id;
  event.device = device.ref;
  event.person = same == persons.end() ? "p-" + random_hex(8) : (*same)->ref;
  event.payload = to_payload(form);
  append(event);

  Register::SignedIn done;
  done.device = device.token;
  done.person = {event.person, form, wall(now)};
  done.session.id = day.id;
  done.session.title =
      session_title(day.id, identity_.languages.empty() ? "en" : identity_.languages.front());
  done.at = wall(now);
  return done;
}

int Ledger::sign_out(const std::string& token, const Stamp& now) {
  const std::string* ref = device(token);
  if (!ref) return 0;
  int count = 0;
  for (const State::Person* person : state_.persons_of(*ref)) {
    bool present = false;
    for (const auto& row :
         rows_of(state_, now, {{}, [&](const std::string& who) { return who == person->ref; }})) {
      if (!row.is_declared || row.stay.last_out) continue;
      Event event = make_event(Kind::SignOut, now);
      event.session = row.session_id;
      event.person = person->ref;
      append(event);
      present = true;
    }
    if (present) ++count;
  }
  return count;
}

int Ledger::erase(const std::string& token, const Stamp& now) {
  const std::string* ref = device(token);
  if (!ref) return 0;
  // Whoever is erased has no cookie to leave with any more, so they leave now.
  sign_out(token, now);
  const auto persons = state_.persons_of(*ref);
  for (const State::Person* person : persons) erase_person(*person, "asked", now);
  store_.forget_device(*ref);
  devices_.erase(token);
  return static_cast<int>(persons.size());
}

void Ledger::erase_person(const State::Person& person, const char* reason, const Stamp& now) {
  for (const auto& entry : person.entries) store_.replace_payload(entry.id, to_payload(emptied(entry.form)));
  Event event = make_event(Kind::Erased, now);
  event.person = person.ref;
  event.payload["reason"] = reason;
  append(event);
  scrub_ = true;
}

int Ledger::retain(const Stamp& now) {
  const auto cutoff_ms = now.utc_ms - std::chrono::milliseconds{settings_.retention}.count();
  std::map<std::string, std::int64_t> last_ms;  // end of a person's last session
  for (const auto& [id, session] : state_.sessions())
    for (const auto& [ref, marks] : session.marks) {
      auto& last = last_ms[ref];
      last = std::max(last, session.bounds.end_ms);
    }
  int erased = 0;
  for (const auto& [ref, last] : last_ms) {
    const State::Person* person = state_.person(ref);
    if (last >= cutoff_ms || !person || person->erased) continue;
    erase_person(*person, "retention", now);
    ++erased;
  }
  for (auto device = devices_.begin(); device != devices_.end();) {
    if (device->second.used_ms >= now.utc_ms - kCookieLife.count()) {
      ++device;
      continue;
    }
    store_.forget_device(device->second.ref);
    scrub_ = true;
    device = devices_.erase(device);
  }
  return erased;
}

void Ledger::end_session(const std::string& id, const Stamp& now) {
  if (!state_.sessions().contains(id)) return;  // nobody came: no session, no end
  Event event = make_event(Kind::SessionEnd, now);
  event.session = id;
  append(event);
}

Table Ledger::table(const std::string& session, const std::string& language, const Stamp& now) const {
  Table table;
  table.identity = identity_;
  table.language = language;
  table.at = wall(now);
  Wanted wanted;
  if (!session.empty()) wanted.session = [&](const std::string& id) { return id == session; };
  count(table, state_, rows_of(state_, now, wanted));
  return table;
}

Register::Exported Ledger::export_(const Register::ExportRequest& request, const Stamp& now) {
  if (!request.session.empty() && !state_.sessions().contains(request.session))
    throw base::Error{base::Errc::NotFound, "there is no session \"" + request.session + "\""};
  retain(now);
  Table full = table(request.session, request.language, now);
  full.export_id = random_hex(16);
  Register::Exported exported = writer_(full, request);
  Event event = make_event(Kind::Exported, now);
  event.payload = {{"export_id", full.export_id},
                   {"format", request.format},
                   {"session", request.session},
                   {"rows", full.rows.size()}};
  append(event);
  return exported;
}

Register::Me Ledger::me(const std::string& token, const Stamp& now) const {
  Register::Me me;
  const std::string* ref = device(token);
  if (!ref) return me;
  for (const State::Person* person : state_.persons_of(*ref)) {
    const State::Entry& entry = state_.latest(*person);
    Register::Me::Entry mine;
    mine.person = {person->ref, entry.form, base::Wall{base::Millis{entry.at.utc_ms}}};
    for (const auto& row :
         rows_of(state_, now, {{}, [&](const std::string& who) { return who == person->ref; }})) {
      mine.attendance.push_back(
          {row.session_id, row.is_declared, row.stay.first_in, row.stay.last_out, row.stay.ms / 1000});
      if (row.is_declared && !row.stay.last_out) me.present = true;
    }
    me.persons.push_back(std::move(mine));
  }
  return me;
}

std::vector<Ledger::Known> Ledger::known(const std::string& session, const Stamp& now) const {
  std::set<std::string> present;
  for (const auto& row : rows_of(state_, now, {[&](const std::string& id) { return id == session; }, {}}))
    if (row.is_declared && !row.stay.last_out) present.insert(row.person_ref);
  std::vector<Known> list;
  for (const auto& [token, device] : devices_) {
    const auto persons = state_.persons_of(device.ref);
    list.push_back({token, device.ref, std::any_of(persons.begin(), persons.end(), [&](const auto* person) {
                      return present.contains(person->ref);
                    })});
  }
  return list;
}

}  // namespace hub::attendance
