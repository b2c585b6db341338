#pragma once
#include "hub/attendance/settings.h"
#include "hub/base/identity.h"

#include <filesystem>
#include <functional>
#include <optional>

namespace hub::cli {

/// What commands beside `serve` need of the settings.
struct Context {
  base::Identity identity;
  std::filesystem::path data_dir;
  attendance::Settings attendance;
};

/// Reads the settings. @param config  as given with --config. @param data_dir  as given with --data-dir,
/// which wins over the file. @throws base::Error{Config}
using LoadContext = std::function<Context(const std::optional<std::filesystem::path>& config,
                                          const std::optional<std::filesystem::path>& data_dir)>;

}  // namespace hub::cli
