#include "hub/channels/worker_process.h"

#include "hub/base/log.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace hub::channels {
namespace {

constexpr std::size_t kPieceBytes = 64U << 10U;
constexpr int kPiecesPerTurn = 4;               // 256 KiB: 100 ms of 20 Mbit/s
constexpr std::size_t kOutBytes = 256U << 10U;  // 10 s of AAC at 192 kbit/s, far more than an encoder may lag
constexpr std::chrono::milliseconds kSilence{300};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("the worker was ended by signal {} (SIG{})", WTERMSIG(status),
                       sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
  return fmt::format("the worker ended with exit code {} and gave no reason", WEXITSTATUS(status));
}

}  // namespace

WorkerProcess::WorkerProcess(lib::glib::Loop& loop, const base::Clock& clock, Reaper& reaper, Spawned spawned,
                             const stream::Job& job, Listener& listener)
    : loop_{loop},
      clock_{clock},
      reaper_{reaper},
      listener_{listener},
      channel_{job.channel},
      child_{std::move(spawned.child)},
      pid_{child_.pid},
      socket_{std::move(spawned.socket)},
      errors_{std::move(spawned.errors)},
      log_{[log = base::logger("channel." + job.channel)](const std::string& line) {
        log->info("{}", line);
      }} {
  on_socket_ = loop_.watch(socket_.get(), G_IO_IN, [this](GIOCondition condition) { on_socket(condition); });
  on_errors_ = loop_.watch(errors_.get(), G_IO_IN, [this](GIOCondition) { on_errors(); });
  on_end_ = loop_.watch(child_.pidfd.get(), G_IO_IN, [this](GIOCondition) { on_end(); });
  send(stream::Start{stream::to_json(job)});
}

WorkerProcess::~WorkerProcess() {
  *alive_ = false;
  if (!status_) reaper_.retire(std::move(child_));
}

WorkerProcess::Read WorkerProcess::read_piece() {
  std::array<std::uint8_t, kPieceBytes> piece;
  const auto got = recv(socket_.get(), piece.data(), piece.size(), 0);
  if (got == 0) return Read::Closed;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? Read::Nothing : Read::Closed;
  deframer_.feed({piece.data(), static_cast<std::size_t>(got)});
  const auto alive = alive_;
  while (true) {
    auto message = deframer_.next();
    if (!message) {
      report(WorkerExit::How::Broken,
             {base::Errc::Internal, fmt::format("the worker sent garbage ({}); it is "
                                                "started again",
                                                message.error().text)});
      return Read::Gone;
    }
    if (!*message) return Read::More;
    if (auto* bye = std::get_if<stream::Bye>(&**message)) {
      report(WorkerExit::How::Bye, std::move(bye->why));
      return Read::Gone;
    }
    listener_.on_message(std::move(**message));
    if (!*alive) return Read::Gone;
  }
}

void WorkerProcess::on_socket(GIOCondition) {
  for (int i = 0; i < kPiecesPerTurn; ++i) {
    const Read result = read_piece();
    if (result == Read::Gone || result == Read::Nothing) return;
    if (result == Read::More) continue;
    on_socket_.reset();
    // The process is about to end and then says how; one that lives on without its socket is of no use.
    on_silence_ = loop_.after(kSilence, [this] { report_crash(); });
    return;
  }
}

void WorkerProcess::on_end() {
  status_ = reap(child_);
  if (!status_) return;
  on_end_.reset();
  on_errors();
  const auto alive = alive_;
  // What it sent before is still in the socket, at most the kernel's buffer.
  Read result = Read::More;
  while (result == Read::More) result = read_piece();
  if (result != Read::Gone && *alive) report_crash();
}

void WorkerProcess::on_errors() {
  std::array<char, 4096> piece;
  for (int i = 0; i < kPiecesPerTurn; ++i) {
    const auto got = read(errors_.get(), piece.data(), piece.size());
    if (got > 0) {
      log_.feed({piece.data(), static_cast<std::size_t>(got)}, clock_.mono());
      continue;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      on_errors_.reset();
      log_.finish(clock_.mono());
    }
    return;
  }
}

void WorkerProcess::report_crash() {
  report(WorkerExit::How::Crashed,
         {base::Errc::Internal, (status_ ? how_it_ended(*status_) : "the worker closed its connection") +
                                    std::string{"; it is started again. If this repeats with one source, "
                                                "report it with the hub's log"}});
}

void WorkerProcess::report(WorkerExit::How how, base::Failure why) {
  if (std::exchange(reported_, true)) return;
  on_socket_.reset();
  on_writable_.reset();
  on_silence_.reset();
  listener_.on_exit({how, std::move(why)});
}

void WorkerProcess::send(const stream::Message& message) {
  if (reported_) return;
  Frame frame;
  frame.unit = std::holds_alternative<stream::Unit>(message);
  stream::append_frame(frame.bytes, message);
  out_bytes_ += frame.bytes.size();
  out_.push_back(std::move(frame));
  // Never the first one, half of which may be gone, and no message that units depend on.
  for (auto it = out_.begin() + 1; out_bytes_ > kOutBytes && it != out_.end();) {
    if (!it->unit) {
      ++it;
      continue;
    }
    out_bytes_ -= it->bytes.size();
    it = out_.erase(it);
    ++dropped_;
  }
  if (!on_writable_) flush();
}

void WorkerProcess::flush() {
  while (!out_.empty()) {
    const auto& bytes = out_.front().bytes;
    const auto sent = ::send(socket_.get(), bytes.data() + out_sent_, bytes.size() - out_sent_,
                             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      if (!on_writable_)
        on_writable_ = loop_.watch(socket_.get(), G_IO_OUT, [this](GIOCondition) { flush(); });
      return;
    }
    if (sent < 0) break;  // it is gone; reading reports how
    out_sent_ += static_cast<std::size_t>(sent);
    if (out_sent_ < bytes.size()) continue;
    out_bytes_ -= bytes.size();
    out_sent_ = 0;
    out_.pop_front();
  }
  on_writable_.reset();
}

ProcessFactory::ProcessFactory(lib::glib::Loop& loop, const base::Clock& clock, std::string program)
    : loop_{loop}, clock_{clock}, program_{std::move(program)}, reaper_{loop} {}

base::Result<std::unique_ptr<Worker>> ProcessFactory::start(const stream::Job& job,
                                                            Worker::Listener& listener) {
  auto spawned = spawn(program_, {"--fd", std::to_string(kWorkerFd), "--channel", job.channel});
  if (!spawned) return spawned.error();
  return std::unique_ptr<Worker>{
      std::make_unique<WorkerProcess>(loop_, clock_, reaper_, std::move(*spawned), job, listener)};
}

}  // namespace hub::channels
