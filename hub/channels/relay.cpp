#include "hub/channels/relay.h"

#include "hub/base/redact.h"
#include "hub/channels/channel.h"
#include "hub/channels/packager_outlet.h"
#include "hub/channels/worker_process.h"

#include <algorithm>
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
};

/// What the relay thread keeps.
class RelayManager::RelaySide final : Channel::Listener {
 public:
  RelaySide(lib::glib::Loop& relay, lib::glib::Loop& main, std::weak_ptr<MainSide> main_side,
            const base::Clock& clock, const RelaySettings& settings, std::string worker_path)
      : relay_{relay},
        main_{main},
        main_side_{std::move(main_side)},
        clock_{clock},
        settings_{settings},
        workers_{relay, clock, std::move(worker_path)} {}

  ~RelaySide() override {
    ticker_.reset();
    channels_.clear();
  }  // then workers_ waits for the processes

  void add(const ChannelSettings& settings, const std::shared_ptr<const Outputs>& outputs,
           const std::string& start_id, Mark mark, Marks& marks) {
    auto& entry = *channels_.emplace_back(std::make_unique<Entry>());
    entry.outlet.emplace(outputs, settings_, clock_, start_id, mark,
                         [&marks, id = settings.id](Mark next) { marks.save(id, next); });
    entry.channel.emplace(settings, settings_, clock_, workers_, *entry.outlet,
                          static_cast<Channel::Listener&>(*this), random_seed());
  }

  void start(std::size_t index) {
    channels_[index]->channel->start();
    if (!ticker_) ticker_ = relay_.every(kTick, [this] { tick(); });
  }

  void stop(std::size_t index) { channels_[index]->channel->stop(); }

 private:
  struct Entry {
    std::optional<PackagerOutlet> outlet;
    std::optional<Channel> channel;
  };

  void tick() {
    bool running = false;
    const auto now = clock_.mono();
    const bool counters = now - counted_ >= kCounterInterval;
    if (counters) counted_ = now;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      auto& channel = *channels_[i]->channel;
      channel.tick();
      if (channel.info().state == State::Idle) continue;
      running = true;
      if (counters) report(i, channel);
    }
    if (!running) ticker_.reset();  // a hub that relays nothing does not wake up
  }

  void on_change(const Channel& channel) override {
    for (std::size_t i = 0; i < channels_.size(); ++i)
      if (&*channels_[i]->channel == &channel) report(i, channel);
  }

  void report(std::size_t index, const Channel& channel) {
    main_.post([index, info = channel.info(), main_side = main_side_]() mutable {
      const auto side = main_side.lock();
      if (!side) return;
      side->infos[index] = std::move(info);
      const auto listener = side->listener;  // it may replace itself
      if (listener) listener();
    });
  }

  lib::glib::Loop& relay_;
  lib::glib::Loop& main_;
  std::weak_ptr<MainSide> main_side_;
  const base::Clock& clock_;
  RelaySettings settings_;
  ProcessFactory workers_;
  std::vector<std::unique_ptr<Entry>> channels_;
  base::Mono counted_{};
  lib::glib::SourceGuard ticker_;
};

RelayManager::RelayManager(lib::glib::Loop& main, const base::Clock& clock, const RelaySettings& relay,
                           const std::vector<ChannelSettings>& channels, Marks& marks,
                           const std::string& worker_path)
    : main_side_{std::make_shared<MainSide>()} {
  const auto start_id = make_start_id();
  auto directory = std::make_shared<Directory>();
  std::vector<Mark> stored;
  for (const auto& settings : channels) {
    if (settings.sources.size() != 1)
      throw base::Error{base::Errc::Config,
                        fmt::format("channel '{}' has {} sources; exactly one is possible", settings.id,
                                    settings.sources.size())};
    if (!directory->emplace(settings.id, make_outputs(settings)).second)
      throw base::Error{base::Errc::Config, fmt::format("two channels have the id '{}'", settings.id)};
    stored.push_back(marks.load(settings.id));
    Info info;
    info.id = settings.id;
    info.title = settings.title;
    info.language = settings.language;
    info.source = base::redact_uri(settings.sources.front().uri);
    info.since = clock.wall();
    main_side_->infos.push_back(std::move(info));
  }
  directory_ = directory;
  thread_ = std::make_unique<lib::glib::LoopThread>("relay");
  thread_->run_and_wait([&] {
    relay_side_ = std::make_unique<RelaySide>(thread_->loop(), main, main_side_, clock, relay, worker_path);
    for (std::size_t i = 0; i < channels.size(); ++i)
      relay_side_->add(channels[i], directory->at(channels[i].id), start_id, stored[i], marks);
  });
}

RelayManager::~RelayManager() {
  thread_->run_and_wait([this] { relay_side_.reset(); });
  thread_->stop();
}

const std::vector<Info>& RelayManager::list() const {
  return main_side_->infos;
}

void RelayManager::on_change(std::function<void()> listener) {
  main_side_->listener = std::move(listener);
}

base::Status RelayManager::post_to(std::string_view id, void (RelaySide::*action)(std::size_t)) {
  const auto& infos = main_side_->infos;
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const Info& info) { return info.id == id; });
  if (found == infos.end())
    return base::Failure{base::Errc::NotFound, fmt::format("there is no channel '{}'", id)};
  const auto index = static_cast<std::size_t>(found - infos.begin());
  thread_->post([side = relay_side_.get(), action, index] { (side->*action)(index); });
  return base::ok();
}

base::Status RelayManager::start(std::string_view id) {
  return post_to(id, &RelaySide::start);
}

base::Status RelayManager::stop(std::string_view id) {
  return post_to(id, &RelaySide::stop);
}

std::shared_ptr<const Directory> RelayManager::directory() const {
  return directory_;
}

}  // namespace hub::channels
