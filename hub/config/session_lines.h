#pragma once
#include "hub/attendance/settings.h"

#include <string>

namespace hub::config {

/// [[session]] as it stands in the file: the times are resolved once the time zone is known.
struct SessionLines {
  attendance::PlannedSession session;
  std::string start, end;
};

}  // namespace hub::config
