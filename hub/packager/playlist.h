#pragma once
#include "hub/base/bytes.h"
#include "hub/base/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What one media playlist lists, and its text. All durations are whole multiples of kTick, so that the parts
/// of a segment add up to it exactly in print.
namespace hub::packager {

inline constexpr base::Nanos kTick = std::chrono::microseconds{10};

/// The initialization section of one run.
struct Init {
  std::uint64_t discontinuity = 0;
  base::Blob blob;
};

struct Part {
  base::Nanos duration{0};
  bool independent = false;
  base::Blob blob;
};

/// A closed segment.
struct Segment {
  std::uint64_t msn = 0;
  std::uint64_t discontinuity = 0;
  std::shared_ptr<const Init> init;
  base::Wall date{};
  base::Nanos duration{0};
  base::Blob blob;
  /// Text that never changes, rendered once.
  std::string date_line;   ///< EXT-X-PROGRAM-DATE-TIME
  std::string part_lines;  ///< EXT-X-PART of all parts
  std::string lines;       ///< EXTINF and URI
};

/// Names of one playlist and of its files, and what never changes in it.
struct PlaylistProfile {
  std::string name;      ///< "main"
  std::string start_id;  ///< in every URI
  std::string
      sibling;  ///< the other playlist of the channel for EXT-X-RENDITION-REPORT; empty: there is none
  base::Nanos part_target{0};
  std::chrono::seconds target_duration{4};
};
[[nodiscard]] std::string segment_uri(const PlaylistProfile& profile, std::uint64_t msn);
[[nodiscard]] std::string part_uri(const PlaylistProfile& profile, std::uint64_t msn, std::size_t part);
[[nodiscard]] std::string init_uri(const PlaylistProfile& profile, std::uint64_t discontinuity);

/// EXT-X-PART line of one part.
[[nodiscard]] std::string part_line(const PlaylistProfile& profile, std::uint64_t msn, std::size_t index,
                                    const Part& part);
/// EXT-X-PROGRAM-DATE-TIME line.
[[nodiscard]] std::string date_line(base::Wall date);
/// EXTINF and URI of one segment.
[[nodiscard]] std::string segment_lines(const PlaylistProfile& profile, std::uint64_t msn,
                                        base::Nanos duration);

/// The segment that grows now: its parts so far. Without parts it is not shown.
struct OpenSegment {
  std::uint64_t discontinuity = 0;
  std::shared_ptr<const Init> init;
  base::Wall date{};
  std::vector<Part> parts;
  std::string part_lines;
};

/// One media playlist at one moment, with the files that can be fetched. Immutable once made.
struct PlaylistView {
  struct Entry {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const std::vector<Part>> parts;  ///< null: too old to be fetched in parts
  };
  PlaylistProfile profile;
  std::vector<Entry> segments;   ///< oldest first, numbers without gaps
  std::size_t first_listed = 0;  ///< those before it left the playlist and can still be fetched
  std::uint64_t next_msn = 0;    ///< number of `open`
  OpenSegment open;
  base::Blob full, delta;  ///< texts; delta equals full where nothing can be skipped

  [[nodiscard]] base::Nanos listed() const;  ///< duration of all that is listed
  [[nodiscard]] std::size_t listed_segments() const { return segments.size() - first_listed; }
  [[nodiscard]] bool empty() const { return listed_segments() == 0 && open.parts.empty(); }
  /// The newest part that is listed; nothing if there is none.
  struct Position {
    std::uint64_t msn = 0;
    std::size_t part = 0;
  };
  [[nodiscard]] std::optional<Position> last_part() const;
};

/// Sets the texts of @p view. @param sibling  where the other playlist stands, for its rendition report.
/// Source: draft-pantos-hls-rfc8216bis, 4.4; appendix B.1 (low-latency profile).
void render(PlaylistView& view, const std::optional<PlaylistView::Position>& sibling);

/// Seconds with five digits, as in EXTINF. @param value  a multiple of kTick.
[[nodiscard]] std::string to_seconds(base::Nanos value);

}  // namespace hub::packager
