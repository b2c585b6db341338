#pragma once
#include "hub/base/bytes.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// A small reader of fragmented MP4 for tests, written from ISO/IEC 14496-12 and independent of the muxer.
namespace hub::test {

struct Fmp4Sample {
  std::chrono::nanoseconds dts{0}, pts{0}, duration{0};
  bool key = false;
  base::Bytes payload;
};

struct Fmp4TrackInfo {
  std::string handler;  ///< "vide", "soun"
  std::string entry;    ///< "avc1", "mp4a"
  std::uint32_t timescale = 0;
};

/// Reads one init and any number of fragments that belong to it.
class Fmp4Reader {
 public:
  void read_init(const base::Bytes& bytes);
  /// One or more moof + mdat.
  void read_media(const base::Bytes& bytes);

  [[nodiscard]] const std::map<std::uint32_t, Fmp4TrackInfo>& tracks() const { return tracks_; }
  /// Samples by handler, in the order of the files.
  [[nodiscard]] const std::vector<Fmp4Sample>& samples(const std::string& handler) const;
  /// What is wrong with the boxes, in words.
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }

 private:
  void read_moof(const base::Bytes& bytes, std::size_t begin, std::size_t end);

  std::map<std::uint32_t, Fmp4TrackInfo> tracks_;
  std::map<std::string, std::vector<Fmp4Sample>> samples_;
  std::vector<std::string> violations_;
  std::uint64_t last_sequence_ = 0;
};

/// How far the tracks of one run lie apart where it begins and where it ends, in presentation time; 0 if
/// there is only one track.
struct RunHoles {
  std::chrono::nanoseconds at_begin{0}, at_end{0};
};
[[nodiscard]] RunHoles holes_of(const Fmp4Reader& run);

/// The longest time within one track of @p run that no sample covers.
[[nodiscard]] std::chrono::nanoseconds longest_gap(const Fmp4Reader& run, const std::string& handler);

}  // namespace hub::test
