// Signs people in as fast as it can and prints the reference of each that was acknowledged, until it is
// killed.
#include "hub/attendance/live_register.h"
#include "hub/reports/attendance_report.h"
#include "hub/store/data_folder.h"
#include "hub/store/sqlite_store.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

int main(int argc, char** argv) {
  using namespace hub;
  if (argc != 2) return 2;
  try {
    const store::DataFolder folder{argv[1], store::DataFolder::Use::Serve};
    store::SqliteStore store{folder.database()};
    const base::SystemClock clock;
    lib::glib::Loop main;
    lib::glib::LoopThread thread{"store"};
    attendance::LiveRegister reg{main,
                                 thread,
                                 store,
                                 clock,
                                 base::Identity{},
                                 attendance::Settings{},
                                 reports::write_attendance,
                                 base::boot_id()};
    std::function<void()> next = [&] {
      attendance::Register::Arrival arrival;
      arrival.form.name = "Awa";
      arrival.form.affiliation = std::string(100, 'x');
      reg.sign_in(arrival, "", [&](base::Result<attendance::Register::SignedIn> done) {
        if (!done) std::abort();
        // One write per line: a line is whole or not there.
        const std::string line = done->person.ref + "\n";
        if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(0);
        reg.seen({done->device, "room-1", attendance::Proof::Mode::Video});
        next();
      });
    };
    for (int i = 0; i < 8; ++i) next();
    const auto timer = main.every(std::chrono::milliseconds{5}, [&] { reg.flush(); });
    main.run();
  } catch (const base::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
