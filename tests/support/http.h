#pragma once
#include <chrono>
#include <map>
#include <string>

/// A small HTTP/1.1 client for tests: one request, one connection, the whole answer.
namespace hub::test {

struct HttpAnswer {
  int status = 0;                              ///< 0: nobody answered in time
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};
struct HttpRequest {
  std::string method = "GET";
  std::map<std::string, std::string> headers;
  std::string body;
  std::chrono::milliseconds timeout{10'000};
};

/// @param url  http://…
[[nodiscard]] HttpAnswer http(const std::string& url, const HttpRequest& request = {});

}  // namespace hub::test
