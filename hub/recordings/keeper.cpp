#include "hub/recordings/keeper.h"

#include "hub/base/log.h"

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace hub::recordings {
namespace {

namespace fs = std::filesystem;
using base::Errc;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 2s;
constexpr auto kRetryAfter = 5min;
constexpr auto kRetryBusyAfter = 1h;
constexpr auto kExpireEvery = 1h;
constexpr std::size_t kMaxJobs = 100;

Item to_item(const Recording& recording) {
  Item item;
  item.id = recording.id;
  item.title = recording.title;
  item.size_bytes = recording.size_bytes;
  item.done_bytes = recording.size_bytes;
  item.duration_s = recording.duration_s;
  item.state = Item::State::Ready;
  item.keep_until = recording.keep_until;
  return item;
}

Item to_item(const Job& job, std::uint64_t done) {
  Item item;
  item.id = job.id;
  item.title = job.title;
  item.size_bytes = job.size_bytes;
  item.size_is_estimate = job.size_is_estimate;
  item.done_bytes = done;
  item.duration_s = job.duration_s;
  item.state = job.state == Job::State::Failed ? Item::State::Failed : Item::State::Queued;
  item.reason = job.trouble;
  return item;
}

Trouble folder_trouble(const fs::path& folder) {
  return {
      Errc::Io,
      fmt::format(
          "Le dossier des enregistrements {} n'est pas là ou n'accepte rien ; branchez la clé, ou changez "
          "[recordings] folder.",
          folder.string()),
      fmt::format("The folder of recordings {} is missing or takes nothing; plug the stick in, or change "
                  "[recordings] folder.",
                  folder.string())};
}

}  // namespace

bool operator==(const Item& a, const Item& b) {
  const auto tie = [](const Item& i) {
    return std::tie(i.id, i.title, i.size_bytes, i.size_is_estimate, i.done_bytes, i.duration_s, i.state,
                    i.keep_until);
  };
  const auto text = [](const Item& i) { return i.reason ? i.reason->fr : std::string{}; };
  return tie(a) == tie(b) && text(a) == text(b);
}

Trouble no_permission() {
  return {Errc::NotAuthorised,
          "Récupérer un enregistrement, c'est en faire une copie : il faut l'accord de qui en a les droits. "
          "Quand vous "
          "l'avez, écrivez dans hub.toml : [rights] permission = \"qui l'a donné, AAAA-MM-JJ\".",
          "Fetching a recording makes a copy of it: that needs the consent of who holds the rights. When you "
          "have it, "
          "write into hub.toml: [rights] permission = \"who gave it, YYYY-MM-DD\"."};
}

FetchLock::FetchLock(const fs::path& folder)
    : fd_{open((folder / ".fetch.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)} {
  held_ = fd_ >= 0 && flock(fd_, LOCK_EX | LOCK_NB) == 0;
}

FetchLock::~FetchLock() {
  if (fd_ >= 0) close(fd_);
}

Keeper::Keeper(lib::glib::Loop& main, const base::Clock& clock, const Settings& settings,
               const std::string& time_zone, const fs::path& data_dir, Surroundings around)
    : main_{main},
      clock_{clock},
      settings_{settings},
      zone_{time_zone},
      quiet_{QuietHours::parse(settings.quiet_hours).value_or(QuietHours{})},
      budget_file_{data_dir / "uplink.json"},
      around_{std::move(around)},
      library_{settings.folder.empty() ? data_dir / "recordings" : settings.folder},
      own_folder_{settings.folder.empty()} {
  std::error_code ignored;
  if (own_folder_) fs::create_directory(library_.folder(), ignored);
}

Keeper::~Keeper() {
  ticker_.reset();
  *alive_ = false;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    if (sizer_) sizer_->stop();
  }
  stop_fetcher();
  size_thread_.stop();
  fetch_thread_.stop();
  shelf_thread_.stop();
}

void Keeper::post(std::function<void()> task) {
  main_.post([alive = alive_, task = std::move(task)] {
    if (*alive) task();
  });
}

void Keeper::begin(std::set<std::string> only) {
  only_ = std::move(only);
  ticker_ = main_.every(kLookEvery, [this] { look(); });
  look();
}

void Keeper::look() {
  // The night is over: what runs goes on in the next one.
  if (running_ && !running_now_ && !quiet_.contains(clock_.wall(), zone_)) stop_fetcher();
  if (std::exchange(looking_, true)) return;
  shelf_thread_.post([this] {
    auto seen = scan();
    post([this, seen = std::move(seen)]() mutable { show(std::move(seen)); });
  });
}

Keeper::Scan Keeper::scan() {
  const auto& folder = library_.folder();
  std::error_code ignored;
  if (own_folder_) fs::create_directory(folder, ignored);
  const auto now = clock_.wall();
  if (!expired_at_ || now - *expired_at_ >= kExpireEvery || now < *expired_at_) {
    expired_at_ = now;
    try {
      for (const auto& title : library_.expire(now))
        base::logger("recordings")->info("{}: deleted, its keep_days are over", title);
    } catch (const base::Error& error) {
      base::logger("recordings")->warn("an old recording was not deleted: {}", error.what());
    }
  }
  Scan out;
  std::set<std::string> ready;
  for (const auto& recording : library_.list()) {
    ready.insert(recording.id);
    out.items.push_back(to_item(recording));
  }
  for (auto& job : list_jobs(folder)) {
    if (ready.contains(job.id)) {  // the power went between the rename and the tidying up
      try {
        remove_job(folder, job.id);
      } catch (const base::Error& error) {
        base::logger("recordings")->warn("{}", error.what());
      }
      continue;
    }
    out.items.push_back(to_item(job, job_bytes(folder, job.id)));
    out.jobs.push_back(std::move(job));
  }
  out.free = around_.space(folder).free;
  return out;
}

void Keeper::show(Scan seen) {
  looking_ = false;
  const auto now = clock_.wall();
  for (auto& item : seen.items) {
    const auto job =
        std::find_if(seen.jobs.begin(), seen.jobs.end(), [&](const Job& j) { return j.id == item.id; });
    if (running_ == item.id) {
      item.state = Item::State::Fetching;
      item.reason.reset();
    } else if (job != seen.jobs.end() && item.state == Item::State::Queued && !item.reason && !job->now &&
               !quiet_.contains(now, zone_)) {
      const auto at = zone_.iso(quiet_.next(now, zone_)).substr(11, 5);
      item.reason = Trouble{Errc::Busy, fmt::format("Attend les heures creuses : commence à {}.", at),
                            fmt::format("Waits for the quiet hours: begins at {}.", at)};
    }
  }
  jobs_ = std::move(seen.jobs);
  free_ = seen.free;
  const bool changed = items_ != seen.items;
  items_ = std::move(seen.items);
  start_next();
  if (changed && listener_) listener_();
}

void Keeper::start_next() {
  if (running_ || settings_.permission.empty()) return;
  const auto now = clock_.wall();
  for (const auto& job : jobs_) {
    if (job.state != Job::State::Queued || (job.retry && *job.retry > now)) continue;
    if (!only_.empty() && !only_.contains(job.id)) continue;
    if (!job.now && !quiet_.contains(now, zone_)) continue;
    running_ = job.id;
    running_now_ = job.now;
    fetch_thread_.post([this, job] { run(job); });
    return;
  }
}

void Keeper::run(Job job) {
  const FetchLock lock{library_.folder()};
  // It may have been fetched or deleted by the other process since the last look.
  const auto fresh = lock.held() ? load_job(library_.folder(), job.id) : std::nullopt;
  if (fresh && fresh->state == Job::State::Queued) {
    job = *fresh;
    job.trouble.reset();
    job.retry.reset();
    Budget budget{budget_file_, settings_.monthly_mb, zone_, clock_};
    Fetcher fetcher{library_, around_, budget, settings_.fetch_kbps, settings_.keep, clock_};
    {
      const std::lock_guard guard{mutex_};
      fetcher_ = &fetcher;
      if (stopping_) fetcher.stop();
    }
    const auto log = base::logger("recordings");
    log->info("{}: fetching", job.id);
    const auto outcome = fetcher.fetch(job);
    {
      const std::lock_guard guard{mutex_};
      fetcher_ = nullptr;
    }
    if (outcome) {
      log->info("{}: ready", job.id);
    } else if (const auto& trouble = outcome.trouble(); trouble.code != Errc::Ended) {
      log->warn("{}: {}", job.id, trouble.en);
      job.trouble = trouble;
      job.state = trouble.passes() ? Job::State::Queued : Job::State::Failed;
      job.retry = clock_.wall() + (trouble.code == Errc::Busy ? std::chrono::minutes{kRetryBusyAfter}
                                                              : std::chrono::minutes{kRetryAfter});
    } else {
      job.trouble.reset();
    }
    try {
      if (!outcome) save_job(library_.folder(), job);
    } catch (const base::Error& error) {
      log->error("{}: {}", job.id, error.what());
    }
  }
  post([this, id = job.id] { ended(id); });
}

void Keeper::ended(const std::string& id) {
  running_.reset();
  if (removal_ && removal_->first == id) {
    auto [wanted, then] = std::move(*removal_);
    removal_.reset();
    remove(wanted, then);
    return;
  }
  look();
}

void Keeper::stop_fetcher() {
  const std::lock_guard lock{mutex_};
  if (fetcher_) fetcher_->stop();
}

std::optional<Trouble> Keeper::check(const Wish& wish) const {
  if (settings_.permission.empty()) return no_permission();
  const auto address = lib::glib::parse_web_address(wish.uri);
  if (!address || wish.uri.size() > 4096)
    return Trouble{Errc::Invalid, "L'adresse est mal formée ; elle commence par http:// ou https://.",
                   "The address is malformed; it begins with http:// or https://."};
  if (around_.is_this_hub && around_.is_this_hub(*address))
    return Trouble{Errc::Invalid,
                   "L'adresse mène à ce hub lui-même ; donnez celle de l'enregistrement d'origine.",
                   "The address leads to this hub itself; give the one of the original recording."};
  return std::nullopt;
}

void Keeper::add(Wish wish, Then<Item> then) {
  if (const auto trouble = check(wish)) return then(*trouble);
  shelf_thread_.post([this, wish = std::move(wish), then = std::move(then)] {
    auto outcome = add_now(wish);
    post([this, outcome = std::move(outcome), then] {
      then(outcome);
      look();
    });
  });
}

Outcome<Item> Keeper::add_now(const Wish& wish) {
  const auto& folder = library_.folder();
  std::error_code ignored;
  if (own_folder_) fs::create_directory(folder, ignored);
  const auto jobs = list_jobs(folder);
  const auto ready = library_.list();
  const auto hash = lib::glib::sha256(wish.uri);
  for (const auto& recording : ready)
    if (recording.address_hash == hash)
      return Trouble{Errc::Conflict, fmt::format("Cet enregistrement est déjà là : {}.", recording.id),
                     fmt::format("This recording is there already: {}.", recording.id)};
  Job job;
  const auto same = std::find_if(jobs.begin(), jobs.end(), [&](const Job& j) { return j.uri == wish.uri; });
  if (same != jobs.end()) {
    job = *same;
  } else {
    if (jobs.size() >= kMaxJobs)
      return Trouble{Errc::TooLarge,
                     fmt::format("{} enregistrements attendent déjà ; c'est le maximum.", kMaxJobs),
                     fmt::format("{} recordings wait already; that is the most.", kMaxJobs)};
    const auto base = make_id(wish.title, wish.uri);
    const auto taken = [&](const std::string& id) {
      const auto is = [&](const auto& thing) { return thing.id == id; };
      return std::any_of(ready.begin(), ready.end(), is) || std::any_of(jobs.begin(), jobs.end(), is);
    };
    job.id = base;
    for (int n = 2; taken(job.id); ++n) job.id = fmt::format("{}-{}", base.substr(0, 54), n);
    job.uri = wish.uri;
    job.title = wish.title.empty() ? job.id : wish.title;
    job.queued_at = clock_.wall();
    job.max_height = wish.max_height;
    job.max_kbps = wish.max_kbps;
  }
  const bool idle = same == jobs.end() || same->state == Job::State::Failed || same->retry;
  job.now = job.now || wish.now;
  job.state = Job::State::Queued;
  job.trouble.reset();
  job.retry.reset();
  try {
    // The one that fetches it right now writes the file itself.
    const FetchLock lock{folder};
    if (idle || lock.held()) save_job(folder, job);
  } catch (const base::Error& error) {
    base::logger("recordings")->warn("{}", error.what());
    return folder_trouble(folder);
  }
  return to_item(job, job_bytes(folder, job.id));
}

void Keeper::ask_size(Wish wish, Then<Quote> then) {
  if (const auto trouble = check(wish)) return then(*trouble);
  size_thread_.post([this, wish = std::move(wish), then = std::move(then)] {
    Budget budget{budget_file_, settings_.monthly_mb, zone_, clock_, Budget::Use::Look};
    Fetcher fetcher{library_, around_, budget, 0, settings_.keep, clock_};
    {
      const std::lock_guard guard{mutex_};
      sizer_ = &fetcher;
      if (stopping_) fetcher.stop();
    }
    Job job;
    job.uri = wish.uri;
    job.max_height = wish.max_height;
    job.max_kbps = wish.max_kbps;
    const auto size = fetcher.ask_size(job);
    Quote quote;
    std::optional<Trouble> trouble;
    if (size) {
      quote.size_bytes = size->bytes;
      quote.size_is_estimate = size->estimate;
      quote.free_bytes = around_.space(library_.folder()).free;
      const auto now = clock_.wall();
      quote.starts_at = wish.now ? now : quiet_.next(now, zone_);
      if (size->bytes) trouble = fetcher.check_room(size->bytes);
    } else {
      trouble = size.trouble();
    }
    {
      const std::lock_guard guard{mutex_};
      sizer_ = nullptr;
    }
    post([quote, trouble, then] { trouble ? then(*trouble) : then(quote); });
  });
}

void Keeper::remove(std::string id, Then<base::Done> then) {
  if (running_ == id) {
    removal_.emplace(std::move(id), std::move(then));
    stop_fetcher();
    return;
  }
  shelf_thread_.post([this, id = std::move(id), then = std::move(then), ours = running_.has_value()] {
    const auto outcome = remove_now(id, ours);
    post([this, outcome, then] {
      then(outcome);
      look();
    });
  });
}

Outcome<base::Done> Keeper::remove_now(const std::string& id, bool ours) {
  const auto& folder = library_.folder();
  try {
    if (library_.remove(id)) return base::Done{};
    if (!load_job(folder, id))
      return Trouble{Errc::NotFound, "Cet enregistrement n'existe pas. Rechargez la liste.",
                     "There is no such recording. Reload the list."};
    const FetchLock lock{folder};
    if (!lock.held() && !ours)
      return Trouble{Errc::Conflict, "Un autre programme est en train de le récupérer ; arrêtez-le d'abord.",
                     "Another program is fetching it; stop that first."};
    remove_job(folder, id);
    return base::Done{};
  } catch (const base::Error& error) {
    base::logger("recordings")->warn("{}", error.what());
    return folder_trouble(folder);
  }
}

}  // namespace hub::recordings
