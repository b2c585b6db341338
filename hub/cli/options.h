#pragma once
#include "hub/config/config.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

/// The commands of viewing-hub, one file each, and what they share.
namespace hub::cli {

/// What every command ends with.
inline constexpr int kDone = 0, kFailed = 1, kWrongUse = 2;

/// The command line makes no sense; the text says which part.
class WrongUse : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The options of one command: --help, --config and --data-dir, which all have, and its own.
class Options {
 public:
  /// @param usage  "viewing-hub check [--lang fr|en]". @param purpose  a sentence or two for --help.
  Options(std::string usage, std::string purpose);
  /// To add the command's own to, before parse().
  [[nodiscard]] boost::program_options::options_description& own() { return options_; }
  /// Words without an option belong to option @p name, any number of them.
  void positional(const char* name) { positional_.add(name, -1); }
  /// @param arguments  what follows the command's word. Nothing if --help was asked for and answered on @p
  /// out.
  /// @throws WrongUse
  [[nodiscard]] std::optional<boost::program_options::variables_map> parse(
      const std::vector<std::string>& arguments, std::ostream& out) const;

 private:
  std::string usage_, purpose_;
  boost::program_options::options_description options_;
  boost::program_options::positional_options_description positional_;
};

/// The value of --config or --data-dir in @p values, if it was given.
[[nodiscard]] std::optional<std::filesystem::path> path_option(
    const boost::program_options::variables_map& values, const char* name);

/// @p given, or the config of the installed service, /etc/viewing-hub/hub.toml.
/// @throws WrongUse if neither is there.
[[nodiscard]] std::filesystem::path config_path(const std::optional<std::filesystem::path>& given);

/// The config with @p data_dir, which wins over the file's own. @throws WrongUse, base::Error{Config}
[[nodiscard]] config::File load_config(const std::optional<std::filesystem::path>& config,
                                       const std::optional<std::filesystem::path>& data_dir);

/// Runs @p command and turns what it throws into a line on @p err and an exit code. @param name  of the
/// command.
[[nodiscard]] int guarded(const std::string& name, std::ostream& err, const std::function<int()>& command);

}  // namespace hub::cli
