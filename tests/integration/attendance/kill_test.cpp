#include "hub/attendance/ledger.h"
#include "hub/base/json.h"
#include "hub/reports/attendance_report.h"
#include "hub/store/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hub;

namespace {

std::size_t rounds() {
  const char* wanted = std::getenv("HUB_KILL_ROUNDS");
  return wanted ? std::strtoul(wanted, nullptr, 10) : 200;
}

/// A child that signs people in, until kill().
class Child {
 public:
  explicit Child(const std::filesystem::path& data) {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const std::string program =
        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kill_child").string();
    const std::string folder = data.string();
    char* const argv[] = {const_cast<char*>(program.c_str()), const_cast<char*>(folder.c_str()), nullptr};
    REQUIRE(posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    fd_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    close(fd_);
  }
  /// Waits until it has answered something, at most 10 s. False if it did not.
  bool answers() {
    pollfd wait{fd_, POLLIN, 0};
    return poll(&wait, 1, 10'000) == 1 && (wait.revents & POLLIN) != 0;
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  /// Everything that it printed; whole lines only.
  void drain(std::set<std::string>& refs) {
    std::string text;
    char buffer[65536];
    for (ssize_t count = 0; (count = read(fd_, buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(count));
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
      refs.insert(text.substr(at, end - at));
  }

 private:
  pid_t pid_ = -1;
  int fd_ = -1;
};

struct Score {
  std::size_t answered = 0, held = 0, lost = 0;
};

/// Kills @p kills times over one data folder, then looks what is in it.
Score kill_over_one_folder(std::size_t kills) {
  const test::TempDir dir;
  const auto data = dir.path() / "data";
  std::set<std::string> answered;
  std::mt19937 random{std::random_device{}()};
  for (std::size_t kill = 0; kill < kills; ++kill) {
    Child child{data};
    REQUIRE(child.answers());
    // A random moment of the commits that follow, some of them within one.
    usleep(static_cast<useconds_t>(random() % 10'000));
    child.kill();
    child.drain(answered);
  }
  store::SqliteStore store{data / "hub.sqlite", {.must_exist = true}};
  CHECK_FALSE(store.damage());
  attendance::Ledger ledger{store, base::Identity{}, attendance::Settings{}, reports::write_attendance};
  const base::SystemClock clock;
  attendance::Stamper stamper{clock, base::boot_id()};
  attendance::Register::Exported exported;
  ledger.run_one([&](attendance::Ledger& l) { exported = l.export_({"json", "en", ""}, stamper.now()); });
  const auto json = base::parse_json(exported.bytes);
  REQUIRE(json);
  std::set<std::string> held;
  for (const auto& row : json->at("rows")) held.insert(row.at("person_ref").get<std::string>());
  Score score{answered.size(), held.size(), 0};
  for (const auto& ref : answered) score.lost += held.contains(ref) ? 0U : 1U;
  // Each start but the first found a run that had not stopped in order.
  CHECK(ledger.state().outages().size() == kills - 1);
  return score;
}

}  // namespace

TEST_CASE("invariant 1: kill -9 in the middle of sign-ins loses none that was answered") {
  const std::size_t kills = rounds();
  // A fresh folder now and then, so that reading the log at each start does not become the test.
  constexpr std::size_t kPerFolder = 25;
  Score all;
  for (std::size_t done = 0; done < kills; done += kPerFolder) {
    const auto score = kill_over_one_folder(std::min(kPerFolder, kills - done));
    all.answered += score.answered;
    all.held += score.held;
    all.lost += score.lost;
  }
  CHECK(all.lost == 0);
  CHECK(all.answered >= kills);
  WARN(kills << " kills, " << all.answered << " sign-ins answered, " << all.held << " held, " << all.lost
             << " lost");
}
