#pragma once
#include "hub/base/clock.h"
#include "hub/lib/glib/loop.h"
#include "hub/lib/logind/logind.h"
#include "hub/machine/report.h"
#include "hub/store/sqlite_store.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace hub::app {

/// Keeps the machine awake while the hub runs, and looks at it: at its addresses every 2 s, at all the rest
/// every minute. A thread of its own, since D-Bus and the disk may block.
/// @context thread-bound: main
class MachineWatch {
 public:
  struct Listener {
    std::function<void()> on_moved;  ///< the addresses are others than before
    /// What is to be said about the machine; called when it is not what was said before.
    std::function<void(std::vector<machine::Warning>)> on_warnings;
  };
  /// @param store  only used on @p store_thread. All outlive this.
  MachineWatch(lib::glib::Loop& main, lib::glib::LoopThread& store_thread, store::SqliteStore& store,
               const base::Clock& clock, std::filesystem::path data_dir);
  MachineWatch(const MachineWatch&) = delete;
  MachineWatch& operator=(const MachineWatch&) = delete;
  ~MachineWatch();

  /// Begins. @param listener  called in main, with warnings once soon.
  void start(Listener listener);

 private:
  void keep_awake();  // these on thread_
  void look_at_addresses();
  void look();

  lib::glib::Loop& main_;
  lib::glib::LoopThread& store_thread_;
  store::SqliteStore& store_;
  const base::Clock& clock_;
  const std::filesystem::path data_dir_;
  Listener listener_;
  // Only touched on thread_.
  std::optional<lib::logind::Inhibitor> awake_;
  std::vector<machine::Address> addresses_;
  std::optional<std::vector<machine::Warning>> said_;
  lib::glib::SourceGuard often_, sometimes_;
  lib::glib::LoopThread thread_{"machine"};
};

}  // namespace hub::app
