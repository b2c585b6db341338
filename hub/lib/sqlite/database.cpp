#include "hub/lib/sqlite/database.h"

#include <utility>

#include <fmt/format.h>

namespace hub::lib::sqlite {

using base::Errc;
using base::Error;

void raise(sqlite3* handle, int code, std::string_view doing) {
  const char* why = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  switch (code & 0xFF) {
    case SQLITE_FULL:
      throw Error{Errc::Busy, fmt::format("cannot {}: the disk is full; free some space", doing)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error{Errc::Busy, fmt::format("cannot {}: another program holds the database; try again", doing)};
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
      throw Error{Errc::Busy, fmt::format("cannot {}: {}; check the disk and its permissions", doing, why)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error{Errc::Io, fmt::format("cannot {}: the file is damaged or no database ({}); restore a copy",
                                        doing, why)};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw Error{Errc::Io, fmt::format("cannot {}: {}; check that it exists and who owns it", doing, why)};
    default:
      throw Error{Errc::Internal, fmt::format("cannot {}: {}", doing, why)};
  }
}

Database::Database(const std::filesystem::path& file, bool create) {
  sqlite3* raw = nullptr;
  // One thread per connection is our own rule, so SQLite needs no mutex of its own.
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) raise(raw, code, fmt::format("open the database {}", file.string()));
}

void Database::run(const std::string& sql) {
  const int code = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(get(), code, "use the database");
}

std::int64_t Database::number(const std::string& sql) {
  Statement statement{*this, sql};
  return statement.step() ? statement.number(0) : 0;
}

std::string Database::text(const std::string& sql) {
  Statement statement{*this, sql};
  return statement.step() ? std::string{statement.text(0)} : std::string{};
}

void Database::busy_timeout(int ms) {
  sqlite3_busy_timeout(get(), ms);
}

int Database::changes() const {
  return sqlite3_changes(get());
}

bool Database::idle() const {
  return sqlite3_get_autocommit(get()) != 0;
}

Statement::Statement(Database& database, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) raise(database.get(), code, "use the database");
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3* const database = sqlite3_db_handle(handle_.get());
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  // The message belongs to the connection and survives the reset, which ends the failed statement's locks.
  reset();
  raise(database, code, "use the database");
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* bytes = sqlite3_column_blob(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes ? std::string_view{static_cast<const char*>(bytes), size} : std::string_view{};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* bytes = sqlite3_column_blob(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return {static_cast<const std::uint8_t*>(bytes), bytes ? size : 0};
}

void Statement::reset() noexcept {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());  // no copy of a name stays in memory longer than needed
}

void Statement::bind_at(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(handle_.get(), index, value);
  if (code != SQLITE_OK) raise(sqlite3_db_handle(handle_.get()), code, "use the database");
}

void Statement::bind_at(int index, std::string_view value) {
  // A null pointer would bind NULL; an empty text is meant.
  const char* data = value.data() ? value.data() : "";
  const int code =
      sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) raise(sqlite3_db_handle(handle_.get()), code, "use the database");
}

void Statement::bind_at(int index, std::span<const std::uint8_t> value) {
  const int code = sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) raise(sqlite3_db_handle(handle_.get()), code, "use the database");
}

Transaction::Transaction(Database& database) : database_{database} {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_ || database_.idle()) return;
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace hub::lib::sqlite
