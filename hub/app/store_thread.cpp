#include "hub/app/store_thread.h"

#include "hub/base/log.h"

#include <exception>

namespace hub::app {
namespace {

std::map<web::Role, std::string> read_hashes(store::SqliteStore& store) {
  std::map<web::Role, std::string> hashes;
  for (const auto role : {web::Role::Host, web::Role::Organizer})
    if (auto hash = store.secret(secret_name(role))) hashes[role] = *hash;
  return hashes;
}

}  // namespace

const char* secret_name(web::Role role) {
  return role == web::Role::Host ? "passphrase.host" : "passphrase.organizer";
}

StoredMarks::StoredMarks(store::SqliteStore& store, lib::glib::LoopThread& thread)
    : store_{store}, thread_{thread} {
  for (const auto& [channel, numbers] : store.marks()) at_start_[channel] = {numbers.first, numbers.second};
}

channels::Mark StoredMarks::load(const std::string& channel) {
  const auto found = at_start_.find(channel);
  return found == at_start_.end() ? channels::Mark{} : found->second;
}

void StoredMarks::save(const std::string& channel, channels::Mark mark) {
  thread_.post([this, channel, mark] {
    try {
      store_.save_mark(channel, mark.msn, mark.discontinuity);
    } catch (const base::Error& error) {
      // The clock still keeps the numbers from going back; the next mark comes 100 segments later.
      base::logger("store")->warn("playlist numbers of {} were not stored: {}", channel, error.what());
    }
  });
}

StoredSecrets::StoredSecrets(store::SqliteStore& store, lib::glib::LoopThread& thread, lib::glib::Loop& main)
    : store_{store}, thread_{thread}, main_{main}, hashes_{read_hashes(store)} {}

std::optional<std::string> StoredSecrets::load(web::Role role) const {
  const auto found = hashes_.find(role);
  if (found == hashes_.end()) return std::nullopt;
  return found->second;
}

void StoredSecrets::refresh(std::function<void()> then) {
  thread_.post([this, &store = store_, &main = main_, alive = alive_, then = std::move(then)] {
    std::optional<std::map<web::Role, std::string>> hashes;
    try {
      hashes = read_hashes(store);
    } catch (const base::Error& error) {
      base::logger("store")->warn("the passphrases could not be read again: {}", error.what());
    }
    main.post([this, alive, then, hashes] {
      if (!*alive) return;
      if (hashes) hashes_ = *hashes;
      then();
    });
  });
}

void StoredSecrets::store(web::Role role, const std::string& hash) {
  std::exception_ptr failure;
  thread_.run_and_wait([&] {
    try {
      store_.set_secret(secret_name(role), hash);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
  hashes_[role] = hash;
}

}  // namespace hub::app
