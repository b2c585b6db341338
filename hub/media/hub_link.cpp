#include "hub/media/hub_link.h"

#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hub::media {

using base::Errc;
using base::Failure;

HubLink::HubLink(lib::glib::Loop& loop, int fd, OnMessage on_message, OnLost on_lost)
    : loop_{loop}, fd_{fd}, on_message_{std::move(on_message)}, on_lost_{std::move(on_lost)} {
  const int flags = fcntl(fd_, F_GETFL);
  if (flags < 0 || fcntl(fd_, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd_, F_SETFD, FD_CLOEXEC) < 0)
    throw base::Error{Errc::Io, "the socket to the hub (--fd) is not usable"};
  reader_ = loop_.watch(fd_, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR),
                        [this](GIOCondition condition) { on_ready(condition); });
}

HubLink::~HubLink() {
  reader_.reset();
  writer_.reset();
  close(fd_);
}

void HubLink::on_ready(GIOCondition) {
  read();
}

void HubLink::read() {
  std::array<std::uint8_t, 65536> chunk{};
  while (!lost_) {
    const ssize_t got = recv(fd_, chunk.data(), chunk.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return lose({Errc::Ended, "the hub closed the connection"});
    deframer_.feed(std::span{chunk}.first(static_cast<std::size_t>(got)));
    while (true) {
      auto message = deframer_.next();
      if (!message) return lose(message.error());
      if (!*message) break;
      on_message_(std::move(**message));
    }
  }
}

void HubLink::send(const stream::Message& message) {
  if (lost_) return;
  const bool idle = out_.empty();
  stream::append_frame(out_, message);
  if (idle) write();
  if (out_.size() - sent_ > kMaxQueuedBytes) lose({Errc::Stalled, "the hub does not read any more"});
}

void HubLink::write() {
  while (sent_ < out_.size()) {
    const ssize_t put = ::send(fd_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) {
      if (!writer_) writer_ = loop_.watch(fd_, G_IO_OUT, [this](GIOCondition) { write(); });
      return;
    }
    if (put < 0) return lose({Errc::Ended, "the hub closed the connection"});
    sent_ += static_cast<std::size_t>(put);
  }
  out_.clear();
  sent_ = 0;
  writer_.reset();
}

bool HubLink::flush(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!lost_ && !out_.empty()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready{fd_, POLLOUT, 0};
    if (poll(&ready, 1, static_cast<int>(left.count())) > 0) write();
  }
  return !lost_;
}

void HubLink::lose(Failure why) {
  if (std::exchange(lost_, true)) return;
  reader_.reset();
  writer_.reset();
  farewell_ = loop_.after(std::chrono::milliseconds{0}, [this, why = std::move(why)] { on_lost_(why); });
}

}  // namespace hub::media
