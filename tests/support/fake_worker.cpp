// Stands in for viewing-hub-worker in tests: speaks hub/stream on the socket and behaves, or misbehaves, as
// the URI says: "fake:<mode>[:<ms>]".
//   steady   25 fps video with a key frame a second, and AAC, in real time
//   audio    AAC only              mp3      AAC and the MP3 it was made from, with a title
//   many     steady plus tracks that nobody asked for, with their units
//   slow     steady at half speed  silent   steady for <ms>, then nothing but being there
//   mute     sends nothing at all  stubborn steady; ignores SIGTERM and the end of the hub
//   ends     steady for <ms>, then Bye{Ended}     crash   steady for <ms>, then SIGSEGV
//   quits    steady for <ms>, then exit code 3    garbage steady for <ms>, then bytes that are no frame
//   closes   steady for <ms>, then closes the socket and stays
//   refused  Bye{Refused}          chatty   many lines on stderr, then exit code 3
// An EncodeMp3 job answers each AAC unit with one MP3 unit; "--channel slow-encoder" reads nothing.
#include "hub/stream/framing.h"
#include "hub/stream/job.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace hub;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::uint8_t kVideo = 1;
constexpr std::uint8_t kAac = 2;
constexpr std::uint8_t kMp3 = 3;
constexpr base::Nanos kAudioFrame = 21'333'333ns;

stream::Track video() {
  stream::Track track;
  track.id = kVideo;
  track.codec = stream::Codec::H264;
  // avcC of a 320x180 baseline stream (ISO/IEC 14496-15, 5.3.3.1): one SPS, one PPS.
  track.config = {1,    0x42, 0xC0, 0x0D, 0xFF, 0xE1, 0, 12, 0x67, 0x42, 0xC0, 0x0D, 0xDA, 0x05,
                  0x07, 0xE4, 0xC0, 0x44, 0x00, 0x01, 1, 0,  4,    0x68, 0xCE, 0x3C, 0x80};
  track.width_px = 320;
  track.height_px = 180;
  return track;
}
stream::Track aac(std::uint8_t id = kAac) {
  stream::Track track;
  track.id = id;
  track.codec = stream::Codec::Aac;
  track.config = {0x11, 0x90};  // AAC-LC, 48 kHz, stereo (ISO/IEC 14496-3, 1.6.2.1)
  track.rate_hz = 48'000;
  track.channels = 2;
  return track;
}
stream::Track mp3(std::uint32_t rate_hz, std::uint8_t channels) {
  stream::Track track;
  track.id = kMp3;
  track.codec = stream::Codec::Mp3;
  track.rate_hz = rate_hz;
  track.channels = channels;
  return track;
}

[[noreturn]] void stay() {
  while (true) pause();
}

struct Pipe {
  int fd;
  bool stubborn = false;
  void write(const base::Bytes& bytes) const {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const auto n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0 && stubborn) stay();
      if (n <= 0) std::_Exit(0);  // the hub is gone
      sent += static_cast<std::size_t>(n);
    }
  }
  void send(const stream::Message& message) const {
    base::Bytes bytes;
    stream::append_frame(bytes, message);
    write(bytes);
  }
};

base::Bytes frame(stream::Codec codec) {
  if (codec == stream::Codec::H264) {
    base::Bytes bytes{0, 0, 0, 200, 0x65};
    bytes.resize(204, 0x55);
    return bytes;
  }
  if (codec == stream::Codec::Aac) return base::Bytes(256, 0x21);
  base::Bytes bytes{0xFF, 0xFB, 0x94, 0x00};  // MPEG-1 layer III, 128 kbit/s, 48 kHz: 384 bytes
  bytes.resize(384, 0);
  return bytes;
}

struct Lane {
  stream::Track track;
  base::Nanos step;
  base::Nanos next{0};
  int count = 0;
};

void relay(const Pipe& hub, const std::string& mode, base::Nanos length) {
  std::vector<Lane> lanes;
  if (mode != "audio" && mode != "mp3") lanes.push_back({video(), 40ms});
  lanes.push_back({aac(), kAudioFrame});
  if (mode == "mp3") {
    lanes.push_back({mp3(48'000, 2), 24ms});
    hub.send(stream::Title{"On air"});
  }
  if (mode == "many") {
    auto second = video();
    second.id = 7;
    lanes.push_back({second, 40ms});
    lanes.push_back({aac(8), kAudioFrame});
  }
  stream::Tracks tracks;
  for (const auto& lane : lanes) tracks.tracks.push_back(lane.track);
  hub.send(tracks);
  const auto start = steady_clock::now();
  auto next_health = start;
  std::uint64_t sent = 0;
  const int pace = mode == "slow" ? 2 : 1;
  while (true) {
    auto& lane = *std::min_element(lanes.begin(), lanes.end(),
                                   [](const Lane& a, const Lane& b) { return a.next < b.next; });
    if (length > 0s && lane.next >= length) return;
    std::this_thread::sleep_until(start + lane.next * pace);
    stream::Unit unit;
    unit.track = lane.track.id;
    unit.key = lane.track.codec != stream::Codec::H264 || lane.count % 25 == 0;
    unit.pts = unit.dts = lane.next;
    unit.duration = lane.step;
    unit.payload = base::make_blob(frame(lane.track.codec));
    sent += unit.payload->size();
    hub.send(unit);
    lane.next += lane.step;
    ++lane.count;
    if (steady_clock::now() >= next_health) {
      next_health += 1s;
      hub.send(stream::Health{200ms, sent, false, mode == "mp3"});
    }
  }
}

void encode(const Pipe& hub, stream::Deframer& in, const stream::Job& job) {
  std::array<std::uint8_t, 4096> piece;
  while (true) {
    while (true) {
      auto message = in.next();
      if (!message) std::_Exit(4);
      if (!*message) break;
      if (std::holds_alternative<stream::Tracks>(**message))
        hub.send(stream::Tracks{{mp3(job.mp3_rate_hz, job.mp3_channels)}});
      if (auto* unit = std::get_if<stream::Unit>(&**message)) {
        unit->track = kMp3;
        unit->payload = base::make_blob(frame(stream::Codec::Mp3));
        hub.send(*unit);
      }
    }
    const auto got = recv(hub.fd, piece.data(), piece.size(), 0);
    if (got <= 0) std::_Exit(0);
    in.feed({piece.data(), static_cast<std::size_t>(got)});
  }
}

}  // namespace

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGSEGV, SIG_DFL);  // sanitizers take it and exit
  if (argc != 5 || std::strcmp(argv[1], "--fd") != 0 || std::strcmp(argv[3], "--channel") != 0) return 2;
  Pipe hub{std::atoi(argv[2])};
  // A descriptor of the hub that leaked would be inherited here.
  for (int fd = hub.fd + 1; fd < 256; ++fd)
    if (fcntl(fd, F_GETFD) != -1) {
      std::fprintf(stderr, "leaked descriptor %d\n", fd);
      return 5;
    }
  if (std::string{argv[4]} == "slow-encoder") stay();
  stream::Deframer in;
  std::optional<stream::Job> job;
  while (!job) {
    std::array<std::uint8_t, 4096> piece;
    const auto got = recv(hub.fd, piece.data(), piece.size(), 0);
    if (got <= 0) return 0;
    in.feed({piece.data(), static_cast<std::size_t>(got)});
    auto message = in.next();
    if (!message) return 4;
    if (!*message) continue;
    const auto* begin = std::get_if<stream::Start>(&**message);
    if (!begin) return 4;
    auto parsed = stream::job_from(begin->job);
    if (!parsed) return 4;
    job = *parsed;
  }
  if (job->task == stream::Job::Task::EncodeMp3) encode(hub, in, *job);

  std::string mode = job->uri.substr(job->uri.find(':') + 1);
  base::Nanos length{0};
  if (const auto colon = mode.find(':'); colon != std::string::npos) {
    length = std::chrono::milliseconds{std::atoi(mode.c_str() + colon + 1)};
    mode.resize(colon);
  }
  if (mode == "mute") stay();
  if (mode == "refused") {
    hub.send(
        stream::Bye{{base::Errc::Refused, "the server at http://user:secret@host/x?key=secret said no"}});
    return 1;
  }
  if (mode == "chatty") {
    for (int i = 0; i < 1000; ++i) std::fprintf(stderr, "line %d of http://user:secret@host/\n", i);
    return 3;
  }
  if (mode == "stubborn") {
    std::signal(SIGTERM, SIG_IGN);
    hub.stubborn = true;
  }
  relay(hub, mode, length);
  if (mode == "silent") stay();
  if (mode == "ends") hub.send(stream::Bye{{base::Errc::Ended, "the source has ended"}});
  if (mode == "crash") std::raise(SIGSEGV);
  if (mode == "quits") return 3;
  if (mode == "garbage") {
    hub.write(base::Bytes(64, 0xEE));
    stay();
  }
  if (mode == "closes") {
    close(hub.fd);
    stay();
  }
  return 0;
}
