#include "hub/channels/worker_process.h"

#include "tests/support/catch.h"
#include "tests/support/descriptors.h"
#include "tests/support/turn.h"

#include <csignal>
#include <optional>

using namespace hub;
using namespace std::chrono_literals;
using channels::ProcessFactory;
using channels::Worker;
using channels::WorkerExit;
using channels::WorkerProcess;
using test::run_for;
using test::run_until;

namespace {

struct Listener : Worker::Listener {
  int tracks = 0, units = 0, titles = 0;
  std::optional<WorkerExit> exit;
  std::function<void()> on_unit = [] {};
  void on_message(stream::Message message) override {
    if (std::holds_alternative<stream::Tracks>(message)) ++tracks;
    if (std::holds_alternative<stream::Title>(message)) ++titles;
    if (std::holds_alternative<stream::Unit>(message)) {
      ++units;
      on_unit();
    }
  }
  void on_exit(const WorkerExit& how) override {
    REQUIRE_FALSE(exit);
    exit = how;
  }
};

struct Fixture {
  lib::glib::Loop loop;
  base::SystemClock clock;
  ProcessFactory factory{loop, clock, HUB_FAKE_WORKER};
  Listener listener;

  std::unique_ptr<Worker> start(const std::string& mode, const std::string& channel = "test") {
    stream::Job job;
    job.channel = channel;
    job.uri = "fake:" + mode;
    auto worker = factory.start(job, listener);
    REQUIRE(worker);
    return std::move(*worker);
  }
};

pid_t pid_of(const std::unique_ptr<Worker>& worker) {
  return dynamic_cast<WorkerProcess&>(*worker).pid();
}

}  // namespace

TEST_CASE("units arrive, and the worker ends with its owner") {
  Fixture f;
  auto worker = f.start("steady");
  REQUIRE(run_until(f.loop, [&] { return f.listener.units >= 20; }));
  CHECK(f.listener.tracks == 1);
  CHECK_FALSE(f.listener.exit);
  const int before = f.listener.units;
  worker.reset();
  CHECK(f.factory.reaper().pending() == 1);
  REQUIRE(run_until(f.loop, [&] { return f.factory.reaper().pending() == 0; }));
  CHECK(f.listener.units == before);
  CHECK_FALSE(f.listener.exit);
  CHECK(test::count_children() == 0);
}

TEST_CASE("how a worker ended is told, and everything it sent before") {
  struct Row {
    const char* mode;
    WorkerExit::How how;
    base::Errc code;
    const char* words;
    int units;
  };
  const Row rows[] = {
      {"ends:200", WorkerExit::How::Bye, base::Errc::Ended, "ended", 15},
      {"refused", WorkerExit::How::Bye, base::Errc::Refused, "said no", 0},
      {"crash:200", WorkerExit::How::Crashed, base::Errc::Internal, "SIGSEGV", 15},
      {"quits:200", WorkerExit::How::Crashed, base::Errc::Internal, "exit code 3", 15},
      {"garbage:200", WorkerExit::How::Broken, base::Errc::Internal, "garbage", 15},
      {"closes:200", WorkerExit::How::Crashed, base::Errc::Internal, "closed its connection", 15},
  };
  for (const auto& row : rows) {
    INFO(row.mode);
    Fixture f;
    auto worker = f.start(row.mode);
    REQUIRE(run_until(f.loop, [&] { return f.listener.exit.has_value(); }));
    CHECK(f.listener.exit->how == row.how);
    CHECK(f.listener.exit->why.code == row.code);
    CHECK(f.listener.exit->why.text.find(row.words) != std::string::npos);
    CHECK(f.listener.units == row.units);
    worker.reset();
    CHECK(run_until(
        f.loop, [&] { return f.factory.reaper().pending() == 0; }, 3s));
  }
}

TEST_CASE("a worker may be destroyed from inside its own calls") {
  Fixture f;
  auto worker = f.start("steady");
  f.listener.on_unit = [&] { worker.reset(); };
  REQUIRE(run_until(f.loop, [&] { return !worker; }));
  CHECK(f.listener.units == 1);
  CHECK(run_until(f.loop, [&] { return f.factory.reaper().pending() == 0; }));
}

TEST_CASE("a worker that ignores SIGTERM is killed after a second, and nobody waits for it") {
  Fixture f;
  auto worker = f.start("stubborn");
  REQUIRE(run_until(f.loop, [&] { return f.listener.units > 0; }));
  const auto begin = std::chrono::steady_clock::now();
  worker.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 100ms);
  REQUIRE(run_until(
      f.loop, [&] { return f.factory.reaper().pending() == 0; }, 3s));
  CHECK(std::chrono::steady_clock::now() - begin >= 900ms);
  CHECK(test::count_children() == 0);
}

TEST_CASE("the factory's end takes all workers with it in bounded time") {
  const auto begin = std::chrono::steady_clock::now();
  {
    Fixture f;
    auto one = f.start("stubborn");
    auto two = f.start("steady");
    REQUIRE(run_until(f.loop, [&] { return f.listener.units > 20; }));
    one.reset();
    two.reset();
  }
  CHECK(std::chrono::steady_clock::now() - begin < 4s);
  CHECK(test::count_children() == 0);
}

TEST_CASE("a worker killed from outside is a crash that names the signal") {
  Fixture f;
  auto worker = f.start("steady");
  REQUIRE(run_until(f.loop, [&] { return f.listener.units > 0; }));
  kill(pid_of(worker), SIGKILL);
  REQUIRE(run_until(
      f.loop, [&] { return f.listener.exit.has_value(); }, 1s));
  CHECK(f.listener.exit->why.text.find("SIGKILL") != std::string::npos);
}

TEST_CASE("a program that cannot be started is a failure, not a crash") {
  lib::glib::Loop loop;
  const base::SystemClock clock;
  ProcessFactory factory{loop, clock, "/nonexistent/viewing-hub-worker"};
  Listener listener;
  const auto worker = factory.start({}, listener);
  REQUIRE_FALSE(worker);
  CHECK(worker.error().code == base::Errc::Io);
  CHECK(worker.error().text.find("/nonexistent") != std::string::npos);
}

TEST_CASE("an encoder that does not read never holds up the hub") {
  Fixture f;
  auto worker = f.start("encoder", "slow-encoder");
  stream::Unit unit;
  unit.track = 2;
  unit.duration = 21ms;
  unit.payload = base::make_blob(base::Bytes(1000, 1));
  for (int i = 0; i < 5000; ++i) worker->send(unit);
  const auto& process = dynamic_cast<WorkerProcess&>(*worker);
  CHECK(process.dropped_units() > 3000);
  CHECK(process.dropped_units() < 5000);
}

TEST_CASE("fifty starts and ends leave no descriptor and no zombie") {
  Fixture f;
  const auto once = [&] {
    f.listener.units = 0;
    auto worker = f.start("steady");
    REQUIRE(run_until(f.loop, [&] { return f.listener.units > 0; }));
    worker.reset();
    REQUIRE(run_until(f.loop, [&] { return f.factory.reaper().pending() == 0; }));
  };
  once();
  const auto before = test::count_descriptors();
  for (int i = 0; i < 50; ++i) once();
  CHECK(test::count_descriptors() == before);
  CHECK(test::count_children() == 0);
}

TEST_CASE("a flood on stderr does not hide how the worker ended") {
  Fixture f;
  auto worker = f.start("chatty");
  REQUIRE(run_until(f.loop, [&] { return f.listener.exit.has_value(); }));
  CHECK(f.listener.exit->why.text.find("exit code 3") != std::string::npos);
}
