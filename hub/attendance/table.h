#pragma once
#include "hub/attendance/settings.h"
#include "hub/attendance/state.h"
#include "hub/base/identity.h"

#include <functional>
#include <string>
#include <vector>

namespace hub::attendance {

/// One line of the export: a person, a session, a basis. The bases are never mixed:
/// - declared, mode "sign-in": one row per person and session, and the only rows that count. A person who
/// signed
///   in several times, or left and came back, has one.
/// - measured, mode page, video or audio (what was proven longest): a device's proofs. Where exactly one
/// person
///   signed in on the device in that session the row is theirs, and several devices of one person are one
///   union. Where several share the device nobody can tell who of them looked at it: the row then bears the
///   device's own reference and no name. Measured rows never count: their people are in declared rows
///   already.
struct Row {
  std::string session_id;
  std::string person_ref;
  bool is_declared = true;
  bool is_named = false;  ///< stays true for an erased person, whose name is empty
  bool is_counted = true;
  SignIn form;  ///< what the person wrote last; empty for a shared device
  base::Wall consent_at{};
  Stay stay;
  std::int64_t percent_of_session = 0;  ///< rounded, of the length of the session
  bool clock_suspect = false;  ///< some of it was recorded while the clock of the hub was not to be trusted
};

/// Everything that is shown or exported about attendance comes from here.
struct Table {
  std::string export_id;  ///< 32 hexadecimal digits, other for each export
  base::Identity identity;
  std::string language;  ///< of the titles: fr or en
  base::Wall at{};
  std::vector<Row> rows;  ///< by session, basis, arrival
  std::vector<Question> questions;
  std::vector<Register::SessionSummary> sessions;  ///< those with rows or a head-count, by start
  Register::Figures totals;                        ///< each person once, however many sessions
};

/// Which rows are wanted; a missing one wants all.
struct Wanted {
  std::function<bool(const std::string& session)> session;
  std::function<bool(const std::string& person)> person;
};

/// The rows as they stand at @p now. They depend on the set of events only.
[[nodiscard]] std::vector<Row> rows_of(const State& state, const Stamp& now, const Wanted& wanted = {});

/// Counts @p rows into the table: this is the one place where attendance is added up. Answers become what
/// table.questions says in table.language. @param session  only that one; empty for all
void count(Table& table, const State& state, std::vector<Row> rows, const std::string& session = {});

/// What of @p table is shown where no person is.
[[nodiscard]] Register::Summary summary_of(const Table& table);

}  // namespace hub::attendance
