#pragma once
#include "hub/channels/replay.h"
#include "hub/channels/settings.h"

#include <optional>
#include <string>
#include <vector>

namespace hub::channels {

/// What the channels remember over a restart; the application ties it to the store. load… are called on main,
/// before the channels start; the others queue and return. @context thread-safe
class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;
  /// The channels that the host added, in that order.
  [[nodiscard]] virtual std::vector<ChannelSettings> load_added() = 0;
  [[nodiscard]] virtual std::optional<Room> load_room(const std::string& channel) = 0;
  virtual void save_added(const ChannelSettings& channel) = 0;
  virtual void save_room(const std::string& channel, const Room& room) = 0;
  /// The channel is gone, with its room.
  virtual void forget(const std::string& channel) = 0;
};

[[nodiscard]] base::Json to_json(const ChannelSettings& channel);
/// Nothing if it was not written by to_json().
[[nodiscard]] std::optional<ChannelSettings> settings_from(const base::Json& json);

}  // namespace hub::channels
