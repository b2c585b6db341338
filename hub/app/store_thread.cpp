#include "hub/app/store_thread.h"

#include "hub/base/log.h"

#include <exception>

namespace hub::app {
namespace {

const char* secret_name(web::Role role) {
  return role == web::Role::Host ? "passphrase.host" : "passphrase.organizer";
}

}  // namespace

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

StoredSecrets::StoredSecrets(store::SqliteStore& store, lib::glib::LoopThread& thread)
    : store_{store}, thread_{thread} {
  for (const auto role : {web::Role::Host, web::Role::Organizer})
    if (auto hash = store.secret(secret_name(role))) hashes_[role] = *hash;
}

std::optional<std::string> StoredSecrets::load(web::Role role) const {
  const auto found = hashes_.find(role);
  if (found == hashes_.end()) return std::nullopt;
  return found->second;
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
