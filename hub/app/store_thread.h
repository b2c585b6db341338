#pragma once
#include "hub/channels/marks.h"
#include "hub/lib/glib/loop.h"
#include "hub/store/sqlite_store.h"
#include "hub/web/auth.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hub::app {

/// The playlist numbers of the channels, kept in the store. What was stored before is read once, at the
/// start.
class StoredMarks final : public channels::Marks {
 public:
  /// @param store  used by the constructor, then only on @p thread. Both outlive this.
  StoredMarks(store::SqliteStore& store, lib::glib::LoopThread& thread);
  [[nodiscard]] channels::Mark load(const std::string& channel) override;
  void save(const std::string& channel, channels::Mark mark) override;

 private:
  store::SqliteStore& store_;
  lib::glib::LoopThread& thread_;
  std::map<std::string, channels::Mark> at_start_;
};

/// The name of the secret that holds the passphrase hash of @p role, Role::Host or Role::Organizer.
[[nodiscard]] const char* secret_name(web::Role role);

/// The passphrase hashes, kept in the store, with a copy for the main thread, which must not wait for the
/// disk.
/// @context thread-bound: main
class StoredSecrets final : public web::Secrets {
 public:
  /// @param store  used by the constructor, then only on @p thread. Both outlive this.
  /// @param main  where refresh() answers.
  StoredSecrets(store::SqliteStore& store, lib::glib::LoopThread& thread, lib::glib::Loop& main);
  StoredSecrets(const StoredSecrets&) = delete;
  StoredSecrets& operator=(const StoredSecrets&) = delete;
  ~StoredSecrets() override { *alive_ = false; }
  [[nodiscard]] std::optional<std::string> load(web::Role role) const override;
  void refresh(std::function<void()> then) override;
  /// Waits for the disk: a passphrase that was shown must open the console after a power cut too.
  void store(web::Role role, const std::string& hash) override;

 private:
  store::SqliteStore& store_;
  lib::glib::LoopThread& thread_;
  lib::glib::Loop& main_;
  std::map<web::Role, std::string> hashes_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // main only: for answers on their way
};

}  // namespace hub::app
