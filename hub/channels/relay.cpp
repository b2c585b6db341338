#include "hub/channels/relay.h"

#include "hub/base/log.h"
#include "hub/channels/channel.h"
#include "hub/channels/packager_outlet.h"
#include "hub/channels/recording.h"
#include "hub/channels/worker_process.h"

#include <algorithm>
#include <list>
#include <utility>

#include <fmt/format.h>
#include <sys/random.h>

namespace hub::channels {
namespace {

using namespace std::chrono_literals;
constexpr auto kTick = 50ms;           // of running channels: decides how late a pause or a stall is noticed
constexpr auto kCounterInterval = 1s;  // of Info, when nothing but counters changed

std::shared_ptr<const Outputs> make_outputs(const ChannelSettings& settings) {
  auto outputs = std::make_shared<Outputs>();
  outputs->id = settings.id;
  outputs->title = settings.title;
  outputs->hls = std::make_shared<packager::HlsPublication>();
  outputs->mp3 = std::make_shared<packager::AudioPublication>();
  outputs->aac = std::make_shared<packager::AudioPublication>();
  return outputs;
}

std::uint32_t random_seed() {
  std::uint32_t seed = 0;
  // Fails only before the kernel's pool is ready, at boot; a pause without jitter is no harm.
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) < 0) seed = 1;
  return seed;
}

}  // namespace

std::string make_start_id() {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string id;
  while (id.size() < 6) {
    unsigned char byte = 0;
    if (getrandom(&byte, 1, 0) != 1) continue;
    if (byte < 252) id += kDigits[byte % kDigits.size()];  // 252 = 7 × 36: every digit is as likely
  }
  return id;
}

/// What main keeps. Dies with the manager, so that reports which are still queued find nobody.
struct RelayManager::MainSide {
  std::vector<Info> infos;
  std::function<void()> listener;
  int tests = 0;  // under way
};

/// What the relay thread keeps.
class RelayManager::RelaySide final : Channel::Listener {
 public:
  RelaySide(lib::glib::Loop& relay, lib::glib::Loop& main, std::weak_ptr<MainSide> main_side,
            const base::Clock& clock, const RelaySettings& settings, Memory& memory, std::string worker_path)
      : relay_{relay},
        main_{main},
        main_side_{std::move(main_side)},
        clock_{clock},
        settings_{settings},
        memory_{memory},
        workers_{relay, clock, std::move(worker_path)} {}

  ~RelaySide() override {
    ticker_.reset();
    probes_.clear();
    channels_.clear();
  }  // then workers_ waits for the processes

  void add(const ChannelSettings& settings, bool added, const std::shared_ptr<const Outputs>& outputs,
           Mark mark, Marks& marks, std::optional<Room> room) {
    auto entry = std::make_unique<Entry>();
    entry->added = added;
    entry->outlet.emplace(outputs, settings_, clock_, make_start_id(), mark,
                          [&marks, id = settings.id](Mark next) { marks.save(id, next); });
    entry->channel.emplace(settings, settings_, clock_, workers_, *entry->outlet,
                           static_cast<Channel::Listener&>(*this), random_seed());
    entry->channel->recall(std::move(room));
    channels_.push_back(std::move(entry));
  }

  void remove(const std::string& id) {
    std::erase_if(channels_, [&](const auto& entry) { return entry->channel->info().id == id; });
    // Only now: while it lived it might have saved its room again.
    memory_.forget(id);
  }

  void act(const std::string& id, const std::function<void(Channel&)>& action) {
    for (const auto& entry : channels_)
      if (entry->channel->info().id == id) action(*entry->channel);
    wake();
  }

  void begin() {
    for (const auto& entry : channels_) entry->channel->begin();
    wake();
  }

  void tell_main(std::function<void()> task) { main_.post(std::move(task)); }

  void test(const stream::Job& job, const std::function<void(ProbeReport)>& then) {
    constexpr auto kLength = 3s;
    auto& probe = probes_.emplace_back();
    probe = std::make_unique<Probe>(relay_, kLength, [this, &probe, then](ProbeReport report) {
      then(std::move(report));
      // Not within its own call.
      relay_.post([this, done = probe.get()] {
        probes_.remove_if([done](const auto& held) { return held.get() == done; });
      });
    });
    probe->start(workers_, job);
  }

 private:
  struct Entry {
    bool added = false;
    std::optional<PackagerOutlet> outlet;
    std::optional<Channel> channel;
  };

  void wake() {
    if (!ticker_) ticker_ = relay_.every(kTick, [this] { tick(); });
  }

  void tick() {
    bool running = false;
    const auto now = clock_.mono();
    const bool counters = now - counted_ >= kCounterInterval;
    if (counters) counted_ = now;
    for (const auto& entry : channels_) {
      auto& channel = *entry->channel;
      channel.tick();
      running = running || channel.needs_tick();
      if (counters && channel.info().state != State::Idle) report(*entry);
    }
    if (!running) ticker_.reset();  // a hub that relays nothing does not wake up
  }

  void on_change(const Channel& channel) override {
    for (const auto& entry : channels_)
      if (&*entry->channel == &channel) report(*entry);
  }

  void on_room(const Channel& channel, const Room& room) override {
    memory_.save_room(channel.info().id, room);
  }

  void report(const Entry& entry) {
    main_.post([info = entry.channel->info(), added = entry.added, main_side = main_side_]() mutable {
      const auto side = main_side.lock();
      if (!side) return;
      const auto found = std::find_if(side->infos.begin(), side->infos.end(),
                                      [&](const Info& known) { return known.id == info.id; });
      if (found == side->infos.end()) return;  // removed since
      info.added = added;
      *found = std::move(info);
      const auto listener = side->listener;  // it may replace itself
      if (listener) listener();
    });
  }

  lib::glib::Loop& relay_;
  lib::glib::Loop& main_;
  std::weak_ptr<MainSide> main_side_;
  const base::Clock& clock_;
  RelaySettings settings_;
  Memory& memory_;
  ProcessFactory workers_;
  std::vector<std::unique_ptr<Entry>> channels_;
  std::list<std::unique_ptr<Probe>> probes_;
  base::Mono counted_{};
  lib::glib::SourceGuard ticker_;
};

RelayManager::RelayManager(lib::glib::Loop& main, const base::Clock& clock, const RelaySettings& relay,
                           const std::vector<ChannelSettings>& channels, Marks& marks, Memory& memory,
                           const std::string& worker_path)
    : clock_{clock},
      relay_{relay},
      marks_{marks},
      memory_{memory},
      main_side_{std::make_shared<MainSide>()},
      directory_{std::make_shared<const Directory>()} {
  for (const auto& settings : channels)
    if (settings.sources.size() != 1)
      throw base::Error{base::Errc::Config,
                        fmt::format("channel '{}' has {} sources; exactly one is possible", settings.id,
                                    settings.sources.size())};
  thread_ = std::make_unique<lib::glib::LoopThread>("relay");
  thread_->run_and_wait([&] {
    relay_side_ =
        std::make_unique<RelaySide>(thread_->loop(), main, main_side_, clock, relay_, memory, worker_path);
  });
  try {
    for (const auto& settings : channels) {
      if (find(settings.id))
        throw base::Error{base::Errc::Config, fmt::format("two channels have the id '{}'", settings.id)};
      make(settings, false);
    }
  } catch (...) {
    thread_->run_and_wait([this] { relay_side_.reset(); });
    throw;
  }
  for (const auto& settings : memory.load_added()) {
    if (!find(settings.id) && list().size() < kMaxChannels)
      make(settings, true);
    else
      base::logger("channels")
          ->warn("the channel '{}' that was added is left out: the config has one of that id", settings.id);
  }
}

RelayManager::~RelayManager() {
  thread_->run_and_wait([this] { relay_side_.reset(); });
  thread_->stop();
}

void RelayManager::make(const ChannelSettings& settings, bool added) {
  auto outputs = make_outputs(settings);
  Info info = first_info(settings, clock_);
  info.added = added;
  main_side_->infos.push_back(std::move(info));
  publish(settings.id, outputs);
  thread_->post([side = relay_side_.get(), settings, added, outputs, mark = marks_.load(settings.id),
                 room = memory_.load_room(settings.id),
                 this] { side->add(settings, added, outputs, mark, marks_, room); });
}

void RelayManager::publish(std::string_view id, std::shared_ptr<const Outputs> outputs) {
  const std::lock_guard lock{mutex_};
  auto next = std::make_shared<Directory>(*directory_);
  if (outputs)
    next->insert_or_assign(std::string{id}, std::move(outputs));
  else if (const auto found = next->find(id); found != next->end())
    next->erase(found);
  directory_ = std::move(next);
}

void RelayManager::begin() {
  thread_->post([side = relay_side_.get()] { side->begin(); });
}

const std::vector<Info>& RelayManager::list() const {
  return main_side_->infos;
}

void RelayManager::on_change(std::function<void()> listener) {
  main_side_->listener = std::move(listener);
}

const Info* RelayManager::find(std::string_view id) const {
  const auto& infos = main_side_->infos;
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const Info& info) { return info.id == id; });
  return found == infos.end() ? nullptr : &*found;
}

base::Status RelayManager::post_to(std::string_view id, std::function<void(Channel&)> action) {
  if (!find(id)) return base::Failure{base::Errc::NotFound, fmt::format("there is no channel '{}'", id)};
  thread_->post([side = relay_side_.get(), id = std::string{id}, action = std::move(action)] {
    side->act(id, action);
  });
  return base::ok();
}

base::Status RelayManager::start(std::string_view id) {
  return post_to(id, [](Channel& channel) { channel.start(); });
}

base::Status RelayManager::stop(std::string_view id) {
  return post_to(id, [](Channel& channel) { channel.stop(); });
}

base::Result<Info> RelayManager::add(ChannelSettings channel) {
  if (list().size() >= kMaxChannels)
    return base::Failure{base::Errc::TooLarge,
                         fmt::format("there are {} channels already; delete one first", kMaxChannels)};
  if (channel.id.empty())
    channel.id =
        make_channel_id(channel.title, [this](const std::string& id) { return find(id) != nullptr; });
  if (find(channel.id))
    return base::Failure{base::Errc::Conflict, fmt::format("there is a channel '{}' already", channel.id)};
  if (channel.title.empty()) channel.title = channel.id;
  memory_.save_added(channel);
  make(channel, true);
  // One with a time waits for it.
  if (!channel.starts_at) (void)start(channel.id);
  (void)post_to(channel.id, [](Channel&) {});  // the clock is looked at from now on
  const auto listener = main_side_->listener;
  if (listener) listener();
  return Info{*find(channel.id)};
}

base::Status RelayManager::remove(std::string_view id) {
  const auto* info = find(id);
  if (!info) return base::Failure{base::Errc::NotFound, fmt::format("there is no channel '{}'", id)};
  if (!info->added)
    return base::Failure{
        base::Errc::Conflict,
        fmt::format("the channel '{}' is in the config: stop it here, or take it out there", id)};
  const std::string name{id};  // id may be part of what goes
  std::erase_if(main_side_->infos, [&](const Info& known) { return known.id == name; });
  publish(name, nullptr);
  thread_->post([side = relay_side_.get(), name] { side->remove(name); });
  const auto listener = main_side_->listener;
  if (listener) listener();
  return base::ok();
}

base::Status RelayManager::check_replay(std::string_view id, bool running) const {
  const auto* info = find(id);
  if (!info) return base::Failure{base::Errc::NotFound, fmt::format("there is no channel '{}'", id)};
  if (!info->replay)
    return base::Failure{base::Errc::Conflict, fmt::format("the channel '{}' is live, not a replay", id)};
  if (running && info->state == State::Idle)
    return base::Failure{base::Errc::Conflict,
                         fmt::format("the replay '{}' does not run: start it first", id)};
  return base::ok();
}

base::Status RelayManager::pause(std::string_view id) {
  if (auto wrong = check_replay(id, true); !wrong) return wrong;
  return post_to(id, [](Channel& channel) { channel.pause(); });
}

base::Status RelayManager::resume(std::string_view id) {
  if (auto wrong = check_replay(id, true); !wrong) return wrong;
  return post_to(id, [](Channel& channel) { channel.resume(); });
}

base::Result<Cue> RelayManager::seek(std::string_view id, const Seek& wish) {
  if (auto wrong = check_replay(id, false); !wrong) return wrong.error();
  const auto replay = *find(id)->replay;
  if (auto sent = post_to(id, [wish](Channel& channel) { channel.seek(wish); }); !sent) return sent.error();
  return cue_at(wish.to ? *wish.to : replay.position + wish.by, replay.duration);
}

base::Status RelayManager::test(const std::string& uri, std::function<void(const ProbeReport&)> then) {
  constexpr int kMaxTests = 2;   // each pulls over the hub's uplink
  constexpr auto kTimeout = 9s;  // with the worker's grace and what is watched: 13 s at most
  if (main_side_->tests >= kMaxTests)
    return base::Failure{base::Errc::Busy, "two addresses are being tested already; wait a few seconds"};
  const auto address = source_address(uri, relay_.find_recording);
  if (!address) {
    ProbeReport report;
    report.failure = address.error();
    then(report);
    return base::ok();
  }
  ++main_side_->tests;
  stream::Job job;
  job.channel = "test";
  job.uri = *address;
  job.timeout = kTimeout;
  auto done = [side = relay_side_.get(), weak = std::weak_ptr<MainSide>{main_side_},
               then = std::move(then)](ProbeReport report) {
    side->tell_main([weak, then, report = std::move(report)] {
      const auto main_side = weak.lock();
      if (!main_side) return;
      --main_side->tests;
      then(report);
    });
  };
  thread_->post([side = relay_side_.get(), job, done = std::move(done)] { side->test(job, done); });
  return base::ok();
}

std::shared_ptr<const Directory> RelayManager::directory() const {
  const std::lock_guard lock{mutex_};
  return directory_;
}

}  // namespace hub::channels
