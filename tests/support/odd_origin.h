#pragma once
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hub::test {

/// An HTTP server that behaves as bad servers do, one request for each connection, on a free loopback port:
/// `/cut/<file>` breaks off three times after a third of what is left, `/plain/<file>` knows no ranges and no
/// HEAD,
/// `/slow/<file>` sends 400 kB a second, `/loop` redirects for ever, `/page` is HTML, `/huge.mp4` says 100
/// TB; any other path is a file of the folder, with ranges.
class OddOrigin {
 public:
  explicit OddOrigin(std::filesystem::path root);
  OddOrigin(const OddOrigin&) = delete;
  OddOrigin& operator=(const OddOrigin&) = delete;
  ~OddOrigin();
  [[nodiscard]] std::string url(const std::string& path) const;
  /// Bytes of bodies that were sent for GETs of @p path.
  [[nodiscard]] std::uint64_t sent(const std::string& path);
  /// Where the last GET of @p path asked to begin.
  [[nodiscard]] std::uint64_t last_begin(const std::string& path);
  [[nodiscard]] int requests(const std::string& path);

 private:
  struct Count {
    std::uint64_t bytes = 0;
    std::uint64_t begin = 0;
    int requests = 0;
  };
  void accept_all();
  void answer(int fd);
  const std::filesystem::path root_;
  int fd_ = -1, port_ = 0;
  std::mutex mutex_;  // guards counts_
  std::map<std::string, Count> counts_;
  std::vector<std::thread> answers_;  // only touched by thread_, and after its end
  std::thread thread_;
};

}  // namespace hub::test
