#include "hub/app/stored_memory.h"

#include "hub/base/log.h"

#include <utility>

namespace hub::app {

StoredMemory::StoredMemory(store::SqliteStore& store, lib::glib::LoopThread& thread)
    : store_{store}, thread_{thread} {
  for (const auto& [channel, text] : store.added_channels()) {
    const auto json = base::parse_json(text);
    auto settings = json ? channels::settings_from(*json) : std::nullopt;
    if (settings)
      added_.push_back(std::move(*settings));
    else
      base::logger("store")->error("the channel '{}' that was added cannot be read and is left out", channel);
  }
  for (const auto& [channel, text] : store.rooms())
    if (const auto json = base::parse_json(text))
      if (auto room = channels::room_from(*json)) rooms_[channel] = std::move(*room);
}

std::optional<channels::Room> StoredMemory::load_room(const std::string& channel) {
  auto node = rooms_.extract(channel);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

void StoredMemory::save_added(const channels::ChannelSettings& channel) {
  write(channel.id, [this, id = channel.id, text = channels::to_json(channel).dump()] {
    store_.save_added_channel(id, text);
  });
}

void StoredMemory::save_room(const std::string& channel, const channels::Room& room) {
  write(channel, [this, channel, text = channels::to_json(room).dump()] { store_.save_room(channel, text); });
}

void StoredMemory::forget(const std::string& channel) {
  write(channel, [this, channel] { store_.forget_channel(channel); });
}

void StoredMemory::write(const std::string& channel, std::function<void()> task) {
  thread_.post([channel, task = std::move(task)] {
    try {
      task();
    } catch (const base::Error& error) {
      base::logger("store")->warn("what channel {} is doing was not stored: {}", channel, error.what());
    }
  });
}

}  // namespace hub::app
