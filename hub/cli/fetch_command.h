#pragma once
#include "hub/base/clock.h"

#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// `viewing-hub fetch`: brings recordings in ahead. Works beside a running hub, which then goes on with what
/// is not yet whole. @return kDone when all are there, kFailed, or kWrongUse.
[[nodiscard]] int run_fetch(const std::vector<std::string>& arguments, const base::Clock& clock,
                            std::ostream& out, std::ostream& err);

}  // namespace hub::cli
