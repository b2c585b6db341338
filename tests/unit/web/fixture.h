#pragma once
#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
#include "hub/channels/manager.h"
#include "hub/lib/glib/loop.h"
#include "hub/machine/report.h"
#include "hub/web/audience.h"
#include "hub/web/auth.h"
#include "hub/web/fault_reports.h"
#include "hub/web/server.h"
#include "hub/web/services.h"
#include "hub/web/stats.h"
#include "tests/unit/web/client.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hub::test {

/// A snapshot whose files and answers a test sets.
class FakeSnapshot final : public packager::HlsSnapshot {
 public:
  std::map<std::string, std::string, std::less<>> files;
  std::uint64_t newest = 0;  ///< media sequence number; a playlist with a higher msn is pending
  bool is_playable = true;
  std::chrono::milliseconds wait{5000};

  [[nodiscard]] packager::HlsAnswer get(std::string_view file,
                                        const packager::HlsQuery& query) const override {
    using Status = packager::HlsAnswer::Status;
    if (query.msn && *query.msn > newest + 2) return {Status::Bad, nullptr, "", false};
    if (query.msn && *query.msn > newest) return {Status::Pending, nullptr, "", false};
    const auto found = files.find(file);
    if (found == files.end()) return {Status::Missing, nullptr, "", false};
    const bool playlist = file.ends_with(".m3u8");
    return {Status::Ready, base::make_blob({found->second.begin(), found->second.end()}),
            playlist ? "application/vnd.apple.mpegurl" : "video/mp4", !playlist};
  }
  [[nodiscard]] bool playable() const override { return is_playable; }
  [[nodiscard]] std::chrono::milliseconds max_wait() const override { return wait; }
};

/// Channels that a test owns. @context main, but for directory() and the publications
class FakeManager final : public channels::Manager {
 public:
  FakeManager();
  [[nodiscard]] const std::vector<channels::Info>& list() const override { return infos; }
  void on_change(std::function<void()> listener) override { listener_ = std::move(listener); }
  base::Status start(std::string_view id) override { return set(id, channels::State::Connecting); }
  base::Status stop(std::string_view id) override { return set(id, channels::State::Idle); }
  [[nodiscard]] std::shared_ptr<const channels::Directory> directory() const override { return directory_; }
  void changed() {
    if (listener_) listener_();
  }

  std::vector<channels::Info> infos;
  std::shared_ptr<channels::Outputs> room;

 private:
  base::Status set(std::string_view id, channels::State state);
  std::function<void()> listener_;
  std::shared_ptr<const channels::Directory> directory_;
};

/// A register in memory. @context main
class FakeRegister final : public attendance::Register {
 public:
  void sign_in(attendance::SignIn, std::string, Then<SignedIn> then) override {
    then(base::Failure{base::Errc::Internal, "not here"});
  }
  void sign_out(std::string, Then<int> then) override { then(0); }
  void me(std::string, Then<Me> then) override { then(Me{}); }
  void erase(std::string, Then<int> then) override { then(0); }
  void seen(const attendance::Proof& proof) override { proofs.push_back(proof); }
  [[nodiscard]] bool knows(std::string_view device) const override { return known.contains(device); }
  void sessions(Then<std::vector<SessionSummary>> then) override { then(std::vector<SessionSummary>{}); }
  void export_(ExportRequest, Then<Exported> then) override { then(Exported{"text/csv", "a.csv", ""}); }
  [[nodiscard]] Current current(std::string_view) const override {
    return {"local:2027-01-15", "15 janvier"};
  }

  std::set<std::string, std::less<>> known;
  std::vector<attendance::Proof> proofs;
};

class FakeSecrets final : public web::Secrets {
 public:
  [[nodiscard]] std::optional<std::string> load(web::Role role) const override {
    const auto found = hashes.find(role);
    return found == hashes.end() ? std::nullopt : std::optional{found->second};
  }
  void store(web::Role role, const std::string& hash) override { hashes[role] = hash; }
  std::map<web::Role, std::string> hashes;
};

inline constexpr web::Auth::Settings kCheapHash{true, 1, 8192};

/// A whole server on a free port, with its own main thread.
class Fixture {
 public:
  explicit Fixture(web::Limits limits = {}, web::Settings settings = local(),
                   web::Auth::Settings auth = kCheapHash);
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture();

  static web::Settings local() {
    web::Settings settings;
    settings.address = "127.0.0.1";
    settings.port = 0;
    return settings;
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Client client() const { return Client{port_}; }
  /// One request on its own connection.
  Client::Answer ask(const Client::Ask& ask) const { return client().ask(ask); }
  /// Runs in main and waits.
  void on_main(const std::function<void()>& task) { main.run_and_wait(task); }
  void stop();
  /// The cookie of a fresh login with @p passphrase.
  [[nodiscard]] std::string login(const std::string& passphrase);

  base::Identity identity;
  attendance::Settings privacy;
  base::SystemClock clock;
  FakeManager manager;
  FakeRegister people;
  FakeSecrets secrets;
  lib::glib::LoopThread main{"main"};
  std::unique_ptr<web::Auth> auth;
  web::FaultReports reports;
  std::unique_ptr<web::Audience> audience;
  std::unique_ptr<web::Stats> stats;
  machine::Report machine;
  std::unique_ptr<web::Services> services;
  std::unique_ptr<web::Server> server;

 private:
  std::uint16_t port_ = 0;
};

/// Waits for @p done with a deadline; polls, since what it watches are plain counters.
template <class Done>
bool eventually(Done done, std::chrono::milliseconds limit = std::chrono::seconds{5}) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace hub::test
