#include "hub/packager/playlist.h"

#include <iterator>

#include <fmt/format.h>

namespace hub::packager {
namespace {

constexpr int kListPartsTargets = 3;  // EXT-X-PART is listed within three target durations of the end
constexpr int kSkipTargets = 6;       // CAN-SKIP-UNTIL, the least that is allowed
constexpr int kHoldBackParts = 3;     // PART-HOLD-BACK

base::Blob to_blob(std::string_view text) {
  return base::make_blob({text.begin(), text.end()});
}

class Text {
 public:
  explicit Text(const PlaylistView& view) : view_{view}, profile_{view.profile} {}

  std::string render(std::size_t skipped, const std::optional<PlaylistView::Position>& sibling) {
    header();
    if (skipped > 0) line("#EXT-X-SKIP:SKIPPED-SEGMENTS={}", skipped);
    base::Nanos from_end = view_.listed();
    for (std::size_t i = view_.first_listed; i < view_.segments.size(); ++i) {
      const auto& segment = *view_.segments[i].segment;
      // The start is what counts: a segment that straddles the limit is listed without its parts.
      const bool with_parts = from_end <= kListPartsTargets * profile_.target_duration;
      from_end -= segment.duration;
      const bool first = i == view_.first_listed;
      const auto* before = first ? nullptr : view_.segments[i - 1].segment.get();
      if (i - view_.first_listed < skipped) continue;
      splice(before ? std::optional{before->discontinuity} : std::nullopt, segment.discontinuity);
      out_ += segment.date_line;
      if (with_parts) out_ += segment.part_lines;
      out_ += segment.lines;
    }
    open_segment();
    if (sibling)
      line(R"(#EXT-X-RENDITION-REPORT:URI="{}.m3u8",LAST-MSN={},LAST-PART={})", profile_.sibling,
           sibling->msn, sibling->part);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  void header() {
    const auto& first = view_.first_listed < view_.segments.size()
                            ? view_.segments[view_.first_listed].segment->discontinuity
                            : view_.open.discontinuity;
    const base::Nanos skip = kSkipTargets * profile_.target_duration;
    line("#EXTM3U");
    line("#EXT-X-VERSION:9");  // for EXT-X-SKIP
    line("#EXT-X-TARGETDURATION:{}", profile_.target_duration.count());
    line("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={},CAN-SKIP-UNTIL={}",
         to_seconds(kHoldBackParts * profile_.part_target), to_seconds(skip));
    line("#EXT-X-PART-INF:PART-TARGET={}", to_seconds(profile_.part_target));
    line("#EXT-X-MEDIA-SEQUENCE:{}", view_.next_msn - view_.listed_segments());
    line("#EXT-X-DISCONTINUITY-SEQUENCE:{}", first);
  }

  /// Before the first segment of a run. A run without output in this playlist counts, so that the numbers of
  /// all playlists of a channel stay equal: then there are several tags.
  void splice(std::optional<std::uint64_t> before, std::uint64_t now) {
    if (before == now) return;
    for (auto i = before.value_or(now); i < now; ++i) line("#EXT-X-DISCONTINUITY");
    line(R"(#EXT-X-MAP:URI="{}")", init_uri(profile_, now));
  }

  void open_segment() {
    const auto& open = view_.open;
    if (!open.parts.empty()) {
      splice(view_.listed_segments() > 0 ? std::optional{view_.segments.back().segment->discontinuity}
                                         : std::nullopt,
             open.discontinuity);
      out_ += date_line(open.date);
      out_ += open.part_lines;
    }
    line(R"(#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{}")", part_uri(profile_, view_.next_msn, open.parts.size()));
  }

  const PlaylistView& view_;
  const PlaylistProfile& profile_;
  std::string out_;
};

/// How many of the oldest listed segments end before the skip boundary.
std::size_t skippable(const PlaylistView& view) {
  base::Nanos from_end = view.listed();
  std::size_t count = 0;
  for (std::size_t i = view.first_listed; i < view.segments.size(); ++i, ++count) {
    from_end -= view.segments[i].segment->duration;
    if (from_end < kSkipTargets * view.profile.target_duration) break;
  }
  return count;
}

}  // namespace

std::string to_seconds(base::Nanos value) {
  const auto ticks = value / kTick;
  return fmt::format("{}.{:05}", ticks / 100'000, ticks % 100'000);
}

std::string segment_uri(const PlaylistProfile& profile, std::uint64_t msn) {
  return fmt::format("{}-{}-{}.m4s", profile.name, profile.start_id, msn);
}

std::string part_uri(const PlaylistProfile& profile, std::uint64_t msn, std::size_t part) {
  return fmt::format("{}-{}-{}.{}.m4s", profile.name, profile.start_id, msn, part);
}

std::string init_uri(const PlaylistProfile& profile, std::uint64_t discontinuity) {
  return fmt::format("{}-{}-init{}.mp4", profile.name, profile.start_id, discontinuity);
}

std::string part_line(const PlaylistProfile& profile, std::uint64_t msn, std::size_t index,
                      const Part& part) {
  return fmt::format("#EXT-X-PART:DURATION={},URI=\"{}\"{}\n", to_seconds(part.duration),
                     part_uri(profile, msn, index), part.independent ? ",INDEPENDENT=YES" : "");
}

std::string date_line(base::Wall date) {
  return fmt::format("#EXT-X-PROGRAM-DATE-TIME:{}\n", base::to_rfc3339(date));
}

std::string segment_lines(const PlaylistProfile& profile, std::uint64_t msn, base::Nanos duration) {
  return fmt::format("#EXTINF:{},\n{}\n", to_seconds(duration), segment_uri(profile, msn));
}

base::Nanos PlaylistView::listed() const {
  base::Nanos sum{0};
  for (std::size_t i = first_listed; i < segments.size(); ++i) sum += segments[i].segment->duration;
  for (const auto& part : open.parts) sum += part.duration;
  return sum;
}

std::optional<PlaylistView::Position> PlaylistView::last_part() const {
  if (!open.parts.empty()) return Position{next_msn, open.parts.size() - 1};
  if (listed_segments() == 0) return std::nullopt;
  // The newest segment is never too old for parts.
  return Position{segments.back().segment->msn, segments.back().parts->size() - 1};
}

void render(PlaylistView& view, const std::optional<PlaylistView::Position>& sibling) {
  view.full = to_blob(Text{view}.render(0, sibling));
  const auto skipped = skippable(view);
  view.delta = skipped == 0 ? view.full : to_blob(Text{view}.render(skipped, sibling));
}

}  // namespace hub::packager
