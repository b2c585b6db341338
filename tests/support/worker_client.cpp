#include "tests/support/worker_client.h"

#include <array>
#include <span>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hub::test {

using Clock = std::chrono::steady_clock;

WorkerClient::WorkerClient(const std::string& program, std::vector<std::pair<std::string, std::string>> env) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error{"socketpair failed"};
  fd_ = ends[0];
  constexpr int kChildFd = 3;
  process_ = std::make_unique<Process>(
      Process::Options{.argv = {program, "--fd", std::to_string(kChildFd), "--channel", "test"},
                       .env = std::move(env),
                       .log = dir_.path() / "log",
                       .fds = {{ends[1], kChildFd}},
                       .cwd = {}});
  close(ends[1]);
}

WorkerClient::~WorkerClient() {
  hang_up();
}

void WorkerClient::hang_up() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

void WorkerClient::start(const stream::Job& job) {
  send(stream::Start{stream::to_json(job)});
}

void WorkerClient::send(const stream::Message& message) {
  base::Bytes frame;
  stream::append_frame(frame, message);
  std::size_t sent = 0;
  while (sent < frame.size()) {
    const ssize_t put = ::send(fd_, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) return;  // the worker is gone; the test sees it by what it does not receive
    sent += static_cast<std::size_t>(put);
  }
}

bool WorkerClient::receive_until(std::chrono::milliseconds limit, const std::function<bool()>& enough) {
  const auto deadline = Clock::now() + limit;
  while (!enough()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (!open_ || bye() || left.count() <= 0) return false;
    pollfd ready{fd_, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<std::uint8_t, 65536> chunk{};
    const ssize_t got = recv(fd_, chunk.data(), chunk.size(), 0);
    if (got <= 0) {
      open_ = false;
      continue;
    }
    deframer_.feed(std::span{chunk}.first(static_cast<std::size_t>(got)));
    while (true) {
      auto message = deframer_.next();
      if (!message) throw std::runtime_error{"the worker broke the framing: " + message.error().text};
      if (!*message) break;
      received_.push_back({std::move(**message), Clock::now()});
    }
  }
  return true;
}

std::vector<stream::Tracks> WorkerClient::tracks() const {
  std::vector<stream::Tracks> out;
  for (const auto& one : received_)
    if (const auto* tracks = std::get_if<stream::Tracks>(&one.message)) out.push_back(*tracks);
  return out;
}

std::optional<stream::Track> WorkerClient::track(stream::Codec codec) const {
  const auto all_tracks = tracks();
  if (all_tracks.empty()) return std::nullopt;
  for (const auto& track : all_tracks.back().tracks)
    if (track.codec == codec) return track;
  return std::nullopt;
}

std::vector<stream::Unit> WorkerClient::units(stream::Codec codec) const {
  std::vector<stream::Unit> out;
  const auto wanted = track(codec);
  if (!wanted) return out;
  for (const auto& one : received_)
    if (const auto* unit = std::get_if<stream::Unit>(&one.message); unit && unit->track == wanted->id)
      out.push_back(*unit);
  return out;
}

std::vector<std::string> WorkerClient::titles() const {
  std::vector<std::string> out;
  for (const auto& one : received_)
    if (const auto* title = std::get_if<stream::Title>(&one.message)) out.push_back(title->text);
  return out;
}

std::optional<base::Failure> WorkerClient::bye() const {
  if (received_.empty()) return std::nullopt;
  const auto* bye = std::get_if<stream::Bye>(&received_.back().message);
  return bye ? std::optional{bye->why} : std::nullopt;
}

std::optional<stream::Health> WorkerClient::health() const {
  std::optional<stream::Health> out;
  for (const auto& one : received_)
    if (const auto* health = std::get_if<stream::Health>(&one.message)) out = *health;
  return out;
}

double WorkerClient::seconds(stream::Codec codec) const {
  const auto all_units = units(codec);
  if (all_units.empty()) return 0;
  const auto span = all_units.back().dts + all_units.back().duration - all_units.front().dts;
  return std::chrono::duration<double>(span).count();
}

}  // namespace hub::test
