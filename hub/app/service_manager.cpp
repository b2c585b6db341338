#include "hub/app/service_manager.h"

#include <chrono>
#include <cstdint>

#include <systemd/sd-daemon.h>

namespace hub::app {

ServiceManager::ServiceManager(lib::glib::Loop& main) : main_{main} {}

void ServiceManager::ready() {
  sd_notify(0, "READY=1");
  std::uint64_t limit_us = 0;
  if (sd_watchdog_enabled(0, &limit_us) <= 0) return;
  const std::chrono::microseconds limit{limit_us};
  watchdog_ = main_.every(std::chrono::duration_cast<std::chrono::milliseconds>(limit / 3),
                          [] { sd_notify(0, "WATCHDOG=1"); });
}

void ServiceManager::stopping() {
  watchdog_.reset();
  sd_notify(0, "STOPPING=1");
}

}  // namespace hub::app
