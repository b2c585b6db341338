#pragma once
#include "hub/base/clock.h"
#include "hub/channels/manager.h"
#include "hub/channels/marks.h"
#include "hub/channels/memory.h"
#include "hub/channels/settings.h"
#include "hub/lib/glib/loop.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hub::channels {

class Channel;

/// All channels of the hub and the relay thread that they live on.
///
/// ```
///  main ── start, stop ──post──► relay: Channel ×N ── workers (processes)
///    ▲                              │        └──► publications ──► web threads
///    └──── Info, at each change, counters once a second ──post──┘
/// ```
/// @context thread-bound: main, except directory()
class RelayManager final : public Manager {
 public:
  /// Makes the channels of the config and those that the host had added, all idle. @param marks, memory kept;
  /// must outlive this. @param worker_path  the worker program, as from find_worker_program().
  /// @throws Error{Config} if two channels have one id, or one of them has not exactly one source.
  RelayManager(lib::glib::Loop& main, const base::Clock& clock, const RelaySettings& relay,
               const std::vector<ChannelSettings>& channels, Marks& marks, Memory& memory,
               const std::string& worker_path);
  /// Stops all channels, waits for their workers (1 s, then they are killed; 2 s at the very most), empties
  /// the outputs. Nothing is called afterwards, not even what was posted to main before.
  ~RelayManager() override;

  /// Each channel goes on as it was when the hub ended: what the host had stopped stays so.
  void begin();

  [[nodiscard]] const std::vector<Info>& list() const override;
  void on_change(std::function<void()> listener) override;
  base::Status start(std::string_view id) override;
  base::Status stop(std::string_view id) override;
  base::Result<Info> add(ChannelSettings channel) override;
  base::Status remove(std::string_view id) override;
  base::Status pause(std::string_view id) override;
  base::Status resume(std::string_view id) override;
  base::Result<Cue> seek(std::string_view id, const Seek& wish) override;
  base::Status test(const std::string& uri, std::function<void(const ProbeReport&)> then) override;
  [[nodiscard]] std::shared_ptr<const Directory> directory() const override;

 private:
  struct MainSide;
  class RelaySide;
  /// Makes the channel on the relay thread; @p added  by the host. Precondition: the id is free.
  void make(const ChannelSettings& settings, bool added);
  [[nodiscard]] const Info* find(std::string_view id) const;
  base::Status post_to(std::string_view id, std::function<void(Channel&)> action);
  /// NotFound; Conflict if @p id is no replay, or @p running is wanted and it does not run.
  [[nodiscard]] base::Status check_replay(std::string_view id, bool running) const;
  void publish(std::string_view id, std::shared_ptr<const Outputs> outputs);

  const base::Clock& clock_;
  const RelaySettings relay_;
  Marks& marks_;
  Memory& memory_;
  std::shared_ptr<MainSide> main_side_;  // posted reports hold it weakly
  mutable std::mutex mutex_;             // guards directory_
  std::shared_ptr<const Directory> directory_;
  std::unique_ptr<lib::glib::LoopThread> thread_;
  std::unique_ptr<RelaySide> relay_side_;  // lives and dies on the relay thread
};

/// Six random characters of [a-z0-9] from the operating system: the part of media addresses that differs at
/// each start of the hub.
[[nodiscard]] std::string make_start_id();

}  // namespace hub::channels
