#pragma once
#include "hub/base/error.h"
#include "hub/stream/message.h"

namespace hub::media {

/// What a task has of the hub. @context thread-bound: main loop
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void send(const stream::Message& message) = 0;
  /// Says Bye; the task ends soon after, not within this call. Later calls change nothing.
  virtual void finish(base::Failure why) = 0;
};

/// What a worker does until its end: one of stream::Job::Task.
class Task {
 public:
  virtual ~Task() = default;
  /// A message of the hub after Start.
  virtual void on_message(stream::Message) {}
};

}  // namespace hub::media
