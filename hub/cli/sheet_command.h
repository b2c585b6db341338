#pragma once
#include "hub/base/clock.h"
#include "hub/cli/paper_options.h"

#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// `viewing-hub sheet`: A4 pages to sign in on with a pen. The session is the one of --session, else the
/// planned one that takes sign-ins now, else the day.
/// @param arguments  what follows the word `sheet`. @return kDone, kFailed or kWrongUse
[[nodiscard]] int run_sheet(const std::vector<std::string>& arguments, const FindUrls& find,
                            const base::Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace hub::cli
