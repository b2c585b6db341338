#include "hub/attendance/live_register.h"

#include "hub/base/log.h"

#include <exception>
#include <mutex>
#include <utility>

namespace hub::attendance {
namespace {

/// More than this many changes waiting for the disk is a disk that does not answer: better to say so.
constexpr std::size_t kMaxWaiting = 20'000;
/// Proofs kept while the disk cannot be written; the oldest go first.
constexpr std::size_t kMaxCollected = 100'000;
constexpr std::chrono::hours kRetainEvery{24};
constexpr std::chrono::seconds kTick{5};

}  // namespace

/// Collects what main submits while the store thread commits what came before: under load one fsync serves
/// many.
class Committer : public std::enable_shared_from_this<Committer> {
 public:
  /// Told on main, once, how the work ended.
  using Ended = std::function<void(std::optional<base::Failure>)>;

  Committer(lib::glib::Loop& main, lib::glib::LoopThread& thread, Ledger ledger)
      : main_{main}, thread_{thread}, ledger_{std::move(ledger)} {}

  void submit(Ledger::Work work, Ended ended) {
    {
      const std::lock_guard lock{mutex_};
      if (waiting_.size() < kMaxWaiting) {
        waiting_.push_back({std::move(work), std::move(ended)});
        if (waiting_.size() > 1) return;  // the first one has called the thread
        work = nullptr;
      }
    }
    if (work) {
      main_.post([ended = std::move(ended)] {
        ended(base::Failure{base::Errc::Busy, "the disk does not keep up; try again"});
      });
      return;
    }
    thread_.post([self = shared_from_this()] { self->commit(); });
  }

  /// Runs @p work now and waits for it. @throws what it throws
  void run_and_wait(const Ledger::Work& work) {
    std::exception_ptr failed;
    thread_.run_and_wait([&] {
      try {
        ledger_.run_one(work);
      } catch (...) {
        failed = std::current_exception();
      }
    });
    if (failed) std::rethrow_exception(failed);
  }

 private:
  struct Waiting {
    Ledger::Work work;
    Ended ended;
  };

  void commit() {
    std::vector<Waiting> batch;
    {
      const std::lock_guard lock{mutex_};
      batch.swap(waiting_);
    }
    std::vector<Ledger::Work> works;
    std::vector<Ended> ends;
    for (auto& [work, ended] : batch) {
      works.push_back(std::move(work));
      ends.push_back(std::move(ended));
    }
    auto outcome = ledger_.run(works);
    works.clear();
    main_.post([ends = std::move(ends), outcome = std::move(outcome)] {
      for (std::size_t i = 0; i < ends.size(); ++i) ends[i](outcome[i]);
    });
  }

  lib::glib::Loop& main_;
  lib::glib::LoopThread& thread_;
  Ledger ledger_;     // only touched by the store thread
  std::mutex mutex_;  // guards waiting_
  std::vector<Waiting> waiting_;
};

LiveRegister::LiveRegister(lib::glib::Loop& main, lib::glib::LoopThread& store_thread, Store& store,
                           const base::Clock& clock, const base::Identity& identity, Settings settings,
                           Writer writer, const std::string& boot)
    : clock_{clock},
      identity_{identity},
      zone_{identity.time_zone},
      stamper_{clock, boot},
      committer_{std::make_shared<Committer>(
          main, store_thread, Ledger{store, identity, std::move(settings), std::move(writer)})},
      day_{day_at(zone_, clock.wall())},
      roster_{zone_},
      retained_at_{clock.mono()} {
  const Stamp now = stamper_.now();
  std::vector<Ledger::Known> known;
  committer_->run_and_wait([&](Ledger& ledger) {
    ledger.start(now);
    ledger.retain(now);
    known = ledger.known(now);
    roster_ = ledger.roster();
  });
  for (auto& [token, ref, sessions] : known) devices_[token] = {ref, std::move(sessions)};
  tick();
  tick_timer_ = main.every(kTick, [this] { tick(); });
  timer_ = main.every(kFlush, [this] { flush(); });
}

LiveRegister::~LiveRegister() {
  for (auto& [key, collected] : open_) collected_.push_back(std::move(collected));
  const Stamp now = stamper_.now();
  try {
    // After what was submitted before: the store thread runs in order.
    committer_->run_and_wait([&](Ledger& ledger) {
      for (const auto& span : collected_) ledger.append(to_event(span));
      ledger.stop(now);
    });
  } catch (const base::Error& error) {
    base::logger("store")->error("the last minute of presence could not be written: {}", error.what());
  }
}

template <class T>
void LiveRegister::submit(std::function<T(Ledger&)> work, Then<T> then) {
  auto result = std::make_shared<std::optional<T>>();
  committer_->submit([work = std::move(work), result](Ledger& ledger) { result->emplace(work(ledger)); },
                     [then = std::move(then), result](std::optional<base::Failure> failure) {
                       if (failure) return then(std::move(*failure));
                       then(std::move(**result));
                     });
}

template <class T>
void LiveRegister::change(std::vector<Changed> what, std::function<T(Ledger&)> work, Then<T> then) {
  struct After {
    std::vector<Ledger::Known> known;
    std::optional<Roster> roster;
  };
  const auto after = std::make_shared<After>();
  const std::weak_ptr<const int> alive = alive_;
  submit<T>(
      [work = std::move(work), after, now = stamper_.now()](Ledger& ledger) {
        T done = work(ledger);
        after->known = ledger.known(now);
        after->roster = ledger.roster();
        return done;
      },
      [this, alive, after, what = std::move(what), then = std::move(then)](base::Result<T> result) {
        if (result && !alive.expired()) {
          roster_ = *after->roster;
          // Devices that signed in meanwhile are known already, those erased are not to come back.
          for (auto& [token, ref, sessions] : after->known)
            if (const auto device = devices_.find(token); device != devices_.end())
              device->second.sessions = std::move(sessions);
        }
        then(std::move(result));
        if (!alive.expired() && result)
          for (const auto each : what) tell(each);
      });
}

void LiveRegister::tell(Changed what) const {
  if (listener_) listener_(what);
}

void LiveRegister::sign_in(Arrival arrival, std::string device, Then<SignedIn> then) {
  roll_over();
  struct Done {
    SignedIn done;
    std::string ref;
    Roster roster;
  };
  const std::weak_ptr<const int> alive = alive_;
  submit<Done>(
      [arrival = std::move(arrival), device = std::move(device), now = stamper_.now()](Ledger& ledger) {
        SignedIn done = ledger.sign_in(arrival, device, now);
        const std::string* ref = ledger.device(done.device);
        std::string known = ref ? *ref : std::string{};
        return Done{std::move(done), std::move(known), ledger.roster()};
      },
      [this, alive, then = std::move(then)](base::Result<Done> result) {
        if (!result) return then(result.error());
        if (!alive.expired()) {
          roster_ = std::move(result->roster);
          if (!result->ref.empty()) {
            Device& known = devices_[result->done.device];
            known.ref = result->ref;
            known.sessions.insert(result->done.session.id);
          }
        }
        then(std::move(result->done));
        if (!alive.expired()) tell(Changed::Desk);
      });
}

void LiveRegister::sign_in_again(std::string device, std::string session, std::string language,
                                 Then<SignedInAgain> then) {
  roll_over();
  change<SignedInAgain>(
      {Changed::Desk},
      [device = std::move(device), session = std::move(session), language = std::move(language),
       now = stamper_.now()](Ledger& ledger) { return ledger.sign_in_again(device, session, language, now); },
      std::move(then));
}

void LiveRegister::recover(std::string code, Then<Recovered> then) {
  submit<Recovered>(
      [code = std::move(code), now = stamper_.now()](Ledger& ledger) { return ledger.recover(code, now); },
      std::move(then));
}

void LiveRegister::sign_out(std::string device, Then<int> then) {
  roll_over();
  if (const auto known = devices_.find(device); known != devices_.end()) known->second.sessions.clear();
  change<int>(
      {Changed::Desk},
      [device = std::move(device), now = stamper_.now()](Ledger& ledger) {
        return ledger.sign_out(device, now);
      },
      std::move(then));
}

void LiveRegister::me(std::string device, Then<Me> then) {
  submit<Me>(
      [device = std::move(device), now = stamper_.now()](Ledger& ledger) { return ledger.me(device, now); },
      std::move(then));
}

void LiveRegister::erase(std::string device, Then<int> then) {
  const std::weak_ptr<const int> alive = alive_;
  submit<int>([device, now = stamper_.now()](Ledger& ledger) { return ledger.erase(device, now); },
              [this, alive, device, then = std::move(then)](base::Result<int> erased) {
                if (!alive.expired() && erased) devices_.erase(device);
                then(std::move(erased));
                if (!alive.expired()) tell(Changed::Desk);
              });
}

bool LiveRegister::knows(std::string_view device) const {
  return devices_.contains(std::string{device});
}

void LiveRegister::summary(std::string session, std::string language, Then<Summary> then) {
  submit<Summary>([session = std::move(session), language = std::move(language),
                   now = stamper_.now()](Ledger& ledger) { return ledger.summary(session, language, now); },
                  std::move(then));
}

void LiveRegister::desk(DeskQuery query, Then<Desk> then) {
  submit<Desk>(
      [query = std::move(query), now = stamper_.now()](Ledger& ledger) { return ledger.desk(query, now); },
      std::move(then));
}

void LiveRegister::open_session(NewSession session, Then<Session> then) {
  roll_over();
  change<Session>(
      {Changed::Sessions, Changed::Desk},
      [session = std::move(session), now = stamper_.now()](Ledger& ledger) {
        return ledger.open_session(session, now);
      },
      std::move(then));
}

void LiveRegister::change_session(SessionChange wanted, Then<Session> then) {
  roll_over();
  change<Session>(
      {Changed::Sessions, Changed::Desk},
      [wanted = std::move(wanted), now = stamper_.now()](Ledger& ledger) {
        return ledger.change_session(wanted, now);
      },
      std::move(then));
}

void LiveRegister::close_session(std::string id, std::string who, std::string language, Then<Session> then) {
  roll_over();
  change<Session>(
      {Changed::Sessions, Changed::Desk},
      [id = std::move(id), who = std::move(who), language = std::move(language),
       now = stamper_.now()](Ledger& ledger) { return ledger.close_session(id, who, language, now); },
      std::move(then));
}

void LiveRegister::desk_add(DeskAdd add, Then<DeskAdded> then) {
  roll_over();
  change<DeskAdded>(
      {Changed::Desk},
      [add = std::move(add), now = stamper_.now()](Ledger& ledger) { return ledger.desk_add(add, now); },
      std::move(then));
}

void LiveRegister::desk_left(DeskLeft left, Then<std::string> then) {
  roll_over();
  change<std::string>(
      {Changed::Desk},
      [left = std::move(left), now = stamper_.now()](Ledger& ledger) { return ledger.desk_left(left, now); },
      std::move(then));
}

void LiveRegister::desk_undo(std::string undo, std::string language, Then<base::Done> then) {
  roll_over();
  change<base::Done>(
      {Changed::Desk},
      [undo = std::move(undo), language = std::move(language), now = stamper_.now()](Ledger& ledger) {
        ledger.desk_undo(undo, language, now);
        return base::Done{};
      },
      std::move(then));
}

void LiveRegister::head_count(std::string session, std::int64_t count, std::string language,
                              Then<base::Done> then) {
  roll_over();
  change<base::Done>(
      {Changed::Desk},
      [count, session = std::move(session), language = std::move(language),
       now = stamper_.now()](Ledger& ledger) {
        ledger.head_count(session, count, language, now);
        return base::Done{};
      },
      std::move(then));
}

void LiveRegister::export_(ExportRequest request, Then<Exported> then) {
  submit<Exported>([request = std::move(request),
                    now = stamper_.now()](Ledger& ledger) { return ledger.export_(request, now); },
                   std::move(then));
}

Session LiveRegister::current(std::string_view language) const {
  return roster_.current(clock_.wall(), language);
}

std::vector<Session> LiveRegister::today(std::string_view language) const {
  return roster_.today(clock_.wall(), language);
}

void LiveRegister::tick() {
  std::string states = roster_.current(clock_.wall(), "en").id;
  for (const auto& session : roster_.today(clock_.wall(), "en"))
    states.append(" ").append(session.id).append(" ").append(to_string(session.state));
  if (std::exchange(told_, states) == states) return;
  // What is over is not measured any more; a correction of its end brings it back.
  for (auto& [token, device] : devices_)
    std::erase_if(device.sessions, [&](const std::string& id) {
      const auto session = roster_.find(id, clock_.wall(), "en");
      return session && session->state == Session::State::Closed;
    });
  tell(Changed::Sessions);
  tell(Changed::Desk);
}

void LiveRegister::seen(const Proof& proof) {
  roll_over();
  const auto device = devices_.find(proof.device);
  if (device == devices_.end()) return;
  const auto mode = proof.channel.empty() ? Proof::Mode::Page : proof.mode;
  const Stamp now = stamper_.now();
  constexpr auto gap_us = std::chrono::microseconds{kContinue}.count();
  for (const auto& session : device->second.sessions) {
    const std::string key = session + ' ' + device->second.ref + std::string{to_string(mode)};
    const auto [open, fresh] = open_.try_emplace(key, Collected{session, device->second.ref, mode, now, now});
    if (fresh) continue;
    if (now.mono_us - open->second.to.mono_us > gap_us)
      collect(std::exchange(open->second, Collected{session, device->second.ref, mode, now, now}));
    else
      open->second.to = now;
  }
}

void LiveRegister::collect(Collected collected) {
  if (collected_.size() >= kMaxCollected) {
    base::logger("store")->error("the disk cannot be written: the oldest proofs of presence are dropped");
    collected_.erase(collected_.begin(), collected_.begin() + kMaxCollected / 10);
  }
  collected_.push_back(std::move(collected));
}

void LiveRegister::roll_over() {
  if (day_.contains(clock_.wall())) return;
  for (auto& [key, collected] : open_) collect(std::move(collected));
  open_.clear();
  for (auto& [token, device] : devices_) device.sessions.erase(day_.id);
  submit<base::Done>(
      [id = day_.id, now = stamper_.now()](Ledger& ledger) {
        ledger.end_day(id, now);
        return base::Done{};
      },
      [](const base::Status& done) {
        // Without it the session ends at midnight all the same; it matters only if the clock was set.
        if (!done) base::logger("store")->warn("the end of the day was not recorded: {}", done.error().text);
      });
  day_ = day_at(zone_, clock_.wall());
}

void LiveRegister::flush() {
  roll_over();
  for (auto& [key, collected] : open_) collect(std::move(collected));
  open_.clear();
  flush_collected();
  if (clock_.mono() - retained_at_ >= kRetainEvery) retain();
}

Event LiveRegister::to_event(const Collected& collected) {
  Event event = make_event(Kind::Seen, collected.to);
  event.session = collected.session;
  event.device = collected.device;
  event.payload = {{"mode", to_string(collected.mode)}, {"from", to_json(collected.from)}};
  return event;
}

void LiveRegister::flush_collected() {
  if (collected_.empty()) return;
  const auto spans = std::make_shared<std::vector<Collected>>(std::exchange(collected_, {}));
  // Ids are made once, so that a second try after a doubtful commit adds nothing twice.
  std::vector<Event> events;
  for (const auto& span : *spans) events.push_back(to_event(span));
  const std::weak_ptr<const int> alive = alive_;
  submit<base::Done>(
      [events = std::move(events)](Ledger& ledger) {
        for (const auto& event : events) ledger.append(event);
        return base::Done{};
      },
      [this, alive, spans](const base::Status& done) {
        if (done) return;
        base::logger("store")->warn("presence is kept in memory until the disk can be written: {}",
                                    done.error().text);
        if (!alive.expired())
          for (auto& span : *spans) collect(std::move(span));
      });
}

void LiveRegister::retain() {
  retained_at_ = clock_.mono();
  submit<int>([now = stamper_.now()](Ledger& ledger) { return ledger.retain(now); },
              [](const base::Result<int>& erased) {
                if (!erased)
                  base::logger("store")->warn("the retention could not be applied: {}", erased.error().text);
                else if (*erased > 0)
                  base::logger("store")->info("retention: {} persons reduced to counts", *erased);
              });
}

}  // namespace hub::attendance
