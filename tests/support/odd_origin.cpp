#include "tests/support/odd_origin.h"

#include "tests/support/process.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hub::test {
namespace {

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + mark.size());
  return std::string{rest.substr(0, rest.find_first_of("\r\n"))};
}

}  // namespace

OddOrigin::OddOrigin(std::filesystem::path root)
    : root_{std::move(root)}, fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd_, raw, size) != 0 || listen(fd_, 64) != 0 || getsockname(fd_, raw, &size) != 0)
    throw std::runtime_error{"no port for the odd origin"};
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { accept_all(); }};
}

OddOrigin::~OddOrigin() {
  shutdown(fd_, SHUT_RDWR);
  thread_.join();
  for (auto& answer : answers_) answer.join();
  close(fd_);
}

std::string OddOrigin::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::uint64_t OddOrigin::sent(const std::string& path) {
  const std::lock_guard lock{mutex_};
  return counts_[path].bytes;
}

std::uint64_t OddOrigin::last_begin(const std::string& path) {
  const std::lock_guard lock{mutex_};
  return counts_[path].begin;
}

int OddOrigin::requests(const std::string& path) {
  const std::lock_guard lock{mutex_};
  return counts_[path].requests;
}

void OddOrigin::accept_all() {
  while (true) {
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    answers_.emplace_back([this, fd] {
      answer(fd);
      close(fd);
    });
  }
}

void OddOrigin::answer(int fd) {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n") && recv(fd, &byte, 1, 0) == 1) head += byte;
  const bool get = head.starts_with("GET ");
  const auto line = head.substr(0, head.find("\r\n"));
  const auto first = line.find(' ');
  if (first == std::string::npos) return;
  const auto path = line.substr(first + 1, line.find(' ', first + 1) - first - 1);
  int nth = 0;
  if (get) {
    const std::lock_guard lock{mutex_};
    nth = ++counts_[path].requests;
  }
  const auto simple = [&](const std::string& status, const std::string& headers, const std::string& body) {
    send_all(fd,
             fmt::format("HTTP/1.1 {}\r\nConnection: close\r\n{}\r\n{}", status, headers, get ? body : ""));
  };
  if (path.starts_with("/loop")) return simple("302 Found", "Location: /loop\r\nContent-Length: 0\r\n", "");
  if (path == "/page") return simple("200 OK", "Content-Type: text/html\r\nContent-Length: 6\r\n", "<html>");
  if (path == "/huge.mp4")
    return simple("200 OK", "Content-Type: video/mp4\r\nContent-Length: 100000000000000\r\n",
                  std::string("\0\0\0\x18", 4) + "ftypisom" + std::string(4096, '\0'));
  const bool cut = path.starts_with("/cut/"), plain = path.starts_with("/plain/"),
             slow = path.starts_with("/slow/");
  const auto file = root_ / (cut || plain || slow ? path.substr(path.find('/', 1) + 1) : path.substr(1));
  if (plain && !get) return simple("405 Method Not Allowed", "Content-Length: 0\r\n", "");
  if (!std::filesystem::is_regular_file(file)) return simple("404 Not Found", "Content-Length: 0\r\n", "");
  const auto whole = read_text(file);
  std::size_t begin = 0, end = whole.size();
  const auto range = plain ? std::string{} : after(head, "Range: bytes=");
  if (!range.empty()) {
    begin = std::min<std::size_t>(std::strtoull(range.c_str(), nullptr, 10), whole.size());
    const auto last = range.substr(range.find('-') + 1);
    if (!last.empty())
      end = std::min<std::size_t>(std::strtoull(last.c_str(), nullptr, 10) + 1, whole.size());
  }
  if (get) {
    const std::lock_guard lock{mutex_};
    counts_[path].begin = begin;
  }
  const std::string_view body = std::string_view{whole}.substr(begin, end - begin);
  auto headers =
      fmt::format("HTTP/1.1 {}\r\nConnection: close\r\n", range.empty() ? "200 OK" : "206 Partial Content");
  if (!range.empty())
    headers += fmt::format("Content-Range: bytes {}-{}/{}\r\n", begin, end - 1, whole.size());
  if (!plain) headers += fmt::format("ETag: \"v1\"\r\nContent-Length: {}\r\n", body.size());
  if (!send_all(fd, headers + "\r\n") || !get) return;
  const auto count = [&](std::string_view piece) {
    if (!send_all(fd, piece)) return false;
    const std::lock_guard lock{mutex_};
    counts_[path].bytes += piece.size();
    return true;
  };
  if (cut && nth <= 3) {
    count(body.substr(0, body.size() / 3));
    return;
  }
  for (std::size_t at = 0; at < body.size(); at += 40'000) {
    if (!count(body.substr(at, 40'000))) return;
    if (slow) std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
}

}  // namespace hub::test
