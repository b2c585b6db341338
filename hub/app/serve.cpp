#include "hub/app/serve.h"

#include "hub/app/machine_watch.h"
#include "hub/app/recordings.h"
#include "hub/app/service_manager.h"
#include "hub/app/store_thread.h"
#include "hub/app/stored_memory.h"
#include "hub/attendance/live_register.h"
#include "hub/base/child.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/channels/relay.h"
#include "hub/channels/worker_process.h"
#include "hub/lib/glib/loop.h"
#include "hub/recordings/keeper.h"
#include "hub/recordings/library.h"
#include "hub/reports/attendance_report.h"
#include "hub/store/data_folder.h"
#include "hub/store/sqlite_store.h"
#include "hub/web/admission.h"
#include "hub/web/assets.h"
#include "hub/web/audience.h"
#include "hub/web/auth.h"
#include "hub/web/fault_reports.h"
#include "hub/web/notices.h"
#include "hub/web/press.h"
#include "hub/web/server.h"
#include "hub/web/stats.h"

#include <algorithm>
#include <chrono>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hub::app {
namespace {

using namespace std::chrono_literals;

/// What one dispatch of the main thread may take: more, and phones wait for their answers.
constexpr std::chrono::milliseconds kMainBudget = 50ms;

channels::RelaySettings relay_settings(const config::File& settings) {
  auto relay = settings.relay;
  relay.languages = settings.identity.languages;
  const auto& folder = settings.recordings.folder;
  relay.find_recording = [folder = folder.empty() ? settings.data_dir / "recordings" : folder](
                             const std::string& id) { return recordings::find_recording(folder, id); };
  return relay;
}

/// Everything that runs. Members are made from top to bottom and destroyed from bottom to top, which is the
/// order of an orderly stop: first nobody comes in any more, then the channels end, then what was heard of is
/// written to the disk.
struct Application {
  const config::File& settings;
  base::SystemClock clock{};
  store::DataFolder folder{settings.data_dir, store::DataFolder::Use::Serve};
  store::SqliteStore store{folder.database()};
  lib::glib::Loop main{};
  lib::glib::LoopThread store_thread{"store"};
  StoredMarks marks{store, store_thread};
  StoredSecrets secrets{store, store_thread, main};
  attendance::LiveRegister attendance{main,
                                      store_thread,
                                      store,
                                      clock,
                                      settings.identity,
                                      settings.privacy,
                                      reports::write_attendance,
                                      base::boot_id()};
  StoredMemory memory{store, store_thread};
  channels::RelayManager channels{main,  clock,  relay_settings(settings),       settings.channels,
                                  marks, memory, channels::find_worker_program()};
  recordings::Keeper recordings{main,
                                clock,
                                settings.recordings,
                                settings.identity.time_zone,
                                settings.data_dir,
                                fetch_surroundings(settings, clock)};
  web::Auth auth{secrets, clock, main, {settings.web.loopback_console}};
  web::FaultReports reports{};
  web::Audience audience{clock, attendance};
  web::Stats stats{clock};
  web::Notices notices{};
  web::Admission admission{settings.web.lan_max_kbps};
  web::Press press{main, settings.web, settings.wifi};
  machine::Report machine{};
  web::Services services{settings.identity,
                         settings.privacy,
                         clock,
                         channels,
                         attendance,
                         auth,
                         reports,
                         audience,
                         stats,
                         recordings,
                         notices,
                         admission,
                         press,
                         machine,
                         settings.ietf};
  web::Server server{settings.web, services, main, web::assets()};
  MachineWatch watch{main, store_thread, store, clock, folder.path()};
  ServiceManager service{main};

  /// Sets the first passphrase. @return it, or nothing if there was one.
  std::string make_passphrase() {
    if (auth.has_passphrase()) return {};
    auto passphrase = web::generate_passphrase();
    auth.set_passphrase(web::Role::Host, passphrase);
    return passphrase;
  }
};

/// Lets the worker write GStreamer's registry of plugins, which all others then only read, and tells what is
/// missing before a channel needs it.
void register_plugins(spdlog::logger& log) {
  const auto report = base::output_of({channels::find_worker_program(), "--probe"}, 30s);
  const auto parsed = report ? base::parse_json(*report) : base::Result<base::Json>{report.error()};
  if (!parsed) {
    log.warn("the plugins of GStreamer could not be listed: {}", parsed.error().text);
    return;
  }
  const auto missing = parsed->find("missing");
  if (missing == parsed->end() || !missing->is_array()) return;
  for (const auto& plugin : *missing)
    log.warn("{} cannot work: GStreamer lacks '{}'; install the package {}",
             base::string_at(plugin, "for").value_or("something"),
             base::string_at(plugin, "element").value_or("?"),
             base::string_at(plugin, "package").value_or("?"));
}

/// Says what is new about the machine, in the log and to the host's page.
void take_warnings(machine::Report& report, std::vector<machine::Warning> warnings,
                   const std::string& language, spdlog::logger& log) {
  const auto had = [&](const machine::Warning& warning) {
    return std::any_of(report.warnings.begin(), report.warnings.end(),
                       [&](const auto& old) { return old.code == warning.code; });
  };
  for (const auto& warning : warnings)
    if (!had(warning)) log.warn("{}", warning.text(language));
  report.warnings = std::move(warnings);
}

}  // namespace

void serve(const config::File& settings, const std::function<bool(const Welcome&)>& welcome) {
  const auto log = base::logger("hub");
  Application app{settings};
  app.main.on_overrun(kMainBudget, [log](std::chrono::milliseconds took) {
    log->warn("the main thread was busy for {} ms", took.count());
  });
  const auto stop = [&app, log](const char* signal) {
    log->info("{}: stopping", signal);
    app.service.stopping();
    app.main.quit();
  };
  const auto on_term = app.main.on_signal(SIGTERM, [&] { stop("SIGTERM"); });
  const auto on_int = app.main.on_signal(SIGINT, [&] { stop("SIGINT"); });

  register_plugins(*log);
  app.server.start();
  app.channels.begin();
  app.recordings.on_change([&app] { app.notices.mark(web::Change::Recordings); });
  app.recordings.begin();
  log->info("listening on port {}, data in {}", app.server.port(), app.folder.path().string());

  const auto reachable = [&app] {
    auto urls = app.server.addresses();
    if (urls.empty()) urls.push_back(fmt::format("http://localhost:{}", app.server.port()));
    return urls;
  };
  app.machine.urls = app.server.addresses();
  Welcome text{reachable(), app.make_passphrase()};
  if (!welcome(text) && !text.passphrase.empty()) {
    const auto file = app.folder.path() / "passphrase";
    store::write_atomically(file, text.passphrase + "\n");
    log->info("the passphrase of the console is in {}", file.string());
  }
  app.watch.start(
      {[&] {
         app.machine.urls = app.server.addresses();
         log->info("the addresses have changed, phones find the hub at {}", fmt::join(reachable(), " "));
         welcome({reachable(), {}});
         app.notices.mark(web::Change::Machine);
       },
       [&](std::vector<machine::Warning> warnings) {
         take_warnings(app.machine, std::move(warnings), settings.identity.languages.front(), *log);
         app.notices.mark(web::Change::Machine);
       }});
  app.service.ready();
  app.main.run();
  app.recordings.on_change({});  // it outlives what it would tell
  app.server.stop();
}

}  // namespace hub::app
