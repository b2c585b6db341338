#pragma once
#include "hub/lib/glib/loop.h"

namespace hub::app {

/// Talks to systemd when the hub runs as a service of Type=notify, and does nothing otherwise. The watchdog
/// is fed from the main loop, so that a blocked loop gets the hub restarted. Source: sd_notify(3),
/// sd_watchdog_enabled(3).
/// @context thread-bound: main
class ServiceManager {
 public:
  explicit ServiceManager(lib::glib::Loop& main);
  /// Tells that the hub accepts requests.
  void ready();
  /// Tells that the hub is stopping, and stops feeding the watchdog.
  void stopping();

 private:
  lib::glib::Loop& main_;
  lib::glib::SourceGuard watchdog_;
};

}  // namespace hub::app
