#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hub::cli {

/// One subcommand of viewing-hub.
struct Command {
  std::string_view name;
  std::string_view purpose;  ///< one line for --help
  /// @param arguments  what follows the command's word. @return the exit code
  int (*run)(const std::vector<std::string>& arguments);
};

/// All commands, in the order in which --help names them.
[[nodiscard]] std::span<const Command> commands();

}  // namespace hub::cli
