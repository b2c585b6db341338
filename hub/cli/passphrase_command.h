#pragma once
#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// `viewing-hub passphrase [--role host|organizer] [--stdin]`: sets a new passphrase in the database of the
/// hub, which may be running. A new one is made and shown on @p out, nothing else is; with --stdin it is the
/// first line of @p in. @return exit code
[[nodiscard]] int run_passphrase(const std::vector<std::string>& arguments, std::istream& in,
                                 std::ostream& out, std::ostream& err);

}  // namespace hub::cli
