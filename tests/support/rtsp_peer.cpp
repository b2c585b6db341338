#include "tests/support/rtsp_peer.h"

#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hub::test {
namespace {

int bound_socket(int type, int port) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

/// An even port whose successor is free too.
int bind_pair(int& rtp, int& rtcp) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    const int port = free_port() & ~1;
    rtp = bound_socket(SOCK_DGRAM, port);
    rtcp = rtp >= 0 ? bound_socket(SOCK_DGRAM, port + 1) : -1;
    if (rtcp >= 0) return port;
    if (rtp >= 0) close(rtp);
  }
  throw std::runtime_error{"no pair of ports"};
}

std::string header_of(const std::string& request, const std::string& name) {
  const auto at = request.find(name + ":");
  if (at == std::string::npos) return {};
  const auto start = request.find_first_not_of(' ', at + name.size() + 1);
  return request.substr(start, request.find('\r', start) - start);
}

}  // namespace

RtspPeer::RtspPeer(const TestPicture& picture) : picture_{picture}, port_{free_port()} {
  video_port_ = bind_pair(udp_[0], udp_[1]);
  audio_port_ = bind_pair(udp_[2], udp_[3]);
  listener_ = bound_socket(SOCK_STREAM, port_);
  listen(listener_, 4);
  thread_ = std::thread{[this] { serve(); }};
}

/// Both RTP senders get one start of time and one CNAME, as one camera has them: their sender reports tie
/// sound to picture. Neither may move its times to begin at 0, since each would by another amount.
/// @return the session description; empty if ffmpeg makes none.
std::string RtspPeer::start_media() {
  using std::chrono::microseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto start = std::to_string(std::chrono::duration_cast<microseconds>(now).count());
  const auto target = [](int port) { return fmt::format("rtp://127.0.0.1:{}?pkt_size=1200", port); };
  std::filesystem::remove(dir_.path() / "sdp");
  auto args = input_args(picture_);
  const std::vector<std::string> video{"-map",
                                       "0:v",
                                       "-c:v",
                                       "libx264",
                                       "-preset",
                                       "ultrafast",
                                       "-bf",
                                       "2",
                                       "-g",
                                       "25",
                                       "-pix_fmt",
                                       "yuv420p",
                                       "-threads",
                                       "1",
                                       "-flags",
                                       "+global_header",
                                       "-start_time_realtime",
                                       start,
                                       "-cname",
                                       "camera",
                                       "-avoid_negative_ts",
                                       "disabled",
                                       "-f",
                                       "rtp",
                                       target(video_port_)};
  // -max_delay: without it ffmpeg puts a second of silence into one packet, which then comes a second late.
  const std::vector<std::string> audio{"-map",
                                       "1:a",
                                       "-c:a",
                                       "aac",
                                       "-max_delay",
                                       "40000",
                                       "-flags",
                                       "+global_header",
                                       "-start_time_realtime",
                                       start,
                                       "-cname",
                                       "camera",
                                       "-avoid_negative_ts",
                                       "disabled",
                                       "-f",
                                       "rtp",
                                       target(audio_port_),
                                       "-sdp_file",
                                       dir_.file("sdp")};
  args.insert(args.end(), video.begin(), video.end());
  args.insert(args.end(), audio.begin(), audio.end());
  ffmpeg_ = start_ffmpeg(args, dir_.path() / "log");
  const auto described = [&] { return read_text(dir_.path() / "sdp").find("m=audio") != std::string::npos; };
  wait_until(std::chrono::seconds{10}, described);
  return read_text(dir_.path() / "sdp");
}

RtspPeer::~RtspPeer() {
  stop_ = true;
  thread_.join();
  close(listener_);
  for (const int fd : udp_) close(fd);
}

std::string RtspPeer::url() const {
  return fmt::format("rtsp://127.0.0.1:{}/room", port_);
}

void RtspPeer::serve() {
  while (!stop_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, 50) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    playing_ = false;
    serve_client(client);
    ffmpeg_.reset();
    close(client);
  }
}

void RtspPeer::serve_client(int client) {
  std::string pending;
  while (!stop_) {
    std::array<pollfd, 5> events{};
    events[0] = {client, POLLIN, 0};
    for (std::size_t i = 0; i < udp_.size(); ++i) events[i + 1] = {playing_ ? udp_[i] : -1, POLLIN, 0};
    poll(events.data(), events.size(), 50);
    if (!forward(client)) return;
    if (events[0].revents == 0) continue;
    std::array<char, 4096> chunk{};
    const ssize_t got = recv(client, chunk.data(), chunk.size(), 0);
    if (got <= 0) return;
    pending.append(chunk.data(), static_cast<std::size_t>(got));
    // The client's own RTCP comes as '$', channel, length, packet: passed over.
    while (pending.size() >= 4 && pending[0] == '$') {
      const auto length = static_cast<std::size_t>(static_cast<unsigned char>(pending[2]) << 8U |
                                                   static_cast<unsigned char>(pending[3]));
      if (pending.size() < 4 + length) break;
      pending.erase(0, 4 + length);
    }
    const auto end = pending.find("\r\n\r\n");
    if (pending.empty() || pending[0] == '$' || end == std::string::npos) continue;
    const std::string reply = answer(pending.substr(0, end + 2));
    pending.erase(0, end + 4);
    send(client, reply.data(), reply.size(), MSG_NOSIGNAL);
  }
}

/// Sends the packets to the client; until PLAY they wait in their sockets, so that none is missed.
/// @return false if the client is gone.
bool RtspPeer::forward(int client) {
  if (!playing_) return true;
  for (std::size_t i = 0; i < udp_.size(); ++i) {
    std::array<char, 2048> packet{};
    ssize_t got = 0;
    while ((got = recv(udp_[i], packet.data() + 4, packet.size() - 4, MSG_DONTWAIT)) > 0) {
      packet[0] = '$';
      packet[1] = static_cast<char>(i);
      packet[2] = static_cast<char>(got >> 8);
      packet[3] = static_cast<char>(got & 0xFF);
      const auto size = static_cast<std::size_t>(got) + 4;
      if (send(client, packet.data(), size, MSG_NOSIGNAL) < 0) return false;
    }
  }
  return true;
}

std::string RtspPeer::answer(const std::string& request) {
  const std::string method = request.substr(0, request.find(' '));
  std::string extra;
  std::string body;
  if (method == "OPTIONS") extra = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n";
  if (method == "DESCRIBE") {
    std::istringstream lines{start_media()};
    int track = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("SDP:")) continue;
      body += line + "\r\n";
      if (line.starts_with("m=")) body += fmt::format("a=control:track{}\r\n", track++);
    }
    extra = fmt::format("Content-Base: {}/\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n", url(),
                        body.size());
  }
  if (method == "SETUP")
    extra = fmt::format("Transport: RTP/AVP/TCP;unicast;interleaved={}\r\nSession: 1\r\n",
                        request.find("track0") != std::string::npos ? "0-1" : "2-3");
  if (method == "PLAY") {
    playing_ = true;
    extra = "Session: 1\r\nRange: npt=now-\r\n";
  }
  return fmt::format("RTSP/1.0 200 OK\r\nCSeq: {}\r\n{}\r\n{}", header_of(request, "CSeq"), extra, body);
}

}  // namespace hub::test
