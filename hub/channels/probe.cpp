#include "hub/channels/probe.h"

#include "hub/base/redact.h"
#include "hub/channels/worker_process.h"

#include <algorithm>
#include <utility>

namespace hub::channels {
namespace {

using namespace std::chrono_literals;

constexpr auto kWorkerGrace = 1s;  // the worker's own word for a time-out is the better one

}  // namespace

void Probe::start(WorkerFactory& workers, stream::Job job) {
  if (job.channel.empty()) job.channel = "check";
  Worker::Listener& listener = *this;
  auto worker = workers.start(job, listener);
  if (!worker) {
    report_.failure = worker.error();
    return end_in(0ms);
  }
  worker_ = std::move(*worker);
  end_ = loop_.after(job.timeout + kWorkerGrace, [this] {
    report_.failure = base::Failure{base::Errc::Stalled, "the source is there, but sends nothing to play"};
    finish();
  });
}

void Probe::on_message(stream::Message message) {
  if (auto* tracks = std::get_if<stream::Tracks>(&message)) report_.tracks = std::move(tracks->tracks);
  if (auto* title = std::get_if<stream::Title>(&message)) report_.title = std::move(title->text);
  const auto* unit = std::get_if<stream::Unit>(&message);
  if (!unit) return;
  if (report_.units++ == 0) {
    first_ = last_ = unit->dts;
    end_in(length_);
  }
  first_ = std::min(first_, unit->dts);
  last_ = std::max(last_, unit->dts + unit->duration);
  bytes_ += unit->payload->size();
  report_.key_frame = report_.key_frame || (unit->key && is_video(unit->track));
}

void Probe::on_exit(const WorkerExit& how) {
  // A short file that was played to its end is fine.
  if (how.why.code != base::Errc::Ended || report_.units == 0) report_.failure = how.why;
  end_in(0ms);  // not inside of a call of the worker
}

bool Probe::is_video(std::uint8_t id) const {
  return std::any_of(report_.tracks.begin(), report_.tracks.end(), [&](const stream::Track& track) {
    return track.id == id && track.codec == stream::Codec::H264;
  });
}

void Probe::end_in(std::chrono::milliseconds delay) {
  end_ = loop_.after(delay, [this] { finish(); });
}

void Probe::finish() {
  worker_.reset();
  const std::chrono::duration<double> media = last_ - first_;
  if (media >= 1s)
    report_.media_bps = static_cast<std::uint32_t>(
        std::min(static_cast<double>(bytes_) * 8 / media.count(), static_cast<double>(UINT32_MAX)));
  if (report_.failure) report_.failure->text = base::redact_text(report_.failure->text);
  const auto done = std::move(done_);  // it may destroy this
  done(std::move(report_));
}

ProbeReport probe_source(const std::string& worker_path, stream::Job job, std::chrono::milliseconds length) {
  lib::glib::Loop loop;
  const base::SystemClock clock;
  ProbeReport result;
  {
    ProcessFactory workers{loop, clock, worker_path};
    Probe probe{loop, length, [&](ProbeReport report) {
                  result = std::move(report);
                  loop.quit();
                }};
    probe.start(workers, std::move(job));
    loop.run();
  }
  return result;
}

}  // namespace hub::channels
