#pragma once
#include "hub/agenda/settings.h"
#include "hub/attendance/settings.h"
#include "hub/base/identity.h"
#include "hub/channels/settings.h"
#include "hub/config/session_lines.h"
#include "hub/recordings/settings.h"
#include "hub/reports/settings.h"
#include "hub/web/settings.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// hub.toml → the settings of the modules. Nothing here changes while the hub runs.
namespace hub::config {

/// The whole file. Members that the file does not set hold the built-in defaults.
struct File {
  base::Identity identity;         ///< [hub]
  std::filesystem::path data_dir;  ///< hub.data_dir, absolute
  std::string log_level = "info";  ///< hub.log_level, as base::set_log_level() takes it
  web::Settings web;
  channels::RelaySettings relay;
  recordings::Settings recordings;  ///< [recordings], [rights], [uplink]; its folder is absolute or empty
  attendance::Settings privacy;     ///< [privacy], [sign_in], [[session]]
  std::vector<SessionLines> session_lines;  ///< while the file is read; empty afterwards
  reports::WifiSettings wifi;
  agenda::Settings ietf;
  std::vector<channels::ChannelSettings> channels;  ///< sources are URIs; a path became file://
};

/// A larger file is not a config.
inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;

/// Reads and checks the file at @p path. Relative paths in it start at its folder.
/// @throws base::Error{Errc::Config} with one line for each problem of the file, such as
/// `hub.toml:12: channel.mode: "alwais" is not allowed; use "always"`.
[[nodiscard]] File load(const std::filesystem::path& path);

/// load() on text in memory. @param name  shown before each line number. @param folder  absolute.
[[nodiscard]] File parse(std::string_view text, const std::string& name, const std::filesystem::path& folder);

/// Where the data are if the config does not say: /var/lib/viewing-hub for a config below /etc (an installed
/// service), else the folder "data" beside the config.
[[nodiscard]] std::filesystem::path default_data_dir(const std::filesystem::path& config_folder);

}  // namespace hub::config
