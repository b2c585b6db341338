#include "hub/store/sqlite_store.h"

#include "hub/base/log.h"
#include "hub/store/schema.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::store {
namespace {

using attendance::Event;
using base::Errc;
using base::Error;

// All SQL of the store but the schema (schema.cpp).
namespace sql {
constexpr auto kSettings =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA temp_store = MEMORY;"  // VACUUM writes no copy of the names into /tmp
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;";
constexpr auto kInsertEvent =
    "INSERT INTO event(id, kind, session, person, device, at_ms, mono_us, boot, payload)"
    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING";
constexpr auto kUpdatePayload = "UPDATE event SET payload = ? WHERE id = ?";
constexpr auto kSelectEvents =
    "SELECT id, kind, session, person, device, at_ms, mono_us, boot, payload FROM event ORDER BY seq";
constexpr auto kUpsertDevice =
    "INSERT INTO device(ref, token, used_ms) VALUES(?, ?, ?)"
    " ON CONFLICT(ref) DO UPDATE SET used_ms = excluded.used_ms";
constexpr auto kDeleteDevice = "DELETE FROM device WHERE ref = ?";
constexpr auto kSelectDevices = "SELECT token, ref, used_ms FROM device";
constexpr auto kSelectMarks = "SELECT channel, msn, discontinuity FROM channel_mark";
constexpr auto kUpsertMark =
    "INSERT INTO channel_mark(channel, msn, discontinuity) VALUES(?, ?, ?) ON CONFLICT(channel) DO UPDATE"
    " SET msn = max(msn, excluded.msn), discontinuity = max(discontinuity, excluded.discontinuity)";
constexpr auto kSelectSecret = "SELECT value FROM secret WHERE name = ?";
constexpr auto kUpsertSecret =
    "INSERT INTO secret(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value";
constexpr auto kSelectAdded = "SELECT channel, settings FROM channel_added ORDER BY seq";
constexpr auto kUpsertAdded =
    "INSERT INTO channel_added(channel, settings) VALUES(?, ?)"
    " ON CONFLICT(channel) DO UPDATE SET settings = excluded.settings";
constexpr auto kDeleteAdded = "DELETE FROM channel_added WHERE channel = ?";
constexpr auto kSelectRooms = "SELECT channel, room FROM channel_room";
constexpr auto kUpsertRoom =
    "INSERT INTO channel_room(channel, room) VALUES(?, ?) ON CONFLICT(channel) DO UPDATE SET room = "
    "excluded.room";
constexpr auto kDeleteRoom = "DELETE FROM channel_room WHERE channel = ?";
constexpr auto kVacuum = "VACUUM";
constexpr auto kCheckpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
constexpr auto kIntegrity = "PRAGMA integrity_check";
}  // namespace sql

/// Others may not read the file; SQLite gives its companions (-wal, -shm) the same mode.
void make_private(const std::filesystem::path& file) {
  if (file == ":memory:") return;
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const bool failed = fd < 0 || fchmod(fd, 0600) != 0;
  const auto reason = std::generic_category().message(errno);
  if (fd >= 0) close(fd);
  if (failed) throw Error{Errc::Io, fmt::format("cannot open the database {}: {}", file.string(), reason)};
}

lib::sqlite::Database open_database(const std::filesystem::path& file, const SqliteStore::Options& options) {
  if (options.must_exist && !std::filesystem::exists(file))
    throw Error{Errc::NotFound,
                fmt::format("there is no database {}: start the hub once, or give the right folder with "
                            "--data-dir",
                            file.string())};
  make_private(file);
  lib::sqlite::Database database{file};
  database.busy_timeout(static_cast<int>(options.busy_timeout.count()));
  database.run(sql::kSettings);
  migrate(database);
  return database;
}

}  // namespace

SqliteStore::SqliteStore(const std::filesystem::path& file, Options options)
    : database_{open_database(file, options)},
      insert_event_{database_, sql::kInsertEvent},
      update_payload_{database_, sql::kUpdatePayload},
      select_events_{database_, sql::kSelectEvents},
      upsert_device_{database_, sql::kUpsertDevice},
      delete_device_{database_, sql::kDeleteDevice},
      select_devices_{database_, sql::kSelectDevices},
      select_marks_{database_, sql::kSelectMarks},
      upsert_mark_{database_, sql::kUpsertMark},
      select_secret_{database_, sql::kSelectSecret},
      upsert_secret_{database_, sql::kUpsertSecret},
      select_added_{database_, sql::kSelectAdded},
      upsert_added_{database_, sql::kUpsertAdded},
      delete_added_{database_, sql::kDeleteAdded},
      select_rooms_{database_, sql::kSelectRooms},
      upsert_room_{database_, sql::kUpsertRoom},
      delete_room_{database_, sql::kDeleteRoom} {}

void SqliteStore::in_transaction(const std::function<void()>& body) {
  lib::sqlite::Transaction transaction{database_};
  body();
  transaction.commit();
}

bool SqliteStore::append(const Event& event) {
  insert_event_.run(std::span<const std::uint8_t>{event.id}, attendance::to_string(event.kind), event.session,
                    event.person, event.device, event.at.utc_ms, event.at.mono_us, event.at.boot,
                    event.payload.dump());
  return database_.changes() > 0;
}

void SqliteStore::replace_payload(const attendance::EventId& id, const base::Json& payload) {
  update_payload_.run(payload.dump(), std::span<const std::uint8_t>{id});
}

void SqliteStore::load(const std::function<void(const Event&)>& each) {
  select_events_.bind();
  while (select_events_.step()) {
    Event event;
    const auto id = select_events_.blob(0);
    std::copy(id.begin(), id.end(), event.id.begin());  // 16 bytes: the schema checks it
    const auto kind = attendance::kind_from(select_events_.text(1));
    auto payload = base::parse_json(select_events_.text(8));
    if (!kind || !payload || !payload->is_object()) {
      // One bad line must not keep the hub from starting; it stays in the log for whoever looks into it.
      base::logger("store")->error("an event of the presence log cannot be read and is left out");
      continue;
    }
    event.kind = *kind;
    event.session = select_events_.text(2);
    event.person = select_events_.text(3);
    event.device = select_events_.text(4);
    event.at = {select_events_.number(5), select_events_.number(6), std::string{select_events_.text(7)}};
    event.payload = std::move(*payload);
    each(event);
  }
}

void SqliteStore::put_device(const Device& device) {
  upsert_device_.run(device.ref, device.token, device.used_ms);
}

void SqliteStore::forget_device(const std::string& ref) {
  delete_device_.run(ref);
}

std::vector<attendance::Store::Device> SqliteStore::devices() {
  std::vector<Device> list;
  select_devices_.bind();
  while (select_devices_.step())
    list.push_back({std::string{select_devices_.text(0)}, std::string{select_devices_.text(1)},
                    select_devices_.number(2)});
  return list;
}

bool SqliteStore::scrub() {
  // secure_delete wipes what is deleted, but not the copies that stay in the gaps of a page when the b-tree
  // moved its cells to another one (measured: a cookie was found): only new pages are sure to hold nothing
  // old.
  database_.run(sql::kVacuum);
  // Old pages live on in the write-ahead log until it is copied back and cut to nothing.
  return database_.number(sql::kCheckpoint) == 0;
}

std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> SqliteStore::marks() {
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> all;
  select_marks_.bind();
  while (select_marks_.step())
    all[std::string{select_marks_.text(0)}] = {static_cast<std::uint64_t>(select_marks_.number(1)),
                                               static_cast<std::uint64_t>(select_marks_.number(2))};
  return all;
}

void SqliteStore::save_mark(const std::string& channel, std::uint64_t msn, std::uint64_t discontinuity) {
  upsert_mark_.run(channel, static_cast<std::int64_t>(msn), static_cast<std::int64_t>(discontinuity));
}

SqliteStore::Texts SqliteStore::added_channels() {
  Texts all;
  select_added_.bind();
  while (select_added_.step())
    all.emplace_back(std::string{select_added_.text(0)}, std::string{select_added_.text(1)});
  return all;
}

void SqliteStore::save_added_channel(const std::string& channel, const std::string& settings) {
  upsert_added_.run(channel, settings);
}

SqliteStore::Texts SqliteStore::rooms() {
  Texts all;
  select_rooms_.bind();
  while (select_rooms_.step())
    all.emplace_back(std::string{select_rooms_.text(0)}, std::string{select_rooms_.text(1)});
  return all;
}

void SqliteStore::save_room(const std::string& channel, const std::string& room) {
  upsert_room_.run(channel, room);
}

void SqliteStore::forget_channel(const std::string& channel) {
  delete_added_.run(channel);
  delete_room_.run(channel);
}

std::optional<base::Wall> SqliteStore::last_entry() {
  const auto newest = database_.number("SELECT coalesce(max(at_ms), 0) FROM event");
  if (newest == 0) return std::nullopt;
  return base::Wall{std::chrono::milliseconds{newest}};
}

std::optional<std::string> SqliteStore::secret(const std::string& name) {
  select_secret_.bind(name);
  std::optional<std::string> value;
  while (select_secret_.step()) value = std::string{select_secret_.text(0)};
  return value;
}

void SqliteStore::set_secret(const std::string& name, const std::string& value) {
  upsert_secret_.run(name, value);
}

std::optional<std::string> SqliteStore::damage() {
  auto found = database_.text(sql::kIntegrity);
  if (found == "ok") return std::nullopt;
  return found;
}

}  // namespace hub::store
