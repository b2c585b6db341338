#pragma once
#include "tests/support/process.h"

#include <memory>
#include <string>
#include <vector>

/// Real servers and publishers for integration tests, each on loopback with its own ports and folder. Check
/// has_program() of what is needed first and skip the test if it is missing.
namespace hub::test {

/// Where ffmpeg takes its picture and sound from. Once a second the picture is white for 40 ms and a 1 kHz
/// tone sounds for 100 ms, both beginning at the same time of the source.
struct TestPicture {
  std::string size = "320x180";
  int fps = 25;
  bool video = true, audio = true;
  double seconds = 0;     ///< 0: endless
  bool real_time = true;  ///< at the speed of the clock (publishers), or as fast as possible (files)
};
/// Input arguments of ffmpeg for @p picture; video is stream 0:v and audio the last input's :a.
[[nodiscard]] std::vector<std::string> input_args(const TestPicture& picture);
/// H.264 with two B-frames and a key frame per second, AAC at 48 kHz.
[[nodiscard]] std::vector<std::string> h264_aac_args(const TestPicture& picture);

/// Starts ffmpeg in the background. @param args  without the program's name.
[[nodiscard]] std::unique_ptr<Process> start_ffmpeg(const std::vector<std::string>& args,
                                                    const std::filesystem::path& log = {});
/// Runs ffmpeg to its end. @throws std::runtime_error with its output if it fails or takes over 60 s.
void run_ffmpeg(const std::vector<std::string>& args);
/// Writes @p file (the container follows its name) with @p picture in H.264 and AAC.
void make_file(const std::string& file, TestPicture picture);

/// Sends @p picture as H.264 and AAC to @p url in the container @p format, as long as the result lives.
[[nodiscard]] std::unique_ptr<Process> publish(const TestPicture& picture, const std::string& format,
                                               const std::string& url);

/// nginx: files under root() over HTTP (with ranges), /locked/ behind a password (hub / secret), and an RTMP
/// server with the application "live".
class Nginx {
 public:
  Nginx();
  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
  [[nodiscard]] std::string http_url(const std::string& path) const;  ///< @p path  begins with '/'
  [[nodiscard]] std::string rtmp_url(const std::string& name) const;  ///< to publish and to play
  [[nodiscard]] static bool available();
  void stop() { process_->stop(); }

 private:
  TempDir dir_;
  std::filesystem::path root_;
  int http_port_ = 0, rtmp_port_ = 0;
  std::unique_ptr<Process> process_;
};

/// A live HLS presentation of the test picture, `live.m3u8` under @p nginx; written as long as the result
/// lives.
[[nodiscard]] std::unique_ptr<Process> publish_hls(const Nginx& nginx);

/// Icecast with one password for sources.
class Icecast {
 public:
  Icecast();
  [[nodiscard]] std::string url(const std::string& mount) const;  ///< to listen; @p mount begins with '/'
  [[nodiscard]] std::string publish_url(const std::string& mount) const;  ///< for ffmpeg, icecast://
  [[nodiscard]] static bool available();
  /// Sets the title of what is on air, as an encoder does.
  void set_title(const std::string& mount, const std::string& title) const;
  /// True once a source is connected to @p mount.
  [[nodiscard]] bool has_source(const std::string& mount) const;
  void stop() { process_->stop(); }

 private:
  TempDir dir_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

/// One HTTP/1.0 request to 127.0.0.1. @return the whole answer with its header; empty if nobody answers.
[[nodiscard]] std::string http_get(int port, const std::string& path, const std::string& headers = {});

}  // namespace hub::test
