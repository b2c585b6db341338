#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/cli/context.h"

#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// `viewing-hub attendance …`, understood.
struct AttendanceArguments {
  enum class Action { Help, List, Summary, Export } action = Action::Help;
  std::string format;            ///< csv or json; of a summary text or json
  bool wants_to_join = false;    ///< list only who asked to become a member, with the contact
  std::string language;          ///< fr, en, or empty: the hub's first
  std::string session;           ///< an id, or empty: all
  std::filesystem::path output;  ///< empty: standard output
  std::optional<std::filesystem::path> config, data_dir;
};

/// @param arguments  what follows the word `attendance`.
[[nodiscard]] base::Result<AttendanceArguments> parse_attendance(const std::vector<std::string>& arguments);

/// Runs the command on the database itself, beside a running hub or without one. Results go to @p out,
/// sentences to
/// @p err. @return 0 done, 1 failed, 2 wrong use.
int run_attendance(const std::vector<std::string>& arguments, const LoadContext& load,
                   const base::Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace hub::cli
