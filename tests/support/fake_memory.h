#pragma once
#include "hub/channels/memory.h"

#include <map>
#include <mutex>

namespace hub::test {

/// Channels' memory without a disk.
struct FakeMemory final : channels::Memory {
  std::vector<channels::ChannelSettings> load_added() override { return added; }
  std::optional<channels::Room> load_room(const std::string& channel) override {
    const std::lock_guard lock{mutex};
    const auto found = rooms.find(channel);
    return found == rooms.end() ? std::nullopt : std::optional{found->second};
  }
  void save_added(const channels::ChannelSettings& channel) override { added.push_back(channel); }
  void save_room(const std::string& channel, const channels::Room& room) override {
    const std::lock_guard lock{mutex};
    rooms[channel] = room;
  }
  void forget(const std::string& channel) override {
    const std::lock_guard lock{mutex};
    rooms.erase(channel);
  }
  std::vector<channels::ChannelSettings> added;  ///< main only
  std::mutex mutex;                              // guards rooms
  std::map<std::string, channels::Room> rooms;
};

}  // namespace hub::test
