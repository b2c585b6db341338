#include "hub/cli/poster_command.h"

#include "hub/base/error.h"
#include "hub/reports/poster.h"

#include <boost/program_options.hpp>

namespace hub::cli {

int run_poster(const std::vector<std::string>& arguments, const FindUrls& find, const base::Clock& clock,
               std::ostream& out, std::ostream& err) {
  return guarded("poster", err, [&] {
    Options options{
        "viewing-hub poster [--config FILE] [--lang fr|en] [--url URL] [--output FILE|-] [--force]",
        "Makes a poster, PDF, A4: how to join the Wi-Fi ([wifi] of the settings) and open the page, "
        "as QR codes and in clear."};
    add_paper_options(options, "poster.pdf");
    const auto values = options.parse(arguments, out);
    if (!values) return kDone;
    const auto file = load_config(path_option(*values, "config"), path_option(*values, "data-dir"));
    reports::Poster poster{file.identity.name, paper_language_option(*values, file),
                           url_option(*values, file, find, err), file.wifi, clock.wall()};
    if (poster.address.empty())
      throw base::Error{base::Errc::NotFound,
                        "this machine has no address on a network: connect it to the network of the room, or "
                        "give the address with --url"};
    if (poster.wifi.ssid.empty())
      err << "The poster shows no Wi-Fi. To add it, write into hub.toml:\n"
             "  [wifi]\n  ssid = \"name of the network\"\n  password = \"its password\"\n";
    write_document(*values, reports::poster_pdf(poster), out, err);
    return kDone;
  });
}

}  // namespace hub::cli
