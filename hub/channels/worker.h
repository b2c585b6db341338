#pragma once
#include "hub/base/error.h"
#include "hub/stream/job.h"
#include "hub/stream/message.h"

#include <memory>

namespace hub::channels {

/// How a worker ended.
struct WorkerExit {
  enum class How {
    Bye,      ///< it said why
    Crashed,  ///< it went without a word: a signal, or an exit in silence
    Broken    ///< it sent what is no unit stream
  };
  How how = How::Bye;
  base::Failure why;
};

/// One running worker process as a channel sees it. The destructor ends the process and returns at once; no
/// call to the listener follows. @context thread-bound: relay
class Worker {
 public:
  class Listener {
   public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    /// The listener may destroy the worker inside this call.
    virtual void on_message(stream::Message message) = 0;
    /// Last call, exactly once unless the worker is destroyed before. It may be destroyed inside.
    virtual void on_exit(const WorkerExit& how) = 0;
  };

  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;

  /// To the MP3 encoder: never blocks; when the worker does not keep up, the oldest units are dropped.
  virtual void send(const stream::Message& message) = 0;
};

/// Starts workers. @context thread-bound: relay
class WorkerFactory {
 public:
  WorkerFactory() = default;
  WorkerFactory(const WorkerFactory&) = delete;
  WorkerFactory& operator=(const WorkerFactory&) = delete;
  virtual ~WorkerFactory() = default;
  /// Starts a process and sends it @p job. Errc::Io if the machine cannot start one (no memory, no process or
  /// descriptor left).
  [[nodiscard]] virtual base::Result<std::unique_ptr<Worker>> start(const stream::Job& job,
                                                                    Worker::Listener& listener) = 0;
};

}  // namespace hub::channels
