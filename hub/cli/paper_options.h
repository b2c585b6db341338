#pragma once
#include "hub/base/clock.h"
#include "hub/cli/options.h"
#include "hub/config/config.h"

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

/// What `sheet` and `poster` share.
namespace hub::cli {

/// Addresses for phones on the networks of this machine, best first (web::phone_urls).
using FindUrls = std::function<std::vector<std::string>(const config::File& file)>;

/// Adds --lang, --url, --output and --force. @param file_name  what is written if --output is not given.
void add_paper_options(Options& options, const std::string& file_name);

/// --lang, else the hub's first language that pages are written in. @throws WrongUse if it is neither fr nor
/// en.
[[nodiscard]] std::string paper_language_option(const boost::program_options::variables_map& values,
                                                const config::File& file);

/// --url without the slash at its end, else the best of @p find; says on @p err if there are several. Empty
/// if there is none. @throws WrongUse if --url is no http or https address.
[[nodiscard]] std::string url_option(const boost::program_options::variables_map& values,
                                     const config::File& file, const FindUrls& find, std::ostream& err);

/// Writes @p bytes to --output, or to @p out for "-". A file that is there already is left alone without
/// --force; with it, it is replaced only once all of the new one is on the disk.
/// @throws base::Error{Conflict} if it is there, {Io} if it cannot be written.
void write_document(const boost::program_options::variables_map& values, std::string_view bytes,
                    std::ostream& out, std::ostream& err);

}  // namespace hub::cli
