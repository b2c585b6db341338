#pragma once
#include "hub/attendance/ledger.h"
#include "tests/unit/attendance/memory_store.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hub::test {

using namespace std::chrono_literals;

/// 2027-01-15, 08:00 UTC, Bamako's time, too.
inline constexpr base::Wall kMorning{std::chrono::milliseconds{1'800'000'000'000}};

/// A hub with a clock, power and people, driven by hand.
class World {
 public:
  base::ManualClock clock;
  std::string watched;  ///< session of proofs; empty: the day
  MemoryStore store;
  lib::glib::TimeZone zone{"Africa/Bamako"};
  attendance::Settings settings;
  attendance::Ledger ledger{
      store, identity(), settings,
      [](const attendance::Table& table, const attendance::Register::ExportRequest&) {
        return attendance::Register::Exported{"text/plain", "x", std::to_string(table.rows.size())};
      }};

  explicit World(attendance::Settings with = {}) : settings{std::move(with)} { start(); }
  static base::Identity identity() {
    base::Identity hub;
    hub.time_zone = "Africa/Bamako";
    return hub;
  }

  [[nodiscard]] attendance::Stamp now() { return stamper_->now(); }
  [[nodiscard]] attendance::Day today() const { return attendance::day_at(zone, clock.wall()); }
  void pass(base::Nanos time) { clock.advance(time); }

  void start() {
    ledger.run_one([&](attendance::Ledger& l) { l.start(now()); });
  }
  void stop() {
    ledger.run_one([&](attendance::Ledger& l) { l.stop(now()); });
  }
  /// The power goes, comes back after @p off, and another boot begins.
  void power_cut(base::Nanos off) {
    clock.advance(off);
    ++boot_;
    stamper_ = std::make_unique<attendance::Stamper>(clock, "boot-" + std::to_string(boot_));
    ledger.load();  // what a new process does
    start();
  }
  /// kill -9: the same boot, another process.
  void crash(base::Nanos off) {
    clock.advance(off);
    stamper_ = std::make_unique<attendance::Stamper>(clock, "boot-" + std::to_string(boot_));
    ledger.load();  // what a new process does
    start();
  }

  attendance::Register::SignedIn sign_in(const std::string& name, const std::string& token = "") {
    attendance::SignIn form;
    form.anonymous = name.empty();
    form.name = name;
    if (!name.empty()) {
      form.consent_version = "2026-11";
      form.consent_language = "fr";
    }
    return sign_in(form, token);
  }
  attendance::Register::SignedIn sign_in(const attendance::SignIn& form, const std::string& token,
                                         const std::string& session = "") {
    attendance::Register::SignedIn done;
    ledger.run_one([&](attendance::Ledger& l) {
      done = l.sign_in({form, session, false, ""}, token, now());
    });
    return done;
  }
  /// Runs @p work as one change, and gives what it gives.
  template <class Work>
  auto run(Work work) {
    std::optional<decltype(work(ledger))> done;
    ledger.run_one([&](attendance::Ledger& l) { done.emplace(work(l)); });
    return *std::move(done);
  }
  int sign_out(const std::string& token) {
    int count = 0;
    ledger.run_one([&](attendance::Ledger& l) { count = l.sign_out(token, now()); });
    return count;
  }
  int erase(const std::string& token) {
    int count = 0;
    ledger.run_one([&](attendance::Ledger& l) { count = l.erase(token, now()); });
    return count;
  }
  /// Proofs of the device every 15 s for @p time, written at the end; the clock goes on.
  void watch(const std::string& token, base::Nanos time,
             attendance::Proof::Mode mode = attendance::Proof::Mode::Video) {
    const auto from = now();
    clock.advance(time);
    seen(token, from, now(), mode);
  }
  void seen(const std::string& token, const attendance::Stamp& from, const attendance::Stamp& to,
            attendance::Proof::Mode mode = attendance::Proof::Mode::Video) {
    attendance::Event event = attendance::make_event(attendance::Kind::Seen, to);
    event.session = watched.empty() ? today().id : watched;
    event.device = *ledger.device(token);
    event.payload = {{"mode", to_string(mode)}, {"from", to_json(from)}};
    ledger.run_one([&](attendance::Ledger& l) { l.append(event); });
  }
  void end_day(const std::string& id) {
    ledger.run_one([&](attendance::Ledger& l) { l.end_day(id, now()); });
  }
  attendance::Table table(const std::string& session = "") {
    attendance::Table table;
    ledger.run_one([&](attendance::Ledger& l) { table = l.table(session, "fr", now()); });
    return table;
  }
  /// The only row of @p basis; the test fails elsewhere if there is none.
  attendance::Row row(bool declared) {
    for (auto& row : table().rows)
      if (row.is_declared == declared) return row;
    return {};
  }

 private:
  int boot_ = 1;
  std::unique_ptr<attendance::Stamper> stamper_ = std::make_unique<attendance::Stamper>(clock, "boot-1");
};

}  // namespace hub::test
