#include "hub/cli/passphrase_command.h"

#include "hub/app/store_thread.h"
#include "hub/base/json.h"
#include "hub/cli/options.h"
#include "hub/store/data_folder.h"
#include "hub/store/sqlite_store.h"
#include "hub/web/auth.h"

#include <system_error>

#include <boost/program_options.hpp>
#include <fmt/format.h>

namespace hub::cli {
namespace {

namespace po = boost::program_options;

web::Role role_named(const std::string& name) {
  if (name == "host") return web::Role::Host;
  if (name == "organizer") return web::Role::Organizer;
  throw WrongUse{fmt::format("--role is host or organizer, not '{}'", name)};
}

/// One line, without its end.
std::string read_line(std::istream& in) {
  std::string line;
  if (!std::getline(in, line)) throw WrongUse{"--stdin was given, but there is no line on standard input"};
  if (line.ends_with('\r')) line.pop_back();
  if (!base::is_utf8(line))  // the browser sends UTF-8: no other bytes could ever open the door
    throw WrongUse{"the passphrase is not UTF-8: use a terminal in UTF-8"};
  return line;
}

}  // namespace

int run_passphrase(const std::vector<std::string>& arguments, std::istream& in, std::ostream& out,
                   std::ostream& err) {
  return guarded("passphrase", err, [&] {
    Options options{
        "viewing-hub passphrase [--role host|organizer] [--stdin] [--config FILE] [--data-dir DIR]",
        "Sets a new passphrase for the host page and shows it, once. A hub that runs takes it at the "
        "next login, and who is logged in with the one before is logged out then."};
    options.own().add_options()("role", po::value<std::string>()->default_value("host")->value_name("ROLE"),
                                "host (everything) or organizer (reads the attendance)")(
        "stdin", "take the first line of standard input, 8 to 200 characters, instead of making one");
    const auto values = options.parse(arguments, out);
    if (!values) return kDone;
    const auto role = role_named((*values)["role"].as<std::string>());
    const bool given = values->count("stdin") != 0;
    const auto settings = load_config(path_option(*values, "config"), path_option(*values, "data-dir"));
    const store::DataFolder folder{settings.data_dir, store::DataFolder::Use::Look};
    store::SqliteStore store{folder.database(), {.must_exist = true}};
    const auto passphrase = given ? read_line(in) : web::generate_passphrase();
    const web::Auth::Settings cost;
    store.set_secret(app::secret_name(role),
                     web::hash_passphrase(passphrase, cost.hash_operations, cost.hash_memory_bytes));
    if (role == web::Role::Host) {
      // What the first start of a service wrote there opens nothing any more.
      std::error_code ignored;
      std::filesystem::remove(folder.path() / "passphrase", ignored);
    }
    if (!given) out << passphrase << '\n' << std::flush;
    err << fmt::format("The passphrase of the {} is set. A hub that runs takes it at the next login.\n",
                       (*values)["role"].as<std::string>());
    return kDone;
  });
}

}  // namespace hub::cli
