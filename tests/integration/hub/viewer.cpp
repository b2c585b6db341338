#include "tests/integration/hub/viewer.h"

#include <csignal>
#include <sstream>
#include <thread>

#include <fmt/format.h>

namespace hub::test {
using namespace std::chrono_literals;

namespace {
const std::filesystem::path kScript{HUB_SOURCE_DIR "/tests/web/watch.mjs"};
constexpr double kUntilEnded = 600;
}  // namespace

bool Viewer::available() {
  return has_program("chromium") && has_program("node") &&
         std::filesystem::exists(kScript.parent_path() / "node_modules");
}

Viewer::Viewer(const Hub& hub, const std::string& channel, const std::string& mode) {
  Process::Options options;
  options.argv = {"node", kScript.string(), hub.url("/"), channel, mode, fmt::format("{}", kUntilEnded)};
  options.log = dir_.path() / "log";
  browser_ = std::make_unique<Process>(options);
}

std::string Viewer::states() const {
  return browser_->output();
}

bool Viewer::plays(std::chrono::milliseconds timeout) {
  wait_until(timeout,
             [&] { return states().find("\"playing\"") != std::string::npos || !browser_->running(); });
  return browser_->running();
}

base::Json Viewer::finish() {
  kill(browser_->pid(), SIGUSR2);
  browser_->wait(20s);
  std::istringstream lines{browser_->output()};
  std::string line;
  std::string last = "{}";
  while (std::getline(lines, line))
    if (line.starts_with('{')) last = line;
  return base::parse_json(last).or_throw();
}

base::Json Viewer::watch(const Hub& hub, const std::string& channel, const std::string& mode,
                         double seconds) {
  Viewer viewer{hub, channel, mode};
  if (viewer.plays())
    std::this_thread::sleep_for(std::chrono::duration<double>{seconds});  // what is asked for
  return viewer.finish();
}

}  // namespace hub::test
