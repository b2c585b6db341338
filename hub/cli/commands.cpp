#include "hub/cli/commands.h"

#include "hub/base/child.h"
#include "hub/channels/probe.h"
#include "hub/channels/spawn.h"
#include "hub/cli/attendance_command.h"
#include "hub/cli/check_command.h"
#include "hub/cli/fetch_command.h"
#include "hub/cli/options.h"
#include "hub/cli/passphrase_command.h"
#include "hub/cli/poster_command.h"
#include "hub/cli/serve_command.h"
#include "hub/cli/sheet_command.h"
#include "hub/machine/state.h"
#include "hub/store/sqlite_store.h"
#include "hub/web/host_names.h"

#include <array>
#include <iostream>

#include <fmt/format.h>

namespace hub::cli {
namespace {

using namespace std::chrono_literals;

/// "H.264 1280x720, AAC 48000 Hz, 1800 kbit/s"
std::string describe(const channels::ProbeReport& report) {
  std::string text;
  for (const auto& track : report.tracks) {
    if (!text.empty()) text += ", ";
    switch (track.codec) {
      case stream::Codec::H264:
        text += fmt::format("H.264 {}x{}", track.width_px, track.height_px);
        break;
      case stream::Codec::Aac:
        text += fmt::format("AAC {} Hz", track.rate_hz);
        break;
      case stream::Codec::Mp3:
        text += fmt::format("MP3 {} Hz", track.rate_hz);
        break;
    }
  }
  if (report.media_bps > 0) text += fmt::format(", {} kbit/s", report.media_bps / 1000);
  return text;
}

base::Result<std::string> try_source(const channels::ChannelSettings& channel,
                                     const channels::RelaySettings& relay) {
  stream::Job job;
  job.channel = channel.id;
  job.uri = channel.sources.front().uri;
  job.kind = channel.kind;
  job.buffer = relay.buffer;
  job.timeout = relay.timeout;
  const auto report = channels::probe_source(channels::find_worker_program(), job, 3s);
  if (report.failure) return *report.failure;
  return describe(report);
}

machine::State look_at_machine(const std::filesystem::path& data_dir) {
  auto state = machine::look(data_dir, base::SystemClock{});
  try {
    store::SqliteStore store{data_dir / "hub.sqlite", {.must_exist = true, .busy_timeout = 1s}};
    state.last_entry = store.last_entry();
  } catch (const base::Error&) {
    // No database yet, or one that is not ours to read: the other checks say what there is to say.
  }
  return state;
}

int serve(const std::vector<std::string>& arguments) {
  return run_serve(arguments, std::cout, std::cerr);
}

int check(const std::vector<std::string>& arguments) {
  const CheckProbes probes{
      .plugins =
          [] {
            return base::output_of({channels::find_worker_program(), "--probe"}, 60s);
          },
      .addresses = [] { return web::HostNames::lan_addresses(); },
      .machine = look_at_machine,
      .source = try_source,
  };
  return run_check(arguments, probes, base::SystemClock{}, std::cout, std::cerr);
}

int attendance(const std::vector<std::string>& arguments) {
  const auto load = [](const auto& config, const auto& data_dir) {
    const auto file = load_config(config, data_dir);
    return Context{file.identity, file.data_dir, file.privacy};
  };
  return run_attendance(arguments, load, base::SystemClock{}, std::cout, std::cerr);
}

int fetch(const std::vector<std::string>& arguments) {
  return run_fetch(arguments, base::SystemClock{}, std::cout, std::cerr);
}

int passphrase(const std::vector<std::string>& arguments) {
  return run_passphrase(arguments, std::cin, std::cout, std::cerr);
}

std::vector<std::string> phone_urls(const config::File& file) {
  return web::phone_urls(file.web.address, file.web.port);
}

int sheet(const std::vector<std::string>& arguments) {
  return run_sheet(arguments, phone_urls, base::SystemClock{}, std::cout, std::cerr);
}

int poster(const std::vector<std::string>& arguments) {
  return run_poster(arguments, phone_urls, base::SystemClock{}, std::cout, std::cerr);
}

constexpr std::array kCommands{
    Command{"serve", "run the hub", serve},
    Command{"check", "say what would fail at start, and what to do about it", check},
    Command{"fetch", "bring recordings in ahead, for a replay without the Internet", fetch},
    Command{"attendance", "list or export who was there", attendance},
    Command{"passphrase", "set a new passphrase for the host page", passphrase},
    Command{"sheet", "make a sign-in sheet to print", sheet},
    Command{"poster", "make a poster with the Wi-Fi and the address", poster},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace hub::cli
