#include "tests/integration/media/media_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace hub::test;
using hub::base::Errc;

namespace {

/// Takes connections into its backlog and never says a word.
class SilentServer {
 public:
  SilentServer() : fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    socklen_t length = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    listen(fd_, 16);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { close(fd_); }
  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  int fd_;
  int port_ = 0;
};

hub::base::Failure fate_of(const std::string& uri, std::string* log = nullptr) {
  WorkerClient worker{HUB_WORKER};
  Job job = relay_job(uri);
  job.timeout = 3s;
  worker.start(job);
  worker.receive_for(15s);
  if (log) *log = worker.log();
  if (!worker.bye()) throw std::runtime_error{"no Bye for " + uri + ": " + worker.log()};
  if (worker.process().wait(4s) != 0) throw std::runtime_error{"the worker did not end: " + worker.log()};
  return *worker.bye();
}

}  // namespace

TEST_CASE("HTTP: each failure has its class") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx with RTMP or ffmpeg is not installed");
  const Nginx nginx;
  write_text(nginx.root() / "page.mp3", "<!DOCTYPE html><html><body>Not a stream</body></html>");
  write_text(nginx.root() / "page.m3u", "<!DOCTYPE html><html><body>Not a list</body></html>");
  write_text(nginx.root() / "page.m3u8", "<!DOCTYPE html><html><body>Not a list</body></html>");
  write_text(nginx.root() / "self.m3u", "self.m3u\n");
  write_text(nginx.root() / "file.m3u", "file:///etc/passwd\n");
  write_text(nginx.root() / "empty.m3u", "#EXTM3U\n");
  write_text(nginx.root() / "empty.m3u8", "#EXTM3U\n");
  write_text(nginx.root() / "noise.mp4", std::string(20'000, '\x17'));
  make_file((nginx.root() / "whole.mp4").string(), {.seconds = 2});
  const std::string whole = read_text(nginx.root() / "whole.mp4");
  write_text(nginx.root() / "cut.mp4", whole.substr(0, whole.size() / 2));
  struct Row {
    const char* path;
    std::vector<Errc> codes;
  };
  const Row row = GENERATE(
      Row{"/none.mp3", {Errc::NotFound}}, Row{"/none.m3u8", {Errc::NotFound}}, Row{"/none.m3u", {Errc::NotFound}},
      Row{"/gone/a.mp3", {Errc::NotFound}}, Row{"/locked/a.mp3", {Errc::NotAuthorised}},
      Row{"/locked/a.m3u8", {Errc::NotAuthorised}}, Row{"/broken/a.mp3", {Errc::Unreachable}},
      Row{"/page.mp3", {Errc::Unsupported}}, Row{"/page.m3u", {Errc::Unsupported}},
      Row{"/page.m3u8", {Errc::Unsupported}}, Row{"/self.m3u", {Errc::Unsupported}},
      Row{"/file.m3u", {Errc::Invalid}}, Row{"/empty.m3u", {Errc::Invalid}},
      Row{"/empty.m3u8", {Errc::Unsupported, Errc::Io, Errc::Stalled, Errc::Unreachable}},
      Row{"/noise.mp4", {Errc::Unsupported}}, Row{"/cut.mp4", {Errc::Unsupported, Errc::Stalled, Errc::Io}});
  const auto why = fate_of(nginx.http_url(row.path));
  INFO(row.path << ": " << hub::base::to_string(why.code) << ": " << why.text);
  CHECK(std::find(row.codes.begin(), row.codes.end(), why.code) != row.codes.end());
}

TEST_CASE("refused, unknown and silent hosts") {
  const SilentServer silent;
  const int closed = free_port();
  struct Row {
    std::string uri;
    std::vector<Errc> codes;
  };
  const auto at = [](const char* scheme, int port, const char* path) {
    return std::string{scheme} + "://127.0.0.1:" + std::to_string(port) + path;
  };
  const Row row = GENERATE_COPY(
      Row{at("http", closed, "/a.mp3"), {Errc::Refused}}, Row{at("http", closed, "/a.m3u8"), {Errc::Refused}},
      Row{at("http", closed, "/a.m3u"), {Errc::Refused}}, Row{at("rtmp", closed, "/live/a"), {Errc::Refused}},
      Row{at("rtsp", closed, "/a"), {Errc::Refused}}, Row{"http://name.invalid/a.mp3", {Errc::Unreachable}},
      Row{"http://name.invalid/a.m3u8", {Errc::Unreachable}}, Row{"rtmp://name.invalid/live/a", {Errc::Unreachable}},
      Row{at("http", silent.port(), "/a.mp3"), {Errc::Unreachable}},
      Row{at("http", silent.port(), "/a.m3u8"), {Errc::Unreachable}},
      Row{at("rtmp", silent.port(), "/live/a"), {Errc::Unreachable}},
      Row{at("rtsp", silent.port(), "/a"), {Errc::Unreachable}},
      Row{at("srt", closed, ""), {Errc::Unreachable, Errc::Refused}},
      Row{at("udp", closed, ""), {Errc::Unreachable}}, Row{"gopher://127.0.0.1/", {Errc::Unsupported}});
  const auto why = fate_of(row.uri);
  INFO(row.uri << ": " << hub::base::to_string(why.code) << ": " << why.text);
  CHECK(std::find(row.codes.begin(), row.codes.end(), why.code) != row.codes.end());
}

TEST_CASE("a password in an address reaches the server and no log") {
  if (!Nginx::available() || !has_program("ffmpeg")) HUB_SKIP("nginx with RTMP or ffmpeg is not installed");
  const Nginx nginx;
  make_file((nginx.root() / "locked/a.mp4").string(), {.seconds = 2});
  std::string url = nginx.http_url("/locked/a.mp4");
  url.insert(url.find("127"), "hub:secret@");
  std::string log;
  CHECK(fate_of(url, &log).code == Errc::Ended);
  CHECK(log.find("secret") == std::string::npos);
  url.replace(url.find("secret"), 6, "wrong-one");
  CHECK(fate_of(url, &log).code == Errc::NotAuthorised);
  CHECK(log.find("wrong-one") == std::string::npos);
}
