#include "hub/store/schema.h"

#include <array>
#include <string>

#include <fmt/format.h>

namespace hub::store {
namespace {

constexpr std::array<std::string_view, 4> kSteps{
    // 1: attendance.
    // event: the presence log, in the order of arrival. id: 16 random bytes. at_ms: Unix time, ms, UTC.
    // mono_us:
    // CLOCK_MONOTONIC of the boot, µs. payload: JSON object (hub/attendance/event.h). Nothing but a payload
    // changes.
    // device: cookie of a phone and what stands for it in the log. used_ms: Unix time of its last sign-in,
    // ms.
    R"(
CREATE TABLE event(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  kind TEXT NOT NULL,
  session TEXT NOT NULL,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  mono_us INTEGER NOT NULL,
  boot TEXT NOT NULL,
  payload TEXT NOT NULL) STRICT;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
  BEGIN SELECT raise(ABORT, 'the presence log is append-only'); END;
CREATE TRIGGER event_never_changes
  BEFORE UPDATE OF seq, id, kind, session, person, device, at_ms, mono_us, boot ON event
  BEGIN SELECT raise(ABORT, 'the presence log is append-only'); END;
CREATE TABLE device(
  ref TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  used_ms INTEGER NOT NULL) STRICT;
)",
    // 2: high-water marks of the playlists of a channel, so that numbers never go back over a restart.
    R"(
CREATE TABLE channel_mark(
  channel TEXT PRIMARY KEY,
  msn INTEGER NOT NULL,
  discontinuity INTEGER NOT NULL) STRICT;
)",
    // 3: hashes of passphrases by role.
    R"(
CREATE TABLE secret(
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL) STRICT;
)",
    // 4: channels that the host added, and what each channel was doing (JSON: hub/channels/memory.h,
    // replay.h).
    R"(
CREATE TABLE channel_added(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  channel TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL) STRICT;
CREATE TABLE channel_room(
  channel TEXT PRIMARY KEY,
  room TEXT NOT NULL) STRICT;
)"};

}  // namespace

std::span<const std::string_view> schema_steps() {
  return kSteps;
}

void migrate(lib::sqlite::Database& database, std::size_t up_to) {
  const auto version = [&] { return database.number("PRAGMA user_version"); };
  if (version() > static_cast<std::int64_t>(kSteps.size()))
    throw base::Error{
        base::Errc::Config,
        fmt::format("the database is newer than this program (schema {}, known up to {}): install the "
                    "version of viewing-hub that wrote it, or a later one",
                    version(), kSteps.size())};
  if (version() >= static_cast<std::int64_t>(up_to)) return;
  lib::sqlite::Transaction transaction{database};
  // Read again under the lock: another program may have migrated in the meantime.
  for (auto step = static_cast<std::size_t>(version()); step < up_to; ++step) {
    database.run(std::string{kSteps[step]});
    database.run(fmt::format("PRAGMA user_version = {}", step + 1));
  }
  transaction.commit();
}

}  // namespace hub::store
