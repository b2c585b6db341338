#include "hub/channels/probe.h"

#include "hub/base/clock.h"
#include "hub/base/redact.h"
#include "hub/channels/worker_process.h"

#include <algorithm>
#include <utility>

namespace hub::channels {
namespace {

using namespace std::chrono_literals;

constexpr auto kWorkerGrace = 1s;  // the worker's own word for a time-out is the better one

class Probe final : public Worker::Listener {
 public:
  Probe(lib::glib::Loop& loop, std::chrono::milliseconds length) : loop_{loop}, length_{length} {}

  ProbeReport run(WorkerFactory& workers, const stream::Job& job) {
    auto worker = workers.start(job, *this);
    if (!worker) {
      report_.failure = worker.error();
      return std::move(report_);
    }
    end_ = loop_.after(job.timeout + kWorkerGrace, [this] {
      report_.failure = base::Failure{base::Errc::Stalled, "the source is there, but sends nothing to play"};
      loop_.quit();
    });
    loop_.run();
    finish();
    return std::move(report_);
  }

 private:
  void on_message(stream::Message message) override {
    if (auto* tracks = std::get_if<stream::Tracks>(&message)) report_.tracks = std::move(tracks->tracks);
    if (auto* title = std::get_if<stream::Title>(&message)) report_.title = std::move(title->text);
    const auto* unit = std::get_if<stream::Unit>(&message);
    if (!unit) return;
    if (report_.units++ == 0) {
      first_ = last_ = unit->dts;
      end_ = loop_.after(length_, [this] { loop_.quit(); });
    }
    first_ = std::min(first_, unit->dts);
    last_ = std::max(last_, unit->dts + unit->duration);
    bytes_ += unit->payload->size();
    report_.key_frame = report_.key_frame || (unit->key && is_video(unit->track));
  }

  void on_exit(const WorkerExit& how) override {
    // A short file that was played to its end is fine.
    if (how.why.code != base::Errc::Ended || report_.units == 0) report_.failure = how.why;
    loop_.quit();
  }

  [[nodiscard]] bool is_video(std::uint8_t id) const {
    return std::any_of(report_.tracks.begin(), report_.tracks.end(), [&](const stream::Track& track) {
      return track.id == id && track.codec == stream::Codec::H264;
    });
  }

  void finish() {
    const std::chrono::duration<double> media = last_ - first_;
    if (media >= 1s)
      report_.media_bps = static_cast<std::uint32_t>(
          std::min(static_cast<double>(bytes_) * 8 / media.count(), static_cast<double>(UINT32_MAX)));
    if (report_.failure) report_.failure->text = base::redact_text(report_.failure->text);
  }

  lib::glib::Loop& loop_;
  std::chrono::milliseconds length_;
  ProbeReport report_;
  base::Nanos first_{0}, last_{0};
  std::uint64_t bytes_ = 0;
  lib::glib::SourceGuard end_;
};

}  // namespace

ProbeReport probe_source(const std::string& worker_path, stream::Job job, std::chrono::milliseconds length) {
  if (job.channel.empty()) job.channel = "check";
  lib::glib::Loop loop;
  const base::SystemClock clock;
  ProcessFactory workers{loop, clock, worker_path};
  return Probe{loop, length}.run(workers, job);
}

}  // namespace hub::channels
