#include "hub/cli/check_command.h"
#include "hub/cli/options.h"
#include "tests/support/catch.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

using namespace hub;
using namespace std::chrono_literals;
using cli::Finding;
using Grade = cli::Finding::Grade;
namespace fs = std::filesystem;

namespace {

const cli::Words kEnglish{"en"};

struct TempDir {
  TempDir() {
    std::string pattern = (fs::temp_directory_path() / "hub-check-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { fs::remove_all(path); }
  fs::path path;
};

/// Listens on a free port of loopback.
struct Listener {
  Listener() : fd{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t length = sizeof address;
    REQUIRE(bind(fd, generic, length) == 0);
    REQUIRE(listen(fd, 4) == 0);
    const timeval limit{5, 0};  // of accept(), if nobody comes
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    getsockname(fd, generic, &length);
    port = ntohs(address.sin_port);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(fd); }
  /// Answers one request.
  void answer(const std::string& text) const {
    const int peer = accept(fd, nullptr, nullptr);
    if (peer < 0) return;
    char request[1024];
    (void)!read(peer, request, sizeof request);
    (void)!write(peer, text.data(), text.size());
    close(peer);
  }
  int fd;
  std::uint16_t port = 0;
};

cli::CheckProbes good_probes() {
  cli::CheckProbes probes;
  probes.plugins = [] { return base::Result<std::string>{R"({"missing":[]})"}; };
  probes.addresses = [] { return std::vector<std::string>{"192.0.2.7", "2001:db8::7"}; };
  probes.machine = [](const auto&) {
    machine::State state;
    state.free_bytes = 5'000'000'000;
    return state;
  };
  probes.source = [](const auto&, const auto&) { return base::Result<std::string>{"H.264 640x360, AAC"}; };
  return probes;
}

struct Run {
  int code = -1;
  std::string out, err;
};
Run run(const std::vector<std::string>& arguments, const cli::CheckProbes& probes = good_probes()) {
  std::ostringstream out, err;
  const base::ManualClock clock;
  Run result;
  result.code = cli::run_check(arguments, probes, clock, out, err);
  result.out = out.str();
  result.err = err.str();
  return result;
}

std::string config_in(const TempDir& dir, const std::string& text) {
  const auto path = dir.path / "hub.toml";
  std::ofstream{path} << text;
  return path.string();
}

const std::string kGood =
    "[web]\nlisten = \"127.0.0.1:0\"\n[[channel]]\nid = \"a\"\n[[channel.source]]\nuri = \"demo:\"\n";

}  // namespace

TEST_CASE("a free port is fine, a taken one tells who may have it") {
  CHECK(cli::check_port("127.0.0.1", 0, kEnglish).grade == Grade::Ok);
  CHECK(cli::check_port("::1", 0, kEnglish).grade != Grade::Failed);
  const Listener other;
  std::thread stranger{[&] { other.answer("HTTP/1.1 200 OK\r\n\r\nhello"); }};
  const auto taken = cli::check_port("127.0.0.1", other.port, kEnglish);
  stranger.join();
  CHECK(taken.grade == Grade::Failed);
  CHECK_THAT(taken.text, Catch::Matchers::Contains("taken by another program"));
  CHECK(cli::check_port("192.0.2.1", 0, kEnglish).text ==
        "192.0.2.1 is not an address of this machine; write 0.0.0.0 in web.listen");
}

TEST_CASE("a hub that already runs is a warning") {
  const Listener hub;
  std::thread server{[&] { hub.answer("HTTP/1.1 200 OK\r\n\r\n{\"status\":\"ok\",\"uptime_s\":3}"); }};
  const auto finding = cli::check_port("127.0.0.1", hub.port, kEnglish);
  server.join();
  CHECK(finding.grade == Grade::Warning);
  CHECK_THAT(finding.text, Catch::Matchers::Contains("a hub is running here already"));
}

TEST_CASE("the data folder is there or can be made, and is closed to others") {
  const TempDir dir;
  const auto grade = [](const fs::path& path) { return cli::check_data_dir(path, kEnglish).grade; };
  CHECK(grade(dir.path) == Grade::Ok);
  CHECK(cli::check_data_dir(dir.path / "a" / "b", kEnglish) ==
        Finding{Grade::Ok, "Data", (dir.path / "a" / "b").string() + " (will be made)"});
  CHECK_FALSE(fs::exists(dir.path / "a"));
  fs::permissions(dir.path, fs::perms{0750});
  CHECK(grade(dir.path) == Grade::Warning);
  std::ofstream{dir.path / "file"} << "x";
  CHECK(grade(dir.path / "file") == Grade::Failed);
  CHECK(grade(dir.path / "file" / "data") == Grade::Failed);
  if (geteuid() != 0) CHECK(grade("/hub") == Grade::Failed);
}

TEST_CASE("a full disk fails, a nearly full one warns") {
  CHECK(cli::check_disk(5'000'000'000, kEnglish) == Finding{Grade::Ok, "Disk", "5.0 GB free"});
  CHECK(cli::check_disk(999'999'999, kEnglish).grade == Grade::Warning);
  CHECK(cli::check_disk(49'999'999, kEnglish).grade == Grade::Failed);
}

TEST_CASE("a clock that was lost in a power cut fails, one without time service warns") {
  CHECK(cli::check_clock(base::Wall{0s}, true, kEnglish).grade == Grade::Failed);
  CHECK(cli::check_clock(base::Wall{1'800'000'000s}, true, kEnglish) ==
        Finding{Grade::Ok, "Clock", "2027-01-15T08:00:00.000Z"});
  CHECK(cli::check_clock(base::Wall{1'800'000'000s}, false, kEnglish).grade == Grade::Warning);
  CHECK(cli::check_clock(base::Wall{5'000'000'000s}, true, kEnglish).grade == Grade::Failed);
}

TEST_CASE("addresses are shown as phones take them") {
  CHECK(cli::check_addresses({"192.0.2.7", "2001:db8::7"}, 8080, kEnglish).text ==
        "http://192.0.2.7:8080/ http://[2001:db8::7]:8080/");
  CHECK(cli::check_addresses({}, 8080, kEnglish).grade == Grade::Warning);
}

TEST_CASE("missing plugins become one apt command") {
  const auto finding = cli::check_plugins(
      std::string{R"({"missing":[{"element":"x264enc","package":"gstreamer1.0-plugins-ugly"},
          {"element":"lamemp3enc","package":"gstreamer1.0-plugins-ugly"},{"element":"srtsrc","package":"gstreamer1.0-plugins-bad"}]})"},
      kEnglish);
  CHECK(finding.grade == Grade::Failed);
  CHECK(finding.text ==
        "missing: lamemp3enc, srtsrc, x264enc; sudo apt-get install gstreamer1.0-plugins-bad "
        "gstreamer1.0-plugins-ugly");
  for (const std::string bad : {"", "[]", "{}", "{\"missing\":3}", "Segmentation fault"})
    CHECK(cli::check_plugins(bad, kEnglish).grade == Grade::Failed);
  CHECK_THAT(cli::check_plugins(base::Failure{base::Errc::Io, "no such file"}, kEnglish).text,
             Catch::Matchers::Contains("no such file"));
}

TEST_CASE("check says what it found, one line each, in the hub's language") {
  const TempDir dir;
  const auto config = config_in(dir, kGood);
  const auto french = run({"--config", config});
  CAPTURE(french.out, french.err);
  CHECK(french.code == cli::kDone);
  CHECK_THAT(french.out, Catch::Matchers::Contains("ok         Chaîne a : H.264 640x360, AAC\n"));
  CHECK_THAT(french.out, Catch::Matchers::Contains("Le hub peut démarrer"));
  const auto english = run({"--config", config, "--lang", "en", "--data-dir", (dir.path / "d").string()});
  CHECK_THAT(english.out, Catch::Matchers::Contains("ok         Data: " + (dir.path / "d").string()));
}

TEST_CASE("a source that fails is a warning, a missing plugin or a bad config a failure") {
  const TempDir dir;
  const auto config = config_in(dir, kGood);
  auto probes = good_probes();
  probes.source = [](const auto&, const auto&) -> base::Result<std::string> {
    return base::Failure{base::Errc::NotFound, "the server\x1B says 404"};
  };
  const auto offline = run({"--config", config, "--lang", "en"}, probes);
  CHECK(offline.code == cli::kDone);
  CHECK_THAT(offline.out,
             Catch::Matchers::Contains("warning    Channel a: the server  says 404; the hub will try again"));
  probes.plugins = [] { return base::Result<std::string>{R"({"missing":[{"element":"x","package":"y"}]})"}; };
  CHECK(run({"--config", config}, probes).code == cli::kFailed);

  const auto bad = run({"--config", config_in(dir, "[hub]\nname = 1\n"), "--lang", "en"});
  CHECK(bad.code == cli::kFailed);
  CHECK_THAT(bad.out, Catch::Matchers::Contains("failed     Settings: " + (dir.path / "hub.toml").string() +
                                                ":2: hub.name"));
}

TEST_CASE("wrong use is 2 and says so, --help is 0") {
  CHECK(run({"--help"}).code == cli::kDone);
  CHECK_THAT(run({"--help"}).out, Catch::Matchers::StartsWith("usage: viewing-hub check"));
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--nonsense"}, {"--conf", "x"}, {"word"}, {"--config"}, {"--config", "x", "--lang", "de"}}) {
    const auto result = run(arguments);
    CHECK(result.code == cli::kWrongUse);
    CHECK_THAT(result.err, Catch::Matchers::StartsWith("viewing-hub check: ") &&
                               Catch::Matchers::EndsWith("; try --help\n"));
  }
}
