#pragma once
#include "hub/base/clock.h"
#include "hub/config/config.h"
#include "hub/recordings/download.h"

namespace hub::app {

/// What a fetch needs of this hub: its own addresses, and the worker that joins tracks. @param settings,
/// clock outlive the result.
[[nodiscard]] recordings::Surroundings fetch_surroundings(const config::File& settings,
                                                          const base::Clock& clock);

}  // namespace hub::app
