#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace hub::test {

/// A blocking HTTP client on a raw socket, so that tests can also be rude. Every wait has a deadline.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer_bytes = 0);
  Client(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client& operator=(Client&&) = delete;
  ~Client();

  bool send(std::string_view bytes);
  /// Bytes until @p count are there, the peer closed or the deadline passed.
  std::string read(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds{5});
  /// Up to and with @p end.
  std::string read_until(std::string_view end, std::chrono::milliseconds limit = std::chrono::seconds{5});
  /// True once the peer has closed or reset.
  bool closed_within(std::chrono::milliseconds limit);
  void close();
  /// Closes with a reset instead of an end.
  void reset();

  struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body{};
    std::string cookie;  ///< first Set-Cookie
  };
  /// Reads a head and, if it has a length, its body.
  Answer read_answer(bool head_only = false, std::chrono::milliseconds limit = std::chrono::seconds{5});

  struct Ask {
    std::string method = "GET";
    std::string path = "/";
    std::string body{};
    std::string headers{};  ///< further lines with CRLF
    std::string host{};     ///< default 127.0.0.1:port
    std::string content_type = "application/json";
  };
  Answer ask(const Ask& ask);
  [[nodiscard]] std::string request(const Ask& ask) const;

 private:
  bool fill(std::chrono::steady_clock::time_point deadline, std::size_t want = 4096);
  int fd_ = -1;
  std::uint16_t port_;
  std::string buffer_;
  bool closed_ = false;
};

}  // namespace hub::test
