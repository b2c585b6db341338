// Prints how many sign-ins per second are on the disk when they are answered, beside the fsyncs per second of
// the same disk, and how long export and start take with 10 000 people. Give a folder to choose the disk.
#include "hub/attendance/live_register.h"
#include "hub/reports/attendance_report.h"
#include "hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"

#include <chrono>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace hub;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double fsyncs_per_second(const std::filesystem::path& folder) {
  const int fd = open((folder / "fsync").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  constexpr int kTimes = 100;
  const std::string page(4096, 'x');
  const auto start = Clock::now();
  for (int i = 0; i < kTimes; ++i)
    if (write(fd, page.data(), page.size()) < 0 || fsync(fd) != 0) break;
  const double taken = seconds_since(start);
  close(fd);
  return kTimes / taken;
}

attendance::SignIn person(int number) {
  attendance::SignIn form;
  form.name = fmt::format("Prénom Nom {}", number);
  form.affiliation = "Université des sciences, Bamako";
  form.contact_ok = true;
  form.contact = fmt::format("nom{}@example.org", number);
  form.member = attendance::SignIn::Member::Yes;
  form.first_time = true;
  form.consent_version = attendance::kConsentVersion;
  form.consent_language = "fr";
  return form;
}

/// A register on a fresh database in @p folder.
struct Hub {
  explicit Hub(const std::filesystem::path& folder)
      : store{folder / "hub.sqlite"}, reg{main,
                                          thread,
                                          store,
                                          clock,
                                          base::Identity{},
                                          attendance::Settings{},
                                          reports::write_attendance,
                                          base::boot_id()} {}
  base::SystemClock clock;
  lib::glib::Loop main;
  lib::glib::LoopThread thread{"store"};
  store::SqliteStore store;
  attendance::LiveRegister reg;

  /// Signs @p people in, @p at_once of them waiting for an answer at any time; how many per second.
  double sign_in(int people, int at_once) {
    const auto start = Clock::now();
    int asked = 0;
    int answered = 0;
    std::function<void()> next = [&] {
      if (asked == people) return;
      reg.sign_in({person(asked++), "", false, ""}, "",
                  [&](base::Result<attendance::Register::SignedIn> done) {
                    reg.seen({std::move(done).or_throw().device, "room-1", attendance::Proof::Mode::Video});
                    if (++answered == people) main.quit();
                    next();
                  });
    };
    for (int i = 0; i < at_once; ++i) next();
    main.run();
    return people / seconds_since(start);
  }

  /// Seconds for one export, and its size.
  std::pair<double, std::size_t> export_(const std::string& format) {
    const auto start = Clock::now();
    std::size_t bytes = 0;
    reg.export_({format, "fr", ""}, [&](base::Result<attendance::Register::Exported> done) {
      bytes = std::move(done).or_throw().bytes.size();
      main.quit();
    });
    main.run();
    return {seconds_since(start), bytes};
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) setenv("TMPDIR", argv[1], 1);
  const double fsyncs = fsyncs_per_second(test::TempDir{}.path());
  fmt::print("disk: {:.0f} fsyncs/s\n", fsyncs);
  for (const int at_once : {1, 10, 300}) {
    const test::TempDir dir;
    Hub hub{dir.path()};
    const double rate = hub.sign_in(at_once == 300 ? 6000 : 200 * at_once, at_once);
    fmt::print("durable sign-ins, {:3} at once: {:.0f}/s = {:.2f} per fsync of the disk\n", at_once, rate,
               rate / fsyncs);
  }
  const test::TempDir dir;
  {
    Hub hub{dir.path()};
    hub.sign_in(10'000, 1000);
    hub.reg.flush();
    for (const char* format : {"csv", "json"}) {
      const auto [seconds, bytes] = hub.export_(format);
      fmt::print("export of 10 000 people as {}: {:.0f} ms, {} kB\n", format, seconds * 1000, bytes / 1000);
    }
  }
  const auto start = Clock::now();
  const Hub again{dir.path()};
  fmt::print("start with 10 000 people in the log: {:.0f} ms\n", seconds_since(start) * 1000);
}
