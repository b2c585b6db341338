#include "hub/media/worker.h"

#include "hub/base/log.h"
#include "hub/media/hub_link.h"
#include "hub/media/mp3_encoder.h"
#include "hub/media/relay.h"
#include "hub/media/sentinel.h"
#include "hub/media/uri.h"

#include <memory>
#include <utility>

namespace hub::media {
namespace {

using base::Errc;
using base::Failure;
using namespace std::chrono_literals;

/// For the pipeline's orderly end after Bye (RTSP says TEARDOWN, RTMP closes its stream).
constexpr auto kFarewell = 1500ms;

/// Waiting ──Start──► Working ──finish──► Leaving; a lost hub leads straight to the end.
class Worker final : public Peer {
 public:
  Worker(int fd, const std::string& channel)
      : log_{base::logger("worker." + channel)},
        sentinel_{fd},
        link_{loop_, fd, [this](stream::Message message) { on_message(std::move(message)); },
              [this](const Failure& why) { on_lost(why); }} {
    heartbeat_ = loop_.every(500ms, [this] { sentinel_.alive(); });
  }

  int run() {
    loop_.run();
    sentinel_.exit_within(kFarewell);
    task_.reset();
    return 0;
  }

  void send(const stream::Message& message) override { link_.send(message); }

  void finish(Failure why) override {
    if (std::exchange(finished_, true)) return;
    log_->info("{}: {}", base::to_string(why.code), why.text);
    link_.send(stream::Bye{std::move(why)});
    link_.flush(1s);
    loop_.quit();
  }

 private:
  void on_message(stream::Message message) {
    if (task_) return task_->on_message(std::move(message));
    const auto* start = std::get_if<stream::Start>(&message);
    if (!start) return finish({Errc::Invalid, "the hub's first message is not Start"});
    auto job = stream::job_from(start->job);
    if (!job) return finish(job.error());
    try {
      if (job->task == stream::Job::Task::EncodeMp3) {
        task_ = std::make_unique<Mp3Encoder>(loop_, *job, *this);
      } else {
        log_->info("pulling {}", redacted(job->uri));
        task_ = std::make_unique<Relay>(loop_, std::move(*job), *this);
      }
    } catch (const base::Error& error) {
      finish(error.failure());
    }
  }

  void on_lost(const Failure& why) {
    log_->warn("{}", why.text);
    finished_ = true;
    loop_.quit();
  }

  std::shared_ptr<spdlog::logger> log_;
  lib::glib::Loop loop_;
  Sentinel sentinel_;
  HubLink link_;
  bool finished_ = false;
  std::unique_ptr<Task> task_;
  lib::glib::SourceGuard heartbeat_;
};

}  // namespace

int run_worker(int fd, const std::string& channel) {
  Worker worker{fd, channel};
  return worker.run();
}

}  // namespace hub::media
