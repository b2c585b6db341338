#pragma once
#include "hub/attendance/settings.h"
#include "hub/config/session_lines.h"
#include "hub/config/value.h"

#include <string>
#include <vector>

namespace hub::config {

void read_sign_in(attendance::Settings& to, Value& value);
void read_sessions(std::vector<SessionLines>& to, Value& value);

/// The sessions of @p lines, by start; what is wrong with them is noted at the line of its [[session]] in @p
/// root: times that are none, an end before its start, an id twice, a channel that does not exist or has two
/// sessions at once.
/// @param channels  ids
[[nodiscard]] std::vector<attendance::PlannedSession> resolve_sessions(
    std::vector<SessionLines> lines, const std::string& time_zone, const std::vector<std::string>& channels,
    const toml::table& root, Problems& problems);

}  // namespace hub::config
