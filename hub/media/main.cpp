#include "hub/base/log.h"
#include "hub/media/registry.h"
#include "hub/media/remux.h"
#include "hub/media/worker.h"

#include <clocale>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include <boost/program_options.hpp>
#include <gst/gst.h>
#include <sys/prctl.h>

namespace {

namespace po = boost::program_options;

constexpr int kDone = 0, kFailed = 1, kWrongUse = 2;

int probe() {
  hub::media::prepare_registry(true);
  gst_init(nullptr, nullptr);
  const auto found = hub::media::probe_elements();
  std::cout << found.dump(2) << '\n';
  return found.at("complete").get<bool>() ? kDone : kFailed;
}

/// Says on standard output how it went: {"ok":true} or {"code","error"}.
int join(const std::string& output, const std::vector<std::string>& inputs) {
  setenv("LC_ALL", "C.UTF-8", 1);
  setenv("LANGUAGE", "C", 1);
  std::setlocale(LC_ALL, "C.UTF-8");
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  hub::media::prepare_registry(false);
  gst_init(nullptr, nullptr);
  const auto status = hub::media::remux({inputs.begin(), inputs.end()}, output);
  hub::base::Json json{{"ok", true}};
  if (!status) json = {{"code", hub::base::to_string(status.error().code)}, {"error", status.error().text}};
  std::cout << json.dump(-1, ' ', false, hub::base::Json::error_handler_t::replace) << '\n';
  return status ? kDone : kFailed;
}

int work(int fd, const std::string& channel) {
  hub::base::log_bare_text();
  // Messages of libraries are read by classify(); they must be in English.
  setenv("LC_ALL", "C.UTF-8", 1);
  setenv("LANGUAGE", "C", 1);
  std::setlocale(LC_ALL, "C.UTF-8");
  std::signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  hub::media::prepare_registry(false);
  gst_init(nullptr, nullptr);
  try {
    return hub::media::run_worker(fd, channel);
  } catch (const hub::base::Error& error) {
    hub::base::logger("worker." + channel)->error("{}", error.what());
    return kFailed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options{"viewing-hub-worker pulls one source for the hub, which starts it"};
  options.add_options()("fd", po::value<int>(), "socket to the hub")(
      "channel", po::value<std::string>()->default_value("-"), "name for log lines")(
      "remux", po::value<std::string>(), "join the tracks of the --from files in this MP4 file")(
      "from", po::value<std::vector<std::string>>()->multitoken(), "files to join")(
      "probe", "write GStreamer's registry, say as JSON what this machine lacks; exit 1 if anything")("help",
                                                                                                      "this");
  try {
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, options), given);
    po::notify(given);
    if (given.count("help") != 0) {
      std::cout << options;
      return kDone;
    }
    if (given.count("probe") != 0) return probe();
    if (given.count("remux") != 0 && given.count("from") != 0)
      return join(given["remux"].as<std::string>(), given["from"].as<std::vector<std::string>>());
    if (given.count("fd") != 0) return work(given["fd"].as<int>(), given["channel"].as<std::string>());
    std::cerr << "the hub starts this program; it needs --fd, --remux or --probe\n" << options;
  } catch (const po::error& error) {
    std::cerr << error.what() << '\n' << options;
  }
  return kWrongUse;
}
