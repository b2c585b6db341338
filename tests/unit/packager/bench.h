#pragma once
#include "hub/packager/packager.h"
#include "tests/support/fmp4_reader.h"
#include "tests/support/playlist_check.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hub::test {

inline const base::Bytes kAvcConfig{1, 0x64, 0, 0x1f, 0xff, 0xe1, 0,    4,    0x67, 0x64,
                                    0, 0x1f, 1, 0,    4,    0x68, 0xee, 0x3c, 0x80};
inline const base::Bytes kAacConfig{0x11, 0x90};  // AAC-LC, 48 kHz, stereo

[[nodiscard]] stream::Track video_track();
[[nodiscard]] stream::Track audio_track();

/// Makes the units of a source, in order of decode time.
struct Source {
  base::Nanos frame = std::chrono::milliseconds{40};
  int gop = 50;
  int b_frames = 0;
  base::Nanos sound{21'333'333};
  bool video = true, audio = true;
  base::Nanos audio_delay{0};  ///< sound begins this much later

  /// All units with a decode time in [from, from + length) of the channel; presentation begins at @p from.
  [[nodiscard]] std::vector<stream::Unit> units(base::Nanos from, base::Nanos length) const;
};

/// A packager whose output is checked after each unit, as a player and a strict critic would.
class PackagerBench : packager::Packager::Listener {
 public:
  explicit PackagerBench(packager::Packager::Settings settings);

  void begin(const Source& source);
  void begin(std::vector<stream::Track> tracks);
  void push(const stream::Unit& unit);
  void push(const std::vector<stream::Unit>& units);
  void end();

  [[nodiscard]] packager::HlsAnswer get(const std::string& file, packager::HlsQuery query = {}) const;
  [[nodiscard]] std::string text(const std::string& file, packager::HlsQuery query = {}) const;
  /// Everything that is wrong so far, in words.
  [[nodiscard]] std::vector<std::string> violations() const;

  struct Output {
    PlaylistCheck check;
    std::map<std::uint64_t, Fmp4Reader> runs;  ///< by discontinuity number
    std::vector<std::string> texts;
    std::set<std::string> fetched;
    std::vector<std::string> violations;
  };
  Output main, audio;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> marks;
  base::Wall start{std::chrono::seconds{1'800'000'000}};
  std::size_t publishes = 0;
  const packager::Packager& packager() const { return packager_; }

 private:
  void on_mark(std::uint64_t msn, std::uint64_t discontinuity) override;
  void look();
  void look(const char* file, Output& output);

  packager::Packager::Settings settings_;
  std::shared_ptr<packager::HlsPublication> publication_ = std::make_shared<packager::HlsPublication>();
  packager::Packager packager_;
  std::shared_ptr<const packager::HlsSnapshot> seen_;
};

[[nodiscard]] packager::Packager::Settings bench_settings();

}  // namespace hub::test
