#pragma once
#include "hub/attendance/store.h"
#include "hub/base/clock.h"
#include "hub/lib/sqlite/database.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hub::store {

/// The embedded store: one SQLite file, WAL, `synchronous=FULL`, so that what is committed survives a power
/// cut. The file and its companions have mode 0600. What is erased is overwritten (`secure_delete`). Methods
/// throw base::Error.
/// @context thread-bound: store (made in another thread and handed over is fine)
class SqliteStore final : public attendance::Store {
 public:
  struct Options {
    /// The command line makes no empty database where it was pointed to a wrong folder.
    bool must_exist = false;
    /// How long to wait while another program writes, before a call fails with Busy.
    std::chrono::milliseconds busy_timeout{5000};
  };

  /// Opens @p file, or makes it, and brings the schema up to date.
  explicit SqliteStore(const std::filesystem::path& file, Options options);
  explicit SqliteStore(const std::filesystem::path& file) : SqliteStore{file, Options{}} {}

  void in_transaction(const std::function<void()>& body) override;
  bool append(const attendance::Event& event) override;
  void replace_payload(const attendance::EventId& id, const base::Json& payload) override;
  void load(const std::function<void(const attendance::Event&)>& each) override;
  void put_device(const Device& device) override;
  void forget_device(const std::string& ref) override;
  [[nodiscard]] std::vector<Device> devices() override;
  bool scrub() override;

  /// Media sequence and discontinuity sequence, by channel.
  [[nodiscard]] std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> marks();
  void save_mark(const std::string& channel, std::uint64_t msn, std::uint64_t discontinuity);

  /// Texts that the channels understand, by channel: those that were added, in that order, and rooms.
  using Texts = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] Texts added_channels();
  void save_added_channel(const std::string& channel, const std::string& settings);
  [[nodiscard]] Texts rooms();
  void save_room(const std::string& channel, const std::string& room);
  void forget_channel(const std::string& channel);

  /// Time of the newest event of the presence log; nothing while it is empty.
  [[nodiscard]] std::optional<base::Wall> last_entry();

  /// A hash of a passphrase, or another small secret of the hub. @param name  "passphrase.host".
  [[nodiscard]] std::optional<std::string> secret(const std::string& name);
  void set_secret(const std::string& name, const std::string& value);

  /// Nothing if SQLite finds the file sound, else what it found.
  [[nodiscard]] std::optional<std::string> damage();

 private:
  lib::sqlite::Database database_;
  lib::sqlite::Statement insert_event_, update_payload_, select_events_, upsert_device_, delete_device_,
      select_devices_, select_marks_, upsert_mark_, select_secret_, upsert_secret_, select_added_,
      upsert_added_, delete_added_, select_rooms_, upsert_room_, delete_room_;
};

}  // namespace hub::store
