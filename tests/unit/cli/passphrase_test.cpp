#include "hub/app/store_thread.h"
#include "hub/cli/options.h"
#include "hub/cli/passphrase_command.h"
#include "hub/store/data_folder.h"
#include "hub/store/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <fstream>
#include <sstream>

#include <sodium.h>

using namespace hub;
using namespace hub::cli;

namespace {

struct Hub {
  test::TempDir dir;
  std::ostringstream out, err;

  /// @param started  the hub ran here once.
  explicit Hub(bool started = true) {
    std::ofstream{dir.path() / "hub.toml"} << "[hub]\nname = \"Test\"\ndata_dir = \"" << data().string()
                                           << "\"\n";
    if (!started) return;
    const store::DataFolder folder{data(), store::DataFolder::Use::Serve};
    const store::SqliteStore store{folder.database()};
  }
  [[nodiscard]] std::filesystem::path data() const { return dir.path() / "data"; }
  int run(std::vector<std::string> arguments, const std::string& input = "") {
    out.str("");
    err.str("");
    std::istringstream in{input};
    arguments.insert(arguments.end(), {"--config", (dir.path() / "hub.toml").string()});
    return run_passphrase(arguments, in, out, err);
  }
  bool opens(web::Role role, const std::string& passphrase) {
    store::SqliteStore store{data() / "hub.sqlite"};
    const auto hash = store.secret(app::secret_name(role));
    return hash && crypto_pwhash_str_verify(hash->c_str(), passphrase.c_str(), passphrase.size()) == 0;
  }
};

}  // namespace

TEST_CASE("a new passphrase is on standard output and in the database as a hash") {
  Hub hub;
  std::ofstream{hub.data() / "passphrase"} << "the one of the first start\n";
  REQUIRE(hub.run({}) == kDone);
  const auto line = hub.out.str();
  REQUIRE(line.size() == 25);
  CHECK(hub.opens(web::Role::Host, line.substr(0, 24)));
  CHECK_FALSE(hub.opens(web::Role::Organizer, line.substr(0, 24)));
  CHECK_THAT(hub.err.str(), Catch::Contains("host is set"));
  CHECK_FALSE(std::filesystem::exists(hub.data() / "passphrase"));
  REQUIRE(hub.run({"--role", "organizer"}) == kDone);
  CHECK(hub.opens(web::Role::Organizer, hub.out.str().substr(0, 24)));
  CHECK(hub.opens(web::Role::Host, line.substr(0, 24)));
}

TEST_CASE("a passphrase of one's own comes from standard input and is not shown") {
  Hub hub;
  REQUIRE(hub.run({"--stdin"}, "la clé du hub\r\nanother line\n") == kDone);
  CHECK(hub.out.str().empty());
  CHECK(hub.opens(web::Role::Host, "la clé du hub"));
}

TEST_CASE("what cannot be set says why and changes nothing") {
  Hub hub;
  REQUIRE(hub.run({"--stdin"}, "la clé du hub\n") == kDone);
  struct Case {
    std::vector<std::string> arguments;
    std::string input;
    int code;
    const char* text;
  };
  const Case cases[] = {{{"--stdin"}, "short\n", kFailed, "8 to 200"},
                        {{"--stdin"}, std::string(201, 'x') + "\n", kFailed, "8 to 200"},
                        {{"--stdin"}, "", kWrongUse, "no line"},
                        {{"--stdin"}, "caf\xe9 caf\xe9 caf\xe9\n", kWrongUse, "UTF-8"},
                        {{"--role", "king"}, "", kWrongUse, "host or organizer"},
                        {{"--rol", "host"}, "", kWrongUse, "--help"}};
  for (const auto& [arguments, input, code, text] : cases) {
    CAPTURE(text);
    CHECK(hub.run(arguments, input) == code);
    CHECK(hub.out.str().empty());
    CHECK_THAT(hub.err.str(), Catch::Contains(text));
    CHECK(hub.opens(web::Role::Host, "la clé du hub"));
  }
}

TEST_CASE("without a database it says what to do") {
  Hub hub{false};
  CHECK(hub.run({}) == kFailed);
  CHECK_THAT(hub.err.str(), Catch::Contains("--data-dir"));
  std::filesystem::create_directory(hub.data());
  CHECK(hub.run({}) == kFailed);
  CHECK_THAT(hub.err.str(), Catch::Contains("start the hub once"));
  CHECK(hub.out.str().empty());
  CHECK_FALSE(std::filesystem::exists(hub.data() / "hub.sqlite"));
}
