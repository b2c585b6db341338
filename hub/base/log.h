#pragma once
#include <memory>
#include <string>

#include <spdlog/logger.h>

namespace hub::base {

/// The logger of one module ("web", "store") or channel ("channel.room-1"), made on first use. All of them
/// write to stderr, where systemd adds the time if it reads it. Thread-safe. Never log a secret; never log an
/// attendee's name at info or above.
[[nodiscard]] std::shared_ptr<spdlog::logger> logger(const std::string& name);

/// Sets the level of all loggers, present and future. @param level  trace, debug, info, warning, error.
/// @return false, and nothing changes, if @p level is none of these.
bool set_log_level(const std::string& level);

/// From now on loggers write the bare text: for a worker, whose lines the hub stamps and names. Call it first
/// of all.
void log_bare_text();

}  // namespace hub::base
