#pragma once
#include "tests/support/peers.h"

#include <array>
#include <atomic>
#include <thread>

namespace hub::test {

/// A small RTSP server (RFC 2326) for one client at a time: ffmpeg makes the RTP, anew for each client that
/// asks for a description; this answers OPTIONS,
/// DESCRIBE, SETUP and PLAY and puts the packets into the client's connection (interleaved, 10.12).
class RtspPeer {
 public:
  explicit RtspPeer(const TestPicture& picture);
  RtspPeer(const RtspPeer&) = delete;
  RtspPeer& operator=(const RtspPeer&) = delete;
  ~RtspPeer();
  [[nodiscard]] std::string url() const;

 private:
  std::string start_media();
  void serve();
  void serve_client(int client);
  std::string answer(const std::string& request);
  bool forward(int client);

  TempDir dir_;
  TestPicture picture_;
  int port_ = 0, listener_ = -1, video_port_ = 0, audio_port_ = 0;
  std::array<int, 4> udp_{-1, -1, -1, -1};  ///< RTP and RTCP of picture, RTP and RTCP of sound
  bool playing_ = false;
  std::atomic<bool> stop_{false};
  std::unique_ptr<Process> ffmpeg_;
  std::thread thread_;
};

}  // namespace hub::test
