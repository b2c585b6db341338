#pragma once
#include "hub/base/bytes.h"
#include "hub/lib/glib/loop.h"
#include "hub/stream/framing.h"

#include <cstddef>
#include <functional>

namespace hub::media {

/// The worker's end of the socket to the hub. Neither side waits for the other: what the socket does not take
/// at once is kept, up to a limit, and sent later. @context thread-bound: main loop
class HubLink {
 public:
  /// The hub is gone, has broken the protocol, or has not read for so long that kMaxQueuedBytes wait.
  using OnLost = std::function<void(const base::Failure&)>;
  using OnMessage = std::function<void(stream::Message)>;
  static constexpr std::size_t kMaxQueuedBytes = 64U << 20U;

  /// Takes over @p fd. The callbacks are called from the loop, never from within a call to this object.
  HubLink(lib::glib::Loop& loop, int fd, OnMessage on_message, OnLost on_lost);
  HubLink(const HubLink&) = delete;
  HubLink& operator=(const HubLink&) = delete;
  ~HubLink();

  void send(const stream::Message& message);
  /// Waits until everything is with the hub. @return false after @p limit, or if the hub is gone.
  bool flush(std::chrono::milliseconds limit);

 private:
  void on_ready(GIOCondition condition);
  void read();
  void write();
  void lose(base::Failure why);

  lib::glib::Loop& loop_;
  int fd_;
  OnMessage on_message_;
  OnLost on_lost_;
  stream::Deframer deframer_;
  base::Bytes out_;
  std::size_t sent_ = 0;  ///< of out_
  bool lost_ = false;
  lib::glib::SourceGuard reader_, writer_, farewell_;
};

}  // namespace hub::media
