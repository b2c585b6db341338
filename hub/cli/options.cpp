#include "hub/cli/options.h"

#include "hub/base/error.h"

#include <exception>

#include <boost/program_options.hpp>
#include <fmt/format.h>

namespace hub::cli {

namespace po = boost::program_options;

Options::Options(std::string usage, std::string purpose)
    : usage_{std::move(usage)}, purpose_{std::move(purpose)}, options_{"Options"} {
  auto add = options_.add_options();
  add("help", "show this text");
  add("config", po::value<std::string>()->value_name("FILE"),
      "settings of the hub; /etc/viewing-hub/hub.toml if not given");
  add("data-dir", po::value<std::string>()->value_name("DIR"),
      "folder of the data, instead of the file's data_dir");
}

std::optional<po::variables_map> Options::parse(const std::vector<std::string>& arguments,
                                                std::ostream& out) const {
  po::variables_map values;
  try {
    // Without guessing: an abbreviation that works today may mean another option tomorrow.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::command_line_parser parser{arguments};
    po::store(parser.options(options_).style(style).positional(positional_).run(), values);
    po::notify(values);
  } catch (const po::error& error) {
    throw WrongUse{error.what()};
  }
  if (values.count("help") == 0) return values;
  out << "usage: " << usage_ << "\n\n" << purpose_ << "\n\n" << options_;
  return std::nullopt;
}

std::optional<std::filesystem::path> path_option(const po::variables_map& values, const char* name) {
  if (values.count(name) == 0) return std::nullopt;
  return std::filesystem::path{values[name].as<std::string>()};
}

std::filesystem::path config_path(const std::optional<std::filesystem::path>& given) {
  if (given) return *given;
  const std::filesystem::path installed{"/etc/viewing-hub/hub.toml"};
  std::error_code error;
  if (!std::filesystem::exists(installed, error)) throw WrongUse{"give the settings with --config FILE"};
  return installed;
}

config::File load_config(const std::optional<std::filesystem::path>& config,
                         const std::optional<std::filesystem::path>& data_dir) {
  auto file = config::load(config_path(config));
  if (data_dir) file.data_dir = std::filesystem::absolute(*data_dir).lexically_normal();
  return file;
}

int guarded(const std::string& name, std::ostream& err, const std::function<int()>& command) {
  try {
    return command();
  } catch (const WrongUse& error) {
    err << fmt::format("viewing-hub {}: {}; try --help\n", name, error.what());
    return kWrongUse;
  } catch (const base::Error& error) {
    // The problems of a config name their file; each line stands for itself.
    if (error.code() == base::Errc::Config)
      err << error.what() << '\n';
    else
      err << fmt::format("viewing-hub {}: {}\n", name, error.what());
    return kFailed;
  } catch (const std::exception& error) {
    err << fmt::format("viewing-hub {}: {}\n", name, error.what());
    return kFailed;
  }
}

}  // namespace hub::cli
