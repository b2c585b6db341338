#include "tests/support/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  std::istringstream folders{std::string{path ? path : "/usr/bin:/bin"} + ":/usr/sbin:/sbin"};
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string full = folder + "/" + name;
    if (access(full.c_str(), X_OK) == 0) return full;
  }
  return "";
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool bind_to(int fd, const sockaddr_in& address) {
  return bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Everything a child needs, prepared before fork(): afterwards only async-signal-safe calls are allowed.
struct Child {
  std::string program;
  std::vector<char*> argv, env;
  std::vector<std::string> env_text;
  int log_fd = -1;
};

[[noreturn]] void become(const Child& child, const Process::Options& options, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
  dup2(child.log_fd, 1);
  dup2(child.log_fd, 2);
  for (const auto& [ours, theirs] : options.fds) {
    if (ours == theirs)
      fcntl(ours, F_SETFD, 0);
    else
      dup2(ours, theirs);
  }
  if (!options.cwd.empty() && chdir(options.cwd.c_str()) != 0) _exit(127);
  execve(child.program.c_str(), child.argv.data(), child.env.data());
  _exit(127);
}

}  // namespace

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "hub-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error{"mkdtemp: " + std::string{std::strerror(errno)}};
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Process::Process(Options options) : options_{std::move(options)} {
  Child child;
  child.program = find_program(options_.argv.at(0));
  if (child.program.empty()) throw std::runtime_error{"no such program: " + options_.argv.at(0)};
  for (auto& word : options_.argv) child.argv.push_back(word.data());
  child.argv.push_back(nullptr);
  for (char** entry = environ; *entry; ++entry) {
    const bool replaced = std::any_of(options_.env.begin(), options_.env.end(), [&](const auto& added) {
      return std::string_view{*entry}.starts_with(added.first + "=");
    });
    if (!replaced) child.env.push_back(*entry);
  }
  for (const auto& [key, value] : options_.env) child.env_text.push_back(key + "=" + value);
  for (auto& text : child.env_text) child.env.push_back(text.data());
  child.env.push_back(nullptr);
  const std::string log = options_.log.empty() ? "/dev/null" : options_.log.string();
  child.log_fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(child, options_, parent);
  close(child.log_fd);
  if (pid_ < 0) throw std::runtime_error{"fork: " + std::string{std::strerror(errno)}};
  setpgid(pid_, pid_);  // also here, so that signal() cannot come before the child's own call
}

Process::~Process() {
  stop();
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  while (!status_) {
    int status = 0;
    const pid_t got = waitpid(pid_, &status, WNOHANG);
    if (got == pid_) status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (got < 0) status_ = -1;
    if (status_ || Clock::now() >= deadline) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return status_;
}

void Process::signal(int number) const {
  if (pid_ > 0) kill(-pid_, number);
}

void Process::stop() {
  if (pid_ <= 0) return;
  signal(SIGTERM);
  signal(SIGCONT);  // a stopped child cannot act on SIGTERM
  if (!wait(std::chrono::seconds{2})) {
    signal(SIGKILL);
    wait(std::chrono::seconds{5});
  }
  signal(SIGKILL);  // what is left of its group
  pid_ = -1;
}

std::string Process::output() const {
  return options_.log.empty() ? "" : read_text(options_.log);
}

bool has_program(const std::string& name) {
  return !find_program(name).empty();
}

int free_port() {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    bool good =
        bind_to(tcp, address) && getsockname(tcp, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    good = good && bind_to(udp, address);
    close(tcp);
    close(udp);
    if (good) return ntohs(address.sin_port);
  }
  throw std::runtime_error{"no free port"};
}

bool wait_until(std::chrono::milliseconds timeout, const std::function<bool()>& condition) {
  const auto deadline = Clock::now() + timeout;
  while (!condition()) {
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return true;
}

bool wait_for_port(int port, std::chrono::milliseconds timeout) {
  return wait_until(timeout, [port] {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool up = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return up;
  });
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text;
  if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
}

}  // namespace hub::test
