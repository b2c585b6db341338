#pragma once
#include "hub/base/error.h"
#include "hub/channels/directory.h"
#include "hub/channels/info.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace hub::channels {

/// What the main thread and the web handlers need of the channels; the relay thread stands behind it.
/// @context thread-bound: main, except directory().
class Manager {
 public:
  Manager() = default;
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;
  virtual ~Manager() = default;

  /// All channels in the order of the config, as last reported by the relay thread.
  [[nodiscard]] virtual const std::vector<Info>& list() const = 0;
  /// Called on main after list() changed.
  virtual void on_change(std::function<void()> listener) = 0;
  /// Errc::NotFound if there is no such channel. Starting a running channel or stopping a stopped one is
  /// fine.
  virtual base::Status start(std::string_view id) = 0;
  virtual base::Status stop(std::string_view id) = 0;
  /// The outputs that the web threads serve. @context thread-safe
  [[nodiscard]] virtual std::shared_ptr<const Directory> directory() const = 0;
};

}  // namespace hub::channels
