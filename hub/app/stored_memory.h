#pragma once
#include "hub/channels/memory.h"
#include "hub/lib/glib/loop.h"
#include "hub/store/sqlite_store.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hub::app {

/// What the channels remember, kept in the store. What was stored before is read once, at the start.
class StoredMemory final : public channels::Memory {
 public:
  /// @param store  used by the constructor, then only on @p thread. Both outlive this.
  StoredMemory(store::SqliteStore& store, lib::glib::LoopThread& thread);
  [[nodiscard]] std::vector<channels::ChannelSettings> load_added() override { return added_; }
  [[nodiscard]] std::optional<channels::Room> load_room(const std::string& channel) override;
  void save_added(const channels::ChannelSettings& channel) override;
  void save_room(const std::string& channel, const channels::Room& room) override;
  void forget(const std::string& channel) override;

 private:
  void write(const std::string& channel, std::function<void()> task);
  store::SqliteStore& store_;
  lib::glib::LoopThread& thread_;
  std::vector<channels::ChannelSettings> added_;
  std::map<std::string, channels::Room>
      rooms_;  ///< given out once: later a channel of that name is another one
};

}  // namespace hub::app
