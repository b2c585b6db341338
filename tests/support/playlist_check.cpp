#include "tests/support/playlist_check.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <functional>
#include <set>

#include <fmt/format.h>

namespace hub::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Violations = std::vector<std::string>;

bool eat(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Decimal seconds, exactly.
std::optional<nanoseconds> seconds(std::string_view text) {
  const auto point = text.find('.');
  const auto units = whole(text.substr(0, point));
  if (!units || *units > 1'000'000'000) return std::nullopt;
  nanoseconds value = std::chrono::seconds{static_cast<std::int64_t>(*units)};
  if (point == std::string_view::npos) return value;
  std::string digits{text.substr(point + 1)};
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  digits.resize(9, '0');
  const auto fraction = whole(digits);
  if (!fraction) return std::nullopt;
  return value + nanoseconds{static_cast<std::int64_t>(*fraction)};
}

std::optional<milliseconds> date(const std::string& text) {
  std::tm tm{};
  int ms = 0;
  char zone = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
                  &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms, &zone) != 8 ||
      zone != 'Z' || text.size() != 24)
    return std::nullopt;
  tm.tm_year -= 1900;
  --tm.tm_mon;
  return milliseconds{timegm(&tm) * 1000 + ms};
}

std::map<std::string, std::string> attributes(std::string_view text, Violations& violations) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
      violations.push_back(fmt::format("attribute without a value: {}", text));
      break;
    }
    const std::string name{text.substr(0, equals)};
    text.remove_prefix(equals + 1);
    std::string value;
    if (eat(text, "\"")) {
      const auto end = text.find('"');
      if (end == std::string_view::npos) {
        violations.push_back(fmt::format("open quote in attribute {}", name));
        break;
      }
      value = text.substr(0, end);
      text.remove_prefix(end + 1);
    } else {
      value = text.substr(0, text.find(','));
      text.remove_prefix(value.size());
    }
    if (!out.emplace(name, value).second) violations.push_back(fmt::format("attribute {} twice", name));
    if (!text.empty() && !eat(text, ",")) {
      violations.push_back(fmt::format("no comma after attribute {}", name));
      break;
    }
  }
  return out;
}

std::string print(nanoseconds value) {
  return fmt::format("{:.5f}", std::chrono::duration<double>(value).count());
}

class Parser {
 public:
  Parser(Violations& violations, const ListedSegment* before) : violations_{violations}, before_{before} {}

  MediaPlaylist parse(std::string_view text) {
    if (text.empty() || text.back() != '\n') violation("the text does not end with a line end");
    bool first = true;
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      if (first && line != "#EXTM3U") violation("the first line is not #EXTM3U");
      if (!first) one(line);
      first = false;
    }
    if (!segment_.parts.empty()) {
      place();
      for (const auto& part : segment_.parts) segment_.duration += part.duration;
      out_.open = segment_;
    } else if (dirty_) {
      violation("tags of a segment without parts or URI at the end");
    }
    return std::move(out_);
  }

 private:
  void violation(std::string what) { violations_.push_back(std::move(what)); }
  template <class T>
  T must(const std::optional<T>& value, std::string_view line) {
    if (!value) violation(fmt::format("a value that cannot be read: {}", line));
    return value.value_or(T{});
  }

  void one(std::string_view line) {
    if (line.empty()) return violation("an empty line");
    if (line.front() != '#') return uri(line);
    auto rest = line;
    if (eat(rest, "#EXT-X-VERSION:")) {
      out_.version = static_cast<int>(must(whole(rest), line));
    } else if (eat(rest, "#EXT-X-TARGETDURATION:")) {
      out_.target_duration = std::chrono::seconds{static_cast<std::int64_t>(must(whole(rest), line))};
    } else if (eat(rest, "#EXT-X-SERVER-CONTROL:")) {
      auto control = attributes(rest, violations_);
      out_.can_block_reload = control["CAN-BLOCK-RELOAD"] == "YES";
      out_.part_hold_back = must(seconds(control["PART-HOLD-BACK"]), line);
      out_.can_skip_until = must(seconds(control["CAN-SKIP-UNTIL"]), line);
    } else if (eat(rest, "#EXT-X-PART-INF:")) {
      out_.part_target = must(seconds(attributes(rest, violations_)["PART-TARGET"]), line);
    } else if (eat(rest, "#EXT-X-MEDIA-SEQUENCE:")) {
      out_.media_sequence = must(whole(rest), line);
    } else if (eat(rest, "#EXT-X-DISCONTINUITY-SEQUENCE:")) {
      out_.discontinuity_sequence = must(whole(rest), line);
    } else if (eat(rest, "#EXT-X-SKIP:")) {
      if (placed_ || dirty_) violation("EXT-X-SKIP after a segment");
      out_.skipped = must(whole(attributes(rest, violations_)["SKIPPED-SEGMENTS"]), line);
    } else if (line == "#EXT-X-DISCONTINUITY") {
      dirty_ = map_due_ = true;
      ++discontinuities_;
    } else if (eat(rest, "#EXT-X-MAP:")) {
      dirty_ = true;
      map_due_ = false;
      map_ = attributes(rest, violations_)["URI"];
    } else if (eat(rest, "#EXT-X-PROGRAM-DATE-TIME:")) {
      dirty_ = true;
      segment_.date = must(date(std::string{rest}), line);
    } else if (eat(rest, "#EXT-X-PART:")) {
      auto part = attributes(rest, violations_);
      if (part["URI"].empty()) violation(fmt::format("part without URI: {}", line));
      segment_.parts.push_back(
          {part["URI"], must(seconds(part["DURATION"]), line), part["INDEPENDENT"] == "YES"});
    } else if (eat(rest, "#EXTINF:")) {
      segment_.duration = must(seconds(rest.substr(0, rest.find(','))), line);
      extinf_ = true;
    } else if (eat(rest, "#EXT-X-PRELOAD-HINT:")) {
      auto hint = attributes(rest, violations_);
      if (hint["TYPE"] != "PART" || hint["URI"].empty() || !out_.hint.empty())
        violation(fmt::format("not one hint of a part: {}", line));
      out_.hint = hint["URI"];
    } else if (eat(rest, "#EXT-X-RENDITION-REPORT:")) {
      auto report = attributes(rest, violations_);
      out_.reports.push_back(
          {report["URI"], must(whole(report["LAST-MSN"]), line), must(whole(report["LAST-PART"]), line)});
    } else {
      violation(fmt::format("a tag that we do not write: {}", line));
    }
  }

  /// Numbers the segment that was just read.
  void place() {
    if (map_due_) violation("EXT-X-DISCONTINUITY without a new EXT-X-MAP");
    if (!placed_ && before_) {
      discontinuity_ = before_->discontinuity;
      if (map_.empty()) map_ = before_->map;
    } else if (!placed_) {
      discontinuity_ = out_.discontinuity_sequence;
    }
    placed_ = true;
    discontinuity_ += discontinuities_;
    discontinuities_ = 0;
    segment_.msn = out_.media_sequence + out_.skipped + out_.segments.size();
    segment_.discontinuity = discontinuity_;
    segment_.map = map_;
    if (segment_.map.empty()) violation("a segment without EXT-X-MAP");
    if (!segment_.date) violation(fmt::format("segment {} has no date", segment_.msn));
  }

  void uri(std::string_view line) {
    if (!extinf_) violation(fmt::format("URI without EXTINF: {}", line));
    segment_.uri = line;
    place();
    out_.segments.push_back(segment_);
    segment_ = {};
    dirty_ = extinf_ = false;
  }

  Violations& violations_;
  const ListedSegment* before_;
  MediaPlaylist out_;
  ListedSegment segment_;
  std::string map_;
  std::uint64_t discontinuity_ = 0, discontinuities_ = 0;
  bool placed_ = false, dirty_ = false, map_due_ = false, extinf_ = false;
};

/// All segments, the open one last.
std::vector<const ListedSegment*> all(const MediaPlaylist& playlist) {
  std::vector<const ListedSegment*> out;
  for (const auto& segment : playlist.segments) out.push_back(&segment);
  if (playlist.open) out.push_back(&*playlist.open);
  return out;
}

}  // namespace

nanoseconds MediaPlaylist::duration() const {
  nanoseconds sum{0};
  for (const auto* segment : all(*this)) sum += segment->duration;
  return sum;
}

std::vector<ListedPart> MediaPlaylist::parts() const {
  std::vector<ListedPart> out;
  for (const auto* segment : all(*this)) out.insert(out.end(), segment->parts.begin(), segment->parts.end());
  return out;
}

MediaPlaylist parse_media_playlist(std::string_view text, std::vector<std::string>& violations,
                                   const ListedSegment* before) {
  return Parser{violations, before}.parse(text);
}

void PlaylistCheck::reload(std::string_view text) {
  const auto now = parse_media_playlist(text, violations_);
  if (now.skipped != 0) violation("EXT-X-SKIP in a playlist that was not asked for a delta");
  check_header(now);
  check_parts(now);
  check_segments(now);
  if (reloads_ > 0) {
    check_hint(now);
    check_history(now);
  }
  for (const auto& segment : now.segments) known_segments_.insert_or_assign(segment.uri, segment);
  for (const auto& part : now.parts()) known_parts_.insert_or_assign(part.uri, part);
  for (const auto* segment : all(now))
    if (segment->date) known_dates_.insert_or_assign(segment->msn, *segment->date);
  newest_ = now;
  ++reloads_;
}

void PlaylistCheck::check_header(const MediaPlaylist& now) {
  if (now.version < 9) violation(fmt::format("version {} is too low for EXT-X-SKIP", now.version));
  if (now.target_duration.count() <= 0 || now.part_target.count() <= 0)
    violation("no target duration or part target");
  if (!now.can_block_reload) violation("CAN-BLOCK-RELOAD is not YES");
  if (now.part_hold_back < 3 * now.part_target) violation("PART-HOLD-BACK is below three part targets");
  if (now.can_skip_until < 6 * now.target_duration) violation("CAN-SKIP-UNTIL is below six target durations");
  if (now.hint.empty()) violation("no preload hint");
  // At the very start the other rendition may have nothing to report.
  if (rules_.report_expected && now.reports.empty() && now.duration() >= std::chrono::seconds{6})
    violation("no rendition report");
  const auto last = now.media_sequence + now.segments.size();
  for (const auto& report : now.reports)
    if (report.uri.empty() || report.last_msn + 2 < last || report.last_msn > last + 2)
      violation(fmt::format("rendition report at {} while this playlist is at {}", report.last_msn, last));
}

void PlaylistCheck::check_parts(const MediaPlaylist& now) {
  auto from_end = now.duration();
  for (const auto* segment : all(now)) {
    if (!segment->parts.empty() && from_end > 3 * now.target_duration)
      violation(
          fmt::format("segment {} is listed in parts {} s from the end", segment->msn, print(from_end)));
    from_end -= segment->duration;
    nanoseconds sum{0};
    for (std::size_t i = 0; i < segment->parts.size(); ++i) {
      const auto& part = segment->parts[i];
      sum += part.duration;
      if (part.duration.count() <= 0) violation(fmt::format("{} has no duration", part.uri));
      if (part.duration > now.part_target)
        violation(fmt::format("{} is longer than the part target: {}", part.uri, print(part.duration)));
      // Whether a part is the last of its segment is known once the segment is closed or another part
      // follows.
      const bool last = i + 1 == segment->parts.size();
      if (!last && !part.independent && part.duration * 100 < now.part_target * 85)
        violation(fmt::format("{} is shorter than 85 % of the target: {}", part.uri, print(part.duration)));
    }
    if (!segment->parts.empty() && sum != segment->duration)
      violation(fmt::format("segment {} is {} long, its parts {}", segment->msn, print(segment->duration),
                            print(sum)));
  }
}

void PlaylistCheck::check_segments(const MediaPlaylist& now) {
  std::set<std::string> uris{now.hint};
  const auto once = [&](const std::string& uri) {
    if (!uri.empty() && !uris.insert(uri).second) violation(fmt::format("{} is named twice", uri));
  };
  for (const auto& part : now.parts()) once(part.uri);
  const ListedSegment* before = nullptr;
  for (const auto* segment : all(now)) {
    once(segment->uri);
    const auto rounded = std::chrono::round<std::chrono::seconds>(segment->duration);
    if (segment->duration.count() <= 0 || rounded > now.target_duration)
      violation(fmt::format("segment {} lasts {}", segment->msn, print(segment->duration)));
    if (before) {
      const bool same_run = before->discontinuity == segment->discontinuity;
      if (same_run != (before->map == segment->map))
        violation(fmt::format("segment {}: EXT-X-MAP does not change with the run", segment->msn));
      if (segment->date && before->date) {
        const auto off = *segment->date - *before->date - before->duration;
        if (same_run && std::chrono::abs(off) > rules_.date_tolerance)
          violation(fmt::format("the date of segment {} is off by {} s", segment->msn, print(off)));
        if (*segment->date <= *before->date)
          violation(fmt::format("the date of segment {} goes back", segment->msn));
      }
    }
    before = segment;
  }
}

void PlaylistCheck::check_hint(const MediaPlaylist& now) {
  const auto parts = now.parts();
  const auto fresh = std::find_if(parts.begin(), parts.end(),
                                  [&](const ListedPart& part) { return !known_parts_.contains(part.uri); });
  if (fresh == parts.end() && now.hint == newest_.hint) return;
  const bool came = std::any_of(parts.begin(), parts.end(),
                                [&](const ListedPart& part) { return part.uri == newest_.hint; });
  if (came) {
    if (fresh != parts.end() && fresh->uri != newest_.hint)
      violation(fmt::format("{} came before {}, which was hinted", fresh->uri, newest_.hint));
    return;
  }
  const auto open_msn = newest_.media_sequence + newest_.segments.size();
  const bool closed = now.media_sequence + now.segments.size() > open_msn;
  if (!closed) violation(fmt::format("{} was hinted and did not come", newest_.hint));
  ++wasted_hints_;
}

void PlaylistCheck::check_history(const MediaPlaylist& now) {
  if (now.target_duration != newest_.target_duration || now.part_target != newest_.part_target)
    violation("target duration or part target changed");
  if (now.media_sequence < newest_.media_sequence) violation("the media sequence goes back");
  if (now.discontinuity_sequence < newest_.discontinuity_sequence)
    violation("the discontinuity sequence goes back");
  if (now.media_sequence + now.segments.size() < newest_.media_sequence + newest_.segments.size())
    violation("segments went from the end");
  if (now.media_sequence > newest_.media_sequence && now.duration() < 3 * now.target_duration)
    violation("segments were removed from a playlist that is too short for it");
  for (const auto& segment : now.segments) {
    const auto known = known_segments_.find(segment.uri);
    if (known == known_segments_.end()) continue;
    const auto& old = known->second;
    if (old.msn != segment.msn || old.discontinuity != segment.discontinuity ||
        old.duration != segment.duration || old.map != segment.map)
      violation(fmt::format("{} is not what it was before", segment.uri));
  }
  for (const auto* segment : all(now)) {
    const auto known = known_dates_.find(segment->msn);
    if (known != known_dates_.end() && segment->date != known->second)
      violation(fmt::format("the date of segment {} changed", segment->msn));
  }
  for (const auto& part : now.parts()) {
    const auto known = known_parts_.find(part.uri);
    if (known != known_parts_.end() && !(known->second == part))
      violation(fmt::format("{} is not what it was before", part.uri));
  }
}

void PlaylistCheck::delta(std::string_view text, std::string_view known) {
  Violations ignored;
  const auto old = parse_media_playlist(known, ignored);
  // The header says which of the old segments stay.
  const auto header = parse_media_playlist(text, ignored);
  std::vector<ListedSegment> merged;
  for (const auto& segment : old.segments)
    if (segment.msn >= header.media_sequence && segment.msn < header.media_sequence + header.skipped)
      merged.push_back(segment);
  if (merged.size() != header.skipped)
    return violation("the delta leaves out segments that the client does not know");
  const auto now = parse_media_playlist(text, violations_, merged.empty() ? nullptr : &merged.back());
  auto from_end = newest_.duration();
  for (const auto& segment : merged) {
    from_end -= segment.duration;
    if (from_end < now.can_skip_until)
      violation(
          fmt::format("the delta leaves out segment {}, {} s from the end", segment.msn, print(from_end)));
  }
  merged.insert(merged.end(), now.segments.begin(), now.segments.end());
  bool same = merged.size() == newest_.segments.size() && now.media_sequence == newest_.media_sequence &&
              now.discontinuity_sequence == newest_.discontinuity_sequence && now.hint == newest_.hint &&
              now.open.has_value() == newest_.open.has_value();
  const auto equal = [](const ListedSegment& a, const ListedSegment& b) {
    return a.uri == b.uri && a.msn == b.msn && a.discontinuity == b.discontinuity &&
           a.duration == b.duration && a.map == b.map && a.date == b.date;
  };
  for (std::size_t i = 0; same && i < merged.size(); ++i) same = equal(merged[i], newest_.segments[i]);
  if (same && now.open) same = equal(*now.open, *newest_.open) && now.open->parts == newest_.open->parts;
  if (!same) violation("the delta does not merge to the full playlist");
}

std::vector<std::string> check_master(std::string_view text) {
  Violations out;
  if (!eat(text, "#EXTM3U\n")) out.emplace_back("the first line is not #EXTM3U");
  bool stream = false, sound_only_before = false;
  std::size_t variants = 0;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    auto rest = line;
    if (eat(rest, "#EXT-X-STREAM-INF:")) {
      stream = true;
      auto variant = attributes(rest, out);
      const auto bandwidth = whole(variant["BANDWIDTH"]);
      if (!bandwidth || *bandwidth == 0) out.push_back(fmt::format("no bandwidth: {}", line));
      const auto& codecs = variant["CODECS"];
      const bool video = codecs.find("avc1.") != std::string::npos;
      const bool audio = codecs.find("mp4a.40.") != std::string::npos;
      if (!video && !audio) out.push_back(fmt::format("no codecs: {}", line));
      if (video && variant["RESOLUTION"].empty()) out.push_back(fmt::format("no resolution: {}", line));
      if (video && sound_only_before) out.emplace_back("the variant with sound alone is not last");
      sound_only_before = sound_only_before || !video;
    } else if (!line.empty() && line.front() != '#') {
      if (!stream) out.push_back(fmt::format("URI without EXT-X-STREAM-INF: {}", line));
      stream = false;
      ++variants;
    } else if (!eat(rest, "#EXT-X-VERSION:")) {
      out.push_back(fmt::format("a tag that we do not write: {}", line));
    }
  }
  if (stream || variants == 0) out.emplace_back("a variant without URI, or none");
  return out;
}

}  // namespace hub::test
