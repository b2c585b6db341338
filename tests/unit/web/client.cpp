#include "tests/unit/web/client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hub::test {

Client::Client(std::uint16_t port, int receive_buffer_bytes) : port_{port} {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer_bytes > 0)
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) closed_ = true;
}

Client::Client(Client&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)},
      port_{other.port_},
      buffer_{std::move(other.buffer_)},
      closed_{other.closed_} {}

Client::~Client() {
  close();
}

void Client::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Client::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::fill(std::chrono::steady_clock::time_point deadline, std::size_t want) {
  if (closed_) return false;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd wait{fd_, POLLIN, 0};
  if (left.count() <= 0 || poll(&wait, 1, static_cast<int>(left.count())) <= 0) return false;
  std::array<char, 65536> bytes{};
  const auto got = recv(fd_, bytes.data(), std::min(bytes.size(), want), 0);
  if (got <= 0) {
    closed_ = true;
    return false;
  }
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::string Client::read(std::size_t count, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (buffer_.size() < count && fill(deadline, count - buffer_.size())) {
  }
  const auto take = std::min(count, buffer_.size());
  auto out = buffer_.substr(0, take);
  buffer_.erase(0, take);
  return out;
}

std::string Client::read_until(std::string_view end, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (buffer_.find(end) == std::string::npos && fill(deadline)) {
  }
  const auto at = buffer_.find(end);
  const auto take = at == std::string::npos ? buffer_.size() : at + end.size();
  auto out = buffer_.substr(0, take);
  buffer_.erase(0, take);
  return out;
}

bool Client::closed_within(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (fill(deadline)) {
  }
  return closed_;
}

Client::Answer Client::read_answer(bool head_only, std::chrono::milliseconds limit) {
  Answer answer;
  auto head = read_until("\r\n\r\n", limit);
  if (!head.starts_with("HTTP/1.")) return answer;
  answer.status = std::stoi(head.substr(9, 3));
  std::size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const auto end = head.find("\r\n", at);
    const auto line = head.substr(at, end - at);
    at = end + 2;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    auto name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name == "set-cookie" && answer.cookie.empty()) answer.cookie = line.substr(colon + 2);
    answer.headers[name] = line.substr(colon + 2);
  }
  const auto length = answer.headers.find("content-length");
  if (!head_only && length != answer.headers.end() && answer.status != 304)
    answer.body = read(std::stoul(length->second), limit);
  return answer;
}

std::string Client::request(const Ask& ask) const {
  const auto host = ask.host.empty() ? "127.0.0.1:" + std::to_string(port_) : ask.host;
  std::string text = ask.method + " " + ask.path + " HTTP/1.1\r\nHost: " + host + "\r\n" + ask.headers;
  if (!ask.body.empty() || ask.method == "POST")
    text += "Content-Type: " + ask.content_type + "\r\nContent-Length: " + std::to_string(ask.body.size()) +
            "\r\n";
  return text + "\r\n" + ask.body;
}

Client::Answer Client::ask(const Ask& ask) {
  send(request(ask));
  return read_answer(ask.method == "HEAD");
}

}  // namespace hub::test
