#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A strict reader of low-latency media playlists: asserts what draft-pantos-hls-rfc8216bis demands and what
/// this project promises on top of it. For unit tests and for tests against a running hub.
namespace hub::test {

struct ListedPart {
  std::string uri;
  std::chrono::nanoseconds duration{0};
  bool independent = false;
  friend bool operator==(const ListedPart&, const ListedPart&) = default;
};

struct ListedSegment {
  std::string uri;  ///< empty while it is open
  std::uint64_t msn = 0, discontinuity = 0;
  std::chrono::nanoseconds duration{0};  ///< of an open segment: of its parts
  std::string map;
  std::optional<std::chrono::milliseconds> date;  ///< Unix time
  std::vector<ListedPart> parts;
};

struct RenditionReport {
  std::string uri;
  std::uint64_t last_msn = 0, last_part = 0;
};

struct MediaPlaylist {
  int version = 0;
  std::chrono::seconds target_duration{0};
  std::chrono::nanoseconds part_target{0}, part_hold_back{0}, can_skip_until{0};
  bool can_block_reload = false;
  std::uint64_t media_sequence = 0, discontinuity_sequence = 0;
  std::uint64_t skipped = 0;
  std::vector<ListedSegment> segments;  ///< closed ones that the text names
  std::optional<ListedSegment> open;
  std::string hint;
  std::vector<RenditionReport> reports;

  [[nodiscard]] std::chrono::nanoseconds duration() const;
  [[nodiscard]] std::vector<ListedPart> parts() const;
};

/// Reads one media playlist; what breaks a rule of syntax is added to @p violations. @param before  the last
/// segment that a delta playlist leaves out.
[[nodiscard]] MediaPlaylist parse_media_playlist(std::string_view text, std::vector<std::string>& violations,
                                                 const ListedSegment* before = nullptr);

/// Follows one media playlist through its reloads.
class PlaylistCheck {
 public:
  struct Rules {
    /// PROGRAM-DATE-TIME of a segment against the one before it plus its duration, within one run.
    std::chrono::milliseconds date_tolerance{20};
    bool report_expected = true;  ///< there is another rendition
  };
  PlaylistCheck() : PlaylistCheck{Rules{}} {}
  explicit PlaylistCheck(Rules rules) : rules_{rules} {}

  /// The next reload: a full playlist. All rules within it and against earlier ones.
  void reload(std::string_view text);
  /// A delta playlist that was made at the same moment as the newest reload. A client that knows
  /// @p known (any earlier full text) must come to exactly the newest one with it.
  void delta(std::string_view text, std::string_view known);

  [[nodiscard]] const MediaPlaylist& newest() const { return newest_; }
  /// Hints that never came true, since the segment closed there.
  [[nodiscard]] std::size_t wasted_hints() const { return wasted_hints_; }
  /// In words; empty if all is well.
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }

 private:
  void check_header(const MediaPlaylist& now);
  void check_parts(const MediaPlaylist& now);
  void check_segments(const MediaPlaylist& now);
  void check_hint(const MediaPlaylist& now);
  void check_history(const MediaPlaylist& now);
  void violation(std::string text) { violations_.push_back(std::move(text)); }

  Rules rules_;
  MediaPlaylist newest_;
  std::size_t reloads_ = 0;
  std::size_t wasted_hints_ = 0;
  std::map<std::string, ListedSegment> known_segments_;
  std::map<std::string, ListedPart> known_parts_;
  std::map<std::uint64_t, std::chrono::milliseconds> known_dates_;  // by media sequence number
  std::vector<std::string> violations_;
};

/// What is wrong with a master playlist: CODECS, BANDWIDTH, RESOLUTION with video, no video after sound
/// alone.
[[nodiscard]] std::vector<std::string> check_master(std::string_view text);

}  // namespace hub::test
