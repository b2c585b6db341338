#pragma once
#include "hub/lib/sqlite/database.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace hub::store {

/// The steps from an empty file to the schema of this program; `PRAGMA user_version` says how many were
/// taken. A step that has been released never changes: a new one is added.
[[nodiscard]] std::span<const std::string_view> schema_steps();

/// Takes the steps that @p database lacks, all or none. @param up_to  for tests: stop after so many.
/// @throws base::Error{Config} if the database was written by a newer program.
void migrate(lib::sqlite::Database& database, std::size_t up_to = schema_steps().size());

}  // namespace hub::store
