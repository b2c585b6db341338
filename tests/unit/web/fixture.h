#pragma once
#include "hub/agenda/settings.h"
#include "hub/attendance/register.h"
#include "hub/attendance/settings.h"
#include "hub/base/clock.h"
#include "hub/base/identity.h"
#include "hub/channels/manager.h"
#include "hub/lib/glib/loop.h"
#include "hub/machine/report.h"
#include "hub/recordings/shelf.h"
#include "hub/web/admission.h"
#include "hub/web/audience.h"
#include "hub/web/auth.h"
#include "hub/web/fault_reports.h"
#include "hub/web/notices.h"
#include "hub/web/press.h"
#include "hub/web/server.h"
#include "hub/web/services.h"
#include "hub/web/stats.h"
#include "tests/unit/attendance/silent_register.h"
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
  base::Result<channels::Info> add(channels::ChannelSettings channel) override;
  base::Status remove(std::string_view id) override;
  base::Status pause(std::string_view id) override { return set(id, channels::State::Slate); }
  base::Status resume(std::string_view id) override { return set(id, channels::State::Live); }
  base::Result<channels::Cue> seek(std::string_view id, const channels::Seek& wish) override;
  base::Status test(const std::string& uri, std::function<void(const channels::ProbeReport&)> then) override;
  [[nodiscard]] std::shared_ptr<const channels::Directory> directory() const override { return directory_; }
  void changed() {
    if (listener_) listener_();
  }

  std::vector<channels::Info> infos;
  std::shared_ptr<channels::Outputs> room;
  channels::ProbeReport probed;  ///< what test() says
  std::string tested;
  channels::Seek sought;
  channels::Cue cue;  ///< what seek() says

 private:
  base::Status set(std::string_view id, channels::State state);
  std::function<void()> listener_;
  std::shared_ptr<const channels::Directory> directory_;
};

/// A register that knows devices and remembers proofs. @context main
class FakeRegister final : public SilentRegister {
 public:
  void seen(const attendance::Proof& proof) override { proofs.push_back(proof); }
  [[nodiscard]] bool knows(std::string_view device) const override { return known.contains(device); }

  [[nodiscard]] attendance::Session current(std::string_view language) const override {
    auto day = SilentRegister::current(language);
    day.title = day_title;
    return day;
  }

  std::set<std::string, std::less<>> known;
  std::string day_title = "15 janvier";
  std::vector<attendance::Proof> proofs;
};

class FakeSecrets final : public web::Secrets {
 public:
  [[nodiscard]] std::optional<std::string> load(web::Role role) const override {
    const auto found = hashes.find(role);
    return found == hashes.end() ? std::nullopt : std::optional{found->second};
  }
  void refresh(std::function<void()> then) override { then(); }
  void store(web::Role role, const std::string& hash) override { hashes[role] = hash; }
  std::map<web::Role, std::string> hashes;
};

/// Recordings that a test owns. @context main
class FakeShelf final : public recordings::Shelf {
 public:
  [[nodiscard]] const std::vector<recordings::Item>& list() const override { return items; }
  void on_change(std::function<void()> listener) override { changed = std::move(listener); }
  [[nodiscard]] std::uint64_t free_bytes() const override { return 5'000'000'000; }
  [[nodiscard]] const std::string& permission() const override { return allowed; }
  void add(Wish wish, Then<recordings::Item> then) override {
    if (allowed.empty()) return then(recordings::no_permission());
    recordings::Item item;
    item.id = "dnsop-127";
    item.title = wish.title;
    wishes.push_back(std::move(wish));
    then(item);
  }
  void ask_size(Wish wish, Then<Quote> then) override {
    wishes.push_back(std::move(wish));
    if (allowed.empty()) return then(recordings::no_permission());
    then(Quote{123'000'000, false, free_bytes(), base::Wall{std::chrono::seconds{1'800'000'000}}});
  }
  void remove(std::string id, Then<base::Done> then) override {
    if (std::erase_if(items, [&](const auto& item) { return item.id == id; }) > 0) return then(base::Done{});
    then(recordings::Trouble{base::Errc::NotFound, "Il n'y en a pas.", "There is none."});
  }

  std::vector<recordings::Item> items;
  std::vector<Wish> wishes;
  std::string allowed = "K. Diarra, 2027-03-01";
  std::function<void()> changed;
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
  agenda::Settings ietf;
  base::SystemClock clock;
  FakeManager manager;
  FakeRegister people;
  FakeSecrets secrets;
  FakeShelf shelf;
  lib::glib::LoopThread main{"main"};
  std::unique_ptr<web::Auth> auth;
  web::FaultReports reports;
  web::Notices notices;
  std::unique_ptr<web::Audience> audience;
  std::unique_ptr<web::Stats> stats;
  web::Admission admission;
  web::Settings settings;
  reports::WifiSettings wifi;
  std::unique_ptr<web::Press> press;
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
