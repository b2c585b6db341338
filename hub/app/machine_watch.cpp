#include "hub/app/machine_watch.h"

#include "hub/base/log.h"

#include <chrono>
#include <utility>

namespace hub::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kAddressesEvery = 2s;
constexpr auto kLookEvery = 60s;

}  // namespace

MachineWatch::MachineWatch(lib::glib::Loop& main, lib::glib::LoopThread& store_thread,
                           store::SqliteStore& store, const base::Clock& clock,
                           std::filesystem::path data_dir)
    : main_{main},
      store_thread_{store_thread},
      store_{store},
      clock_{clock},
      data_dir_{std::move(data_dir)} {}

MachineWatch::~MachineWatch() {
  thread_.post([this] {
    often_.reset();
    sometimes_.reset();
  });
  thread_.stop();
}

void MachineWatch::start(Listener listener) {
  listener_ = std::move(listener);
  thread_.post([this] {
    addresses_ = machine::addresses();
    keep_awake();
    look();
    often_ = thread_.loop().every(kAddressesEvery, [this] { look_at_addresses(); });
    sometimes_ = thread_.loop().every(kLookEvery, [this] { look(); });
  });
}

void MachineWatch::keep_awake() {
  const auto log = base::logger("hub");
  const auto manager = lib::logind::Manager::connect();
  auto inhibitor = manager ? manager->inhibit("viewing-hub", "le hub sert la salle / the hub serves the room")
                           : base::Result<lib::logind::Inhibitor>{manager.error()};
  if (inhibitor) {
    awake_ = std::move(*inhibitor);
    log->info("the machine is kept awake while the hub runs");
  } else if (inhibitor.error().code == base::Errc::Unreachable) {
    log->debug("no logind, so nothing is held awake: {}", inhibitor.error().text);
  } else {
    log->warn("the machine may go to sleep, logind does not let the hub forbid it: {}",
              inhibitor.error().text);
  }
}

void MachineWatch::look_at_addresses() {
  auto now = machine::addresses();
  if (now == addresses_) return;
  const bool moved = [&] {
    // A lease that is renewed, or a flag that changes, is no move.
    std::vector<std::string> before, after;
    for (const auto& address : addresses_) before.push_back(address.text);
    for (const auto& address : now) after.push_back(address.text);
    return before != after;
  }();
  addresses_ = std::move(now);
  if (moved) main_.post([this] { listener_.on_moved(); });
  look();
}

void MachineWatch::look() {
  auto state = machine::look(data_dir_, clock_);
  state.kept_awake = awake_.has_value();
  store_thread_.run_and_wait([&] {
    try {
      state.last_entry = store_.last_entry();
    } catch (const base::Error& error) {
      base::logger("hub")->warn("the newest entry of the register cannot be read: {}", error.what());
    }
  });
  auto warnings = machine::warnings(state);
  if (said_ == warnings) return;
  said_ = warnings;
  main_.post([this, warnings = std::move(warnings)] { listener_.on_warnings(warnings); });
}

}  // namespace hub::app
