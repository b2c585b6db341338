#pragma once
#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// `viewing-hub serve`: runs the hub until it is told to stop. @param arguments  what follows the word
/// `serve`.
/// @return kDone after an orderly stop, kFailed, or kWrongUse.
[[nodiscard]] int run_serve(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace hub::cli
