#include "hub/attendance/ledger.h"

#include "hub/attendance/device_code.h"
#include "hub/attendance/random.h"
#include "hub/base/log.h"
#include "hub/lib/glib/unicode.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace hub::attendance {
namespace {

constexpr std::chrono::milliseconds kCookieLife = std::chrono::days{14};
/// A phone that is handed round a table, not a way to fill the disk.
constexpr std::size_t kMaxPersonsPerDevice = 50;

/// A clock that goes back or jumps by less is being kept right, not set.
constexpr std::chrono::milliseconds kClockSlack{5'000};
constexpr std::chrono::milliseconds kClockMayBeSet = std::chrono::hours{48};

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
  newest_ms_ = 0;
  store_.load([this](const Event& event) {
    state_.apply(event);
    newest_ms_ = std::max(newest_ms_, event.at.utc_ms);
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
  clock_was_set_ = clock_was_set_ || stepped(event.at);
  previous_ = event.at;
  newest_ms_ = std::max(newest_ms_, event.at.utc_ms);
  if (store_.append(event)) state_.apply(event);
}

void Ledger::start(const Stamp& now) {
  if (running_ && last_) {
    Event outage = make_event(Kind::Outage, now);
    outage.payload["from"] = to_json(*last_);
    append(outage);
  }
  append(make_event(Kind::Start, now));
  follow_config(now);
}

void Ledger::stop(const Stamp& now) {
  append(make_event(Kind::Stop, now));
}

const std::string* Ledger::device(const std::string& token) const {
  const auto found = devices_.find(token);
  return found == devices_.end() ? nullptr : &found->second.ref;
}

std::string Ledger::language_of(const std::string& language) const {
  if (!language.empty()) return language;
  return identity_.languages.empty() ? "en" : identity_.languages.front();
}

bool Ledger::stepped(const Stamp& now) const {
  if (!previous_ || previous_->boot != now.boot) return false;
  const auto by_wall_ms = now.utc_ms - previous_->utc_ms;
  const auto by_mono_ms = (now.mono_us - previous_->mono_us) / 1000;
  return std::abs(by_wall_ms - by_mono_ms) > kClockSlack.count();
}

bool Ledger::suspects(const Stamp& now) const {
  return clock_was_set_ || stepped(now) || now.utc_ms + kClockSlack.count() < newest_ms_;
}

Register::Person Ledger::record(const std::string& person, const SignIn& form, const std::string& device,
                                const std::string& session, Act act, const Stamp& now) {
  act.clock_suspect = suspects(now);
  Event event = make_event(Kind::SignIn, now);
  event.session = session;
  event.device = device;
  event.person = person;
  event.payload = to_payload(form);
  put_act(event.payload, act);
  append(event);
  return {person, form, wall(now)};
}

Register::SignedIn Ledger::sign_in(const Register::Arrival& arrival, const std::string& token,
                                   const Stamp& now) {
  const std::string language = language_of(arrival.language);
  const SignIn& form = arrival.form;
  Session session = roster().find(arrival.session, wall(now), language).or_throw();
  demand_open(session, language, now);
  Register::SignedIn done;
  done.at = wall(now);
  std::string ref = "p-" + random_hex(8);
  if (arrival.kiosk) {
    done.session = touch(session.id, language, now);
    done.person = record(ref, form, "", session.id, {Via::Kiosk, {}, {}, false}, now);
    return done;
  }
  const std::string* known = device(token);
  const Store::Device device = known ? Store::Device{token, *known, now.utc_ms}
                                     : Store::Device{random_hex(16), "d-" + random_hex(8), now.utc_ms};
  const auto persons = state_.persons_of(device.ref);
  const auto same = std::find_if(persons.begin(), persons.end(), [&](const State::Person* person) {
    const State::Entry* before = state_.latest(*person);
    return before && before->form.anonymous == form.anonymous && key_of(before->form) == key_of(form);
  });
  if (same == persons.end() && persons.size() >= kMaxPersonsPerDevice)
    throw base::Error{base::Errc::TooLarge, "too many people signed in on this device"};
  if (same != persons.end()) ref = (*same)->ref;
  store_.put_device(device);
  devices_[device.token] = device;
  done.session = touch(session.id, language, now);
  done.device = device.token;
  done.person = record(ref, form, device.ref, session.id, {}, now);
  return done;
}

Register::SignedInAgain Ledger::sign_in_again(const std::string& token, const std::string& wanted,
                                              const std::string& asked, const Stamp& now) {
  const std::string language = language_of(asked);
  const auto known = devices_.find(token);
  if (known == devices_.end()) throw base::Error{base::Errc::NotFound, "nobody signed in on this device"};
  const Session session = roster().find(wanted, wall(now), language).or_throw();
  demand_open(session, language, now);
  Register::SignedInAgain done{token, {}, touch(session.id, language, now), wall(now)};
  const std::string ref = known->second.ref;
  known->second.used_ms = now.utc_ms;
  store_.put_device(known->second);
  for (const State::Person* person : state_.persons_of(ref))
    if (const State::Entry* entry = state_.latest(*person)) {
      const SignIn form = entry->form;  // the entry may move when one is added
      done.persons.push_back(record(person->ref, form, ref, session.id, {}, now));
    }
  if (done.persons.empty()) throw base::Error{base::Errc::NotFound, "nobody signed in on this device"};
  return done;
}

Register::Recovered Ledger::recover(const std::string& code, const Stamp& now) const {
  const std::string wanted = normal_code(code);
  const std::string* found = nullptr;
  for (const auto& [token, device] : devices_) {
    if (device_code(token) != wanted) continue;
    // Two phones with one code: neither of them may become the other.
    if (found) throw base::Error{base::Errc::NotAuthorised, "the code belongs to two devices"};
    found = &token;
  }
  if (!found) throw base::Error{base::Errc::NotAuthorised, "no device has this code"};
  return {*found, me(*found, now)};
}

std::vector<Row> Ledger::present_rows(const std::string& person, const Stamp& now) const {
  auto rows = rows_of(state_, now, {{}, [&](const std::string& who) { return who == person; }});
  std::erase_if(rows, [](const Row& row) { return !row.is_declared || row.stay.last_out; });
  return rows;
}

int Ledger::sign_out(const std::string& token, const Stamp& now) {
  const std::string* ref = device(token);
  if (!ref) return 0;
  int count = 0;
  for (const State::Person* person : state_.persons_of(*ref)) {
    const auto rows = present_rows(person->ref, now);
    for (const auto& row : rows) {
      Event event = make_event(Kind::SignOut, now);
      event.session = row.session_id;
      event.person = person->ref;
      put_act(event.payload, {Via::Phone, {}, {}, suspects(now)});
      append(event);
    }
    if (!rows.empty()) ++count;
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
  for (const auto& entry : person.entries) {
    base::Json payload = to_payload(emptied(entry.form));
    put_act(payload, entry.act);
    store_.replace_payload(entry.id, payload);
  }
  Event event = make_event(Kind::Erased, now);
  event.person = person.ref;
  event.payload["reason"] = reason;
  append(event);
  scrub_ = true;
}

int Ledger::retain(const Stamp& now) {
  const auto cutoff_ms = now.utc_ms - std::chrono::milliseconds{settings_.retention}.count();
  std::map<std::string, std::int64_t> last_ms;  // end of a person's last session
  for (const auto& [id, session] : state_.sessions()) {
    const auto end_ms = state_.shape(session).end_ms;
    for (const auto& [ref, steps] : session.steps) {
      auto& last = last_ms[ref];
      last = std::max(last, end_ms);
    }
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

void Ledger::end_day(const std::string& id, const Stamp& now) {
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
  table.questions = settings_.questions;
  count(table, state_, rows_of(state_, now, wanted), session);
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
  me.code = device_code(token);
  for (const State::Person* person : state_.persons_of(*ref)) {
    const State::Entry* entry = state_.latest(*person);
    if (!entry) continue;
    Register::Me::Entry mine;
    mine.person = {person->ref, entry->form, base::Wall{base::Millis{entry->at.utc_ms}}};
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

std::vector<Ledger::Known> Ledger::known(const Stamp& now) const {
  std::map<std::string, std::set<std::string>> present;
  // Who is present is so in a session that goes on; the others need not be looked at.
  const auto on_now = [&](const std::string& id) {
    const auto shape = state_.shape(state_.sessions().at(id));
    return !shape.closed && shape.end_ms > now.utc_ms - kClockMayBeSet.count();
  };
  for (const auto& row : rows_of(state_, now, {on_now, {}}))
    if (row.is_declared && !row.stay.last_out) present[row.person_ref].insert(row.session_id);
  std::vector<Known> list;
  for (const auto& [token, device] : devices_) {
    Known known{token, device.ref, {}};
    for (const auto* person : state_.persons_of(device.ref))
      if (const auto found = present.find(person->ref); found != present.end())
        known.sessions.insert(found->second.begin(), found->second.end());
    list.push_back(std::move(known));
  }
  return list;
}

}  // namespace hub::attendance
