#pragma once
#include "hub/base/clock.h"
#include "hub/cli/paper_options.h"

#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// `viewing-hub poster`: an A4 page for the wall, with the QR codes of the Wi-Fi and of the page.
/// @param arguments  what follows the word `poster`. @return kDone, kFailed or kWrongUse
[[nodiscard]] int run_poster(const std::vector<std::string>& arguments, const FindUrls& find,
                             const base::Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace hub::cli
