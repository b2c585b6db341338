#include "hub/packager/rendition.h"

#include <algorithm>
#include <utility>

namespace hub::packager {
namespace {

/// A frame this close to the limit counts as on it: RTMP and FLV round times to milliseconds.
constexpr base::Nanos kSnap = std::chrono::milliseconds{2};
/// The shortest part: one that is cut where it begins would have no duration.
constexpr base::Nanos kMinPart = std::chrono::milliseconds{10};
/// The other track is this far ahead of the leading one: more than any interleaving.
constexpr base::Nanos kLeadIsGone = std::chrono::seconds{1};
/// No stream we relay comes near: bounds what broken time stamps can pile up in one part.
constexpr std::size_t kMaxPendingSamples = 4096;
constexpr std::size_t kMaxPendingBytes = 32U << 20U;

base::Nanos on_grid(base::Nanos time) {
  auto count = time / kTick;
  if (time % kTick < base::Nanos{0}) --count;
  return count * kTick;
}

base::Nanos end_of(const Sample& sample) {
  return sample.dts + sample.duration;
}

}  // namespace

Rendition::Rendition(Settings settings, WallOf wall_of)
    : settings_{std::move(settings)}, wall_of_{std::move(wall_of)} {
  state_.profile = settings_.profile;
  state_.next_msn = settings_.first_msn;
}

void Rendition::begin(std::uint64_t discontinuity, std::vector<Fmp4Track> tracks, bool video_leads) {
  lead_ = video_leads ? stream::Kind::Video : stream::Kind::Audio;
  state_.open.discontinuity = discontinuity;
  state_.open.init = std::make_shared<const Init>(Init{discontinuity, base::make_blob(make_init(tracks))});
  lanes_.clear();
  for (auto& track : tracks) {
    lanes_.emplace_back();
    lanes_.back().track = std::move(track);
  }
  started_ = has_output_ = false;
}

Rendition::Lane* Rendition::lane(stream::Kind kind) {
  const auto found =
      std::find_if(lanes_.begin(), lanes_.end(), [&](const Lane& l) { return l.track.kind == kind; });
  return found == lanes_.end() ? nullptr : &*found;
}

base::Nanos Rendition::limit() const {
  return std::min(part_begin_ + settings_.profile.part_target, segment_begin_ + settings_.max_segment);
}

bool Rendition::part_is_long_enough(base::Nanos end) const {
  return (on_grid(end) - part_begin_) * 100 >= settings_.profile.part_target * 85;
}

bool Rendition::pending() const {
  return std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& l) { return !l.pending.empty(); });
}

bool Rendition::push(stream::Kind kind, Sample sample) {
  auto* const into = lane(kind);
  if (!into || into->pending.size() >= kMaxPendingSamples ||
      pending_bytes_ + sample.payload->size() > kMaxPendingBytes)
    return false;
  if (!into->pending.empty()) into->pending.back().duration = sample.dts - into->pending.back().dts;
  if (!started_ && kind == lead_) {
    started_ = true;
    lead_delay_ = sample.pts - sample.dts;
    part_begin_ = segment_begin_ = on_grid(sample.dts);
  } else if (started_ && kind == lead_) {
    cut_before_lead(sample);
  } else if (started_) {
    cut_before_other(sample);
  }
  if (state_.open.parts.empty() && !pending()) {
    state_.open.date = wall_of_(segment_begin_ + lead_delay_);
    starts_gop_ = false;
  }
  if (kind == lead_ && into->pending.empty() && state_.open.parts.empty()) starts_gop_ = sample.key;
  pending_bytes_ += sample.payload->size();
  into->end = end_of(sample);
  into->last_duration = sample.duration;
  into->seen = true;
  into->pending.push_back(std::move(sample));
  return true;
}

void Rendition::cut_before_lead(const Sample& next) {
  // Slow video, or a hole: the interval is over although no frame began near its end.
  while (next.dts > limit() + kSnap) close_part(limit());
  const bool key_frame = lead_ == stream::Kind::Video && next.key;
  const bool segment_due = next.dts - segment_begin_ >= settings_.profile.target_duration / 2;
  if (key_frame && (segment_due || !starts_gop_))
    close_segment_before(next.dts);
  else if (part_is_long_enough(next.dts) && end_of(next) > limit() + kSnap)
    close_part(std::min(on_grid(next.dts), limit()));
}

void Rendition::cut_before_other(const Sample& next) {
  const auto time = next.dts - lead_delay_;
  const auto lead_end = lane(lead_)->end;
  // Either the leading frame on show outlasts the part, or the leading track has stopped.
  while (time >= limit() && (lead_end > limit() + kSnap || time >= limit() + kLeadIsGone))
    close_part(limit());
}

void Rendition::close_segment_before(base::Nanos time) {
  const bool has_lead = !lane(lead_)->pending.empty();
  if (has_lead || (pending() && time > part_begin_ + kSnap))
    close_part(std::clamp(on_grid(time), std::min(part_begin_ + kMinPart, limit()), limit()));
  finish_segment();
}

void Rendition::close_part(base::Nanos end) {
  std::vector<TrackRun> runs;
  for (auto& lane : lanes_) runs.push_back({&lane.track, lane.pending, part_begin_});
  const auto* const video = lane(stream::Kind::Video);
  // A player may begin here: at a key frame, which must come first, or anywhere if there is only sound.
  const bool independent =
      lead_ == stream::Kind::Audio || (video && !video->pending.empty() && video->pending.front().key);
  Part part{end - part_begin_, independent, base::make_blob(make_fragment(++fragments_, runs))};
  auto& open = state_.open;
  open.part_lines += part_line(settings_.profile, state_.next_msn, open.parts.size(), part);
  open.parts.push_back(std::move(part));
  part_begin_ = end;
  for (auto& lane : lanes_) {
    for (const auto& sample : lane.pending)
      lane.shown_until = std::max(lane.shown_until, sample.pts + sample.duration);
    lane.pending.clear();
  }
  pending_bytes_ = 0;
  has_output_ = changed_ = true;
  // What is left would be too short for a part: the segment is full.
  const auto left = segment_begin_ + settings_.max_segment - part_begin_;
  if (left * 100 < settings_.profile.part_target * 85) finish_segment();
}

void Rendition::finish_segment() {
  auto& open = state_.open;
  if (!open.parts.empty()) {
    Segment segment;
    segment.msn = state_.next_msn++;
    segment.discontinuity = open.discontinuity;
    segment.init = open.init;
    segment.date = open.date;
    segment.duration = part_begin_ - segment_begin_;
    base::Bytes bytes;
    std::size_t size = 0;
    for (const auto& part : open.parts) size += part.blob->size();
    bytes.reserve(size);
    for (const auto& part : open.parts) bytes.insert(bytes.end(), part.blob->begin(), part.blob->end());
    segment.blob = base::make_blob(std::move(bytes));
    segment.date_line = date_line(segment.date);
    segment.part_lines = std::exchange(open.part_lines, {});
    segment.lines = segment_lines(settings_.profile, segment.msn, segment.duration);
    last_segment_ = segment.duration;
    ++closed_segments_;
    state_.segments.push_back({std::make_shared<const Segment>(std::move(segment)),
                               std::make_shared<const std::vector<Part>>(std::exchange(open.parts, {}))});
    changed_ = true;
    forget_old();
  }
  segment_begin_ = part_begin_;
  // Samples that wait for the next part are the head of the new segment.
  open.date = wall_of_(segment_begin_ + lead_delay_);
  starts_gop_ = false;
}

void Rendition::forget_old() {
  auto& entries = state_.segments;
  base::Nanos listed = state_.listed();
  while (listed - entries[state_.first_listed].segment->duration >= settings_.window) {
    listed -= entries[state_.first_listed].segment->duration;
    ++state_.first_listed;
  }
  // RFC 8216, 6.2.2: fetchable for as long again as the playlist and the segment last.
  const auto keep = settings_.window + 2 * settings_.max_segment;
  base::Nanos unlisted{0};
  for (std::size_t i = 0; i < state_.first_listed; ++i) unlisted += entries[i].segment->duration;
  while (state_.first_listed > 0 && unlisted - entries.front().segment->duration >= keep) {
    unlisted -= entries.front().segment->duration;
    entries.erase(entries.begin());
    --state_.first_listed;
  }
  // Parts are listed for three target durations and can be fetched for three more.
  base::Nanos from_end{0};
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (from_end > 6 * settings_.profile.target_duration) entry->parts.reset();
    from_end += entry->segment->duration;
  }
}

void Rendition::follow(base::Nanos duration) {
  if (!started_) return;
  const auto end = lane(lead_)->end;
  if ((end - segment_begin_) * 2 >= duration) close_segment_before(end);
}

std::size_t Rendition::end() {
  std::size_t dropped = 0;
  if (started_) {
    dropped = trim();
    if (pending()) {
      auto end = part_begin_;
      for (const auto& lane : lanes_)
        if (!lane.pending.empty())
          end = std::max(
              end, end_of(lane.pending.back()) - (lane.track.kind == lead_ ? base::Nanos{0} : lead_delay_));
      close_part(std::clamp(on_grid(end), std::min(part_begin_ + kMinPart, limit()), limit()));
    }
    finish_segment();
  }
  for (auto& lane : lanes_) lane.pending.clear();
  pending_bytes_ = 0;
  started_ = false;
  return dropped;
}

std::size_t Rendition::trim() {
  auto* const video = lane(stream::Kind::Video);
  auto* const audio = lane(stream::Kind::Audio);
  if (!video || !video->seen) return 0;
  const bool both = audio && audio->seen;
  const auto slack = both ? audio->last_duration : base::Nanos{0};
  // Frames of a cut-off group of B-frames go in any case. Then the longer track is cut to the shorter one,
  // unless that one stopped before what is published already: dropping would only lose more.
  const bool audio_is_near = both && audio->end + slack >= video->shown_until;
  auto dropped =
      overhang(video->pending, video->shown_until, audio_is_near ? audio->end + slack : base::Nanos::max());
  video->pending.resize(video->pending.size() - dropped);
  if (!both || audio->pending.empty()) return dropped;
  auto video_end = video->shown_until;
  for (const auto& sample : video->pending) video_end = std::max(video_end, sample.pts + sample.duration);
  if (video_end + slack < audio->pending.front().pts) return dropped;
  while (!audio->pending.empty() && audio->pending.back().pts >= video_end) {
    audio->pending.pop_back();
    ++dropped;
  }
  return dropped;
}

std::shared_ptr<const PlaylistView> Rendition::view(const std::optional<PlaylistView::Position>& sibling) {
  auto view = std::make_shared<PlaylistView>(state_);
  render(*view, sibling);
  changed_ = false;
  return view;
}

std::size_t overhang(const std::vector<Sample>& video, base::Nanos shown, base::Nanos until) {
  constexpr std::size_t kTries = 64;  // more frames than a part of any stream we relay
  for (std::size_t gone = 0; gone <= std::min(kTries, video.size()); ++gone) {
    std::vector<Sample> kept{video.begin(), video.end() - static_cast<std::ptrdiff_t>(gone)};
    if (kept.empty()) return gone;
    std::sort(kept.begin(), kept.end(), [](const Sample& a, const Sample& b) { return a.pts < b.pts; });
    auto at = shown > base::Nanos{0} ? shown : kept.front().pts;
    bool whole = true;
    for (const auto& sample : kept) {
      if (sample.pts > at + sample.duration / 2) whole = false;
      at = std::max(at, sample.pts + sample.duration);
    }
    if (whole && at <= until) return gone;
  }
  return 0;
}

}  // namespace hub::packager
