#include "tests/support/hub.h"

#include <csignal>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace hub::test {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string program(const std::string& name) {
  return (fs::read_symlink("/proc/self/exe").parent_path() / name).string();
}

Hub::Hub(std::vector<Channel> channels, std::string extra) : port_{free_port()} {
  std::string config = fmt::format(
      "[hub]\nname = \"Test hub\"\nlanguages = [\"fr\", \"en\"]\ntime_zone = \"Africa/Bamako\"\ncountry = "
      "\"ML\"\n"
      "data_dir = \"{}\"\n[web]\nlisten = \"127.0.0.1:{}\"\n{}\n",
      dir_.file("data"), port_, extra);
  for (const auto& channel : channels)
    config += fmt::format(
        "[[channel]]\nid = \"{}\"\ntitle = \"{}\"\nkind = \"{}\"\n[[channel.source]]\nuri = \"{}\"\n",
        channel.id, channel.id, channel.kind, channel.uri);
  write_text(dir_.path() / "hub.toml", config);
  start();
}

void Hub::start() {
  Process::Options options;
  options.argv = {program("viewing-hub"), "serve", "--config", dir_.file("hub.toml")};
  options.log = dir_.path() / fmt::format("hub-{}.log", ++starts_);
  process_ = std::make_unique<Process>(options);
  const bool up = wait_until(20s, [&] { return get("/healthz").status == 200 || !process_->running(); });
  if (!up || !process_->running()) throw std::runtime_error("the hub did not start:\n" + log());
}

std::string Hub::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

HttpAnswer Hub::post(const std::string& path, const base::Json& body, const std::string& cookie) const {
  HttpRequest request;
  request.method = "POST";
  request.body = body.dump();
  if (!cookie.empty()) request.headers["Cookie"] = cookie;
  return http(url(path), request);
}

base::Json Hub::channel(const std::string& id) const {
  const auto list = base::parse_json(get("/api/v1/channels").body);
  if (!list || !list->is_array()) return nullptr;
  for (const auto& entry : *list)
    if (entry.value("id", "") == id) return entry;
  return nullptr;
}

bool Hub::wait_for_state(const std::string& id, const std::string& state,
                         std::chrono::milliseconds timeout) const {
  return wait_until(timeout, [&] {
    const auto entry = channel(id);
    return entry.is_object() && entry.value("state", "") == state;
  });
}

std::pair<int, std::string> Hub::run(std::vector<std::string> args) const {
  Process::Options options;
  options.argv = {program("viewing-hub")};
  options.argv.insert(options.argv.end(), args.begin(), args.end());
  options.argv.insert(options.argv.end(),
                      {"--config", dir_.file("hub.toml"), "--data-dir", dir_.file("data")});
  const TempDir output;
  options.log = output.path() / "output";
  Process process{options};
  const auto code = process.wait(30s);
  return {code.value_or(-1), process.output()};
}

void Hub::kill() {
  process_->signal(SIGKILL);
  process_->wait(10s);
}

std::optional<int> Hub::stop() {
  ::kill(process_->pid(), SIGTERM);
  return process_->wait(10s);
}

std::string Hub::log() const {
  return process_->output();
}

std::vector<pid_t> Hub::workers() const {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream stat{entry.path() / "stat"};
    std::string line;
    if (!std::getline(stat, line)) continue;
    // "pid (comm) state ppid …": comm may hold blanks, so look behind its closing bracket.
    const auto close = line.rfind(')');
    if (close == std::string::npos) continue;
    int parent = 0;
    if (std::sscanf(line.c_str() + close + 1, " %*c %d", &parent) != 1 || parent != pid()) continue;
    if (line.find("(viewing-hub-wor") != std::string::npos) found.push_back(std::stoi(line));
  }
  return found;
}

}  // namespace hub::test
