#pragma once
#include "hub/base/error.h"
#include "hub/channels/directory.h"
#include "hub/channels/info.h"
#include "hub/channels/probe.h"
#include "hub/channels/replay.h"
#include "hub/channels/settings.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::channels {

inline constexpr std::size_t kMaxChannels = 100;

/// What the main thread and the web handlers need of the channels; the relay thread stands behind it.
/// @context thread-bound: main, except directory().
class Manager {
 public:
  Manager() = default;
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;
  virtual ~Manager() = default;

  /// All channels, those of the config first in its order, then those that the host added, as last reported
  /// by the relay thread.
  [[nodiscard]] virtual const std::vector<Info>& list() const = 0;
  /// Called on main after list() changed.
  virtual void on_change(std::function<void()> listener) = 0;
  /// Errc::NotFound if there is no such channel. Starting a running channel or stopping a stopped one is
  /// fine. What was stopped stays so over a restart of the hub.
  virtual base::Status start(std::string_view id) = 0;
  virtual base::Status stop(std::string_view id) = 0;

  /// One more channel, started (a replay with a time waits for it), also after a restart of the hub. @param
  /// channel  with exactly one source; without an id it gets one from its title. @return how it begins.
  /// Errc::Conflict: the id is taken; TooLarge: there are kMaxChannels.
  virtual base::Result<Info> add(ChannelSettings channel) = 0;
  /// Takes a channel away that was added. Its viewers are sent away, no other channel notices. NotFound;
  /// Conflict for one of the config.
  virtual base::Status remove(std::string_view id) = 0;

  /// For the whole room. NotFound; Conflict if it is no replay, or is not running.
  virtual base::Status pause(std::string_view id) = 0;
  virtual base::Status resume(std::string_view id) = 0;
  /// Also while it does not run: it will start there. A place beyond an end is taken as the end. @return
  /// where it leads, as far as list() knows.
  virtual base::Result<Cue> seek(std::string_view id, const Seek& wish) = 0;

  /// Pulls from @p uri for a few seconds and tells what it gives, on main and at most 15 s later. Busy: two
  /// are being tested already.
  virtual base::Status test(const std::string& uri, std::function<void(const ProbeReport&)> then) = 0;

  /// The outputs that the web threads serve. @context thread-safe
  [[nodiscard]] virtual std::shared_ptr<const Directory> directory() const = 0;
};

}  // namespace hub::channels
