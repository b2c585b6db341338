#pragma once
#include "hub/lib/glib/loop.h"
#include "hub/lib/glib/time_zone.h"
#include "hub/recordings/fetcher.h"
#include "hub/recordings/quiet_hours.h"
#include "hub/recordings/settings.h"
#include "hub/recordings/shelf.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hub::recordings {

/// The folder of recordings and its queue: looks at the folder every two seconds, fetches one recording after
/// the other, deletes those past their time. The truth is in the folder, so a hub and a command may both look
/// after it: who holds the flock on `.fetch.lock` fetches, the other sees the progress.
///
///   main ──► recordings thread: reads and writes the folder ──► main: list, next job
///        ──► fetch thread: one Fetcher                      ──► main: what became of it
///        ──► size thread: questions to servers              ──► main
///
/// @context thread-bound: main
class Keeper final : public Shelf {
 public:
  /// @param data_dir  folder of the month's count and, if the settings name none, of `recordings`.
  /// @param around  copied. Everything else outlives this.
  Keeper(lib::glib::Loop& main, const base::Clock& clock, const Settings& settings,
         const std::string& time_zone, const std::filesystem::path& data_dir, Surroundings around);
  /// Ends a running fetch, which goes on at the next start.
  ~Keeper() override;

  [[nodiscard]] const std::vector<Item>& list() const override { return items_; }
  void on_change(std::function<void()> listener) override { listener_ = std::move(listener); }
  [[nodiscard]] std::uint64_t free_bytes() const override { return free_; }
  [[nodiscard]] const std::string& permission() const override { return settings_.permission; }
  void add(Wish wish, Then<Item> then) override;
  void ask_size(Wish wish, Then<Quote> then) override;
  void remove(std::string id, Then<base::Done> then) override;

  /// From now on, looks at the folder and fetches. @param only  nothing else, for a command; empty:
  /// everything
  void begin(std::set<std::string> only = {});
  /// True while this process fetches.
  [[nodiscard]] bool fetching() const noexcept { return running_.has_value(); }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return library_.folder(); }

 private:
  struct Scan {
    std::vector<Item> items;
    std::vector<Job> jobs;
    std::uint64_t free = 0;
  };
  void look();
  [[nodiscard]] Scan scan();  // recordings thread
  void show(Scan scan);
  void start_next();
  void run(Job job);  // fetch thread
  void ended(const std::string& id);
  [[nodiscard]] Outcome<Item> add_now(const Wish& wish);                           // recordings thread
  [[nodiscard]] Outcome<base::Done> remove_now(const std::string& id, bool ours);  // recordings thread
  [[nodiscard]] std::optional<Trouble> check(const Wish& wish) const;
  /// Runs @p task on main, unless this is gone by then. @context thread-safe
  void post(std::function<void()> task);
  void stop_fetcher();

  lib::glib::Loop& main_;
  const base::Clock& clock_;
  const Settings settings_;
  const lib::glib::TimeZone zone_;
  const QuietHours quiet_;
  const std::filesystem::path budget_file_;
  const Surroundings around_;
  const Library library_;
  const bool own_folder_;  // ours to make; a stick that is not plugged in is not

  std::vector<Item> items_;
  std::vector<Job> jobs_;
  std::uint64_t free_ = 0;
  std::function<void()> listener_;
  std::set<std::string> only_;
  std::optional<std::string> running_;
  bool running_now_ = false;  // the running job does not mind the quiet hours
  bool looking_ = false;
  std::optional<std::pair<std::string, Then<base::Done>>> removal_;  // of the running job, after its end
  std::optional<base::Wall> expired_at_;                             // recordings thread

  std::mutex mutex_;  // guards fetcher_ and stopping_
  Fetcher* fetcher_ = nullptr;
  Fetcher* sizer_ = nullptr;
  bool stopping_ = false;

  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  lib::glib::LoopThread shelf_thread_{"recordings"};
  lib::glib::LoopThread fetch_thread_{"fetch"};
  lib::glib::LoopThread size_thread_{"fetch size"};
  lib::glib::SourceGuard ticker_;
};

/// The flock of who fetches in a folder; held as long as this lives.
class FetchLock {
 public:
  explicit FetchLock(const std::filesystem::path& folder);
  FetchLock(const FetchLock&) = delete;
  FetchLock& operator=(const FetchLock&) = delete;
  ~FetchLock();
  [[nodiscard]] bool held() const noexcept { return held_; }

 private:
  int fd_ = -1;
  bool held_ = false;
};

}  // namespace hub::recordings
