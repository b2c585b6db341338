#pragma once
#include "hub/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <sqlite3.h>

/// SQLite behind owners. No policy: what is stored, and how, is the business of hub/store. Every failure is
/// base::Error: Busy for what may pass (locked, disk full, input/output), Internal for a wrong statement,
/// Io for a file that is not a sound database.
namespace hub::lib::sqlite {

/// A connection. @context thread-bound: the thread that uses it first; not shared.
class Database {
 public:
  /// Opens @p file, which must exist unless @p create. ":memory:" is a database of its own.
  explicit Database(const std::filesystem::path& file, bool create = true);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  /// Runs one or several statements without parameters; their rows are ignored.
  void run(const std::string& sql);
  /// The first column of the first row of @p sql as number or text.
  [[nodiscard]] std::int64_t number(const std::string& sql);
  [[nodiscard]] std::string text(const std::string& sql);
  /// How long a statement waits for a lock of another connection before it fails with Busy.
  void busy_timeout(int ms);
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  [[nodiscard]] int changes() const;
  /// True outside a transaction. SQLite ends one by itself on some failures, a full disk for instance.
  [[nodiscard]] bool idle() const;
  [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* p) const noexcept { sqlite3_close_v2(p); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement. Parameters and columns are addressed in order; text and blobs are copied.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;

  /// Binds the parameters from left to right and starts anew. int64, string_view, span of bytes.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_at(++index, values), ...);
    return *this;
  }
  /// True while there is a row to read. After the last one, or for a change, false, and the statement is
  /// ready for the next bind().
  bool step();
  /// bind() and step() of a statement that returns no rows.
  template <class... Values>
  void run(const Values&... values) {
    bind(values...);
    while (step()) {
    }
  }
  [[nodiscard]] std::int64_t number(int column) const;
  /// Valid until the next step().
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
  void reset() noexcept;

 private:
  void bind_at(int index, std::int64_t value);
  void bind_at(int index, std::string_view value);
  void bind_at(int index, std::span<const std::uint8_t> value);

  struct Finalize {
    void operator()(sqlite3_stmt* p) const noexcept { sqlite3_finalize(p); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// BEGIN IMMEDIATE … COMMIT; without commit() everything is taken back.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  /// On the disk, as far as the connection's `synchronous` promises, when it returns.
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

/// Throws what the last failed call on @p handle means. @param doing  "open the database".
[[noreturn]] void raise(sqlite3* handle, int code, std::string_view doing);

}  // namespace hub::lib::sqlite
