#pragma once
#include "hub/recordings/download.h"
#include "hub/recordings/hls_playlist.h"
#include "hub/recordings/job.h"
#include "hub/recordings/library.h"
#include "hub/recordings/media_type.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hub::recordings {

/// Turns one job into a recording. Blocks; what is there is kept whatever happens, and another Fetcher goes
/// on from it.
///
///   job ─► look at the first bytes ─┬─ one file ─► Range, If-Range ───────────────┬─► about, rename ─►
///   recording
///                                   └─ HLS ─► variant ─► segment by segment ─► remux ┘
///
/// @context one thread, but for stop() and the progress
class Fetcher {
 public:
  /// @param keep  of Settings. All references outlive this.
  Fetcher(const Library& library, const Surroundings& around, Budget& budget, std::uint32_t kbps,
          std::chrono::days keep, const base::Clock& clock);

  /// The size as the server says it, or bit rate times duration for HLS; nothing if it does not say. Fetches
  /// no media.
  struct Size {
    std::optional<std::uint64_t> bytes;
    bool estimate = false;
    std::optional<double> duration_s;
  };
  [[nodiscard]] Outcome<Size> ask_size(const Job& job);
  /// Fetches what is missing. On success the job is gone and the recording there. @p job is kept up to date,
  /// and saved as often as it takes to lose nothing.
  /// @return Trouble of code Ended if stop() was called.
  [[nodiscard]] Outcome<base::Done> fetch(Job& job);
  /// TooLarge if the disk, or Busy if the month's budget, has no place for @p bytes more; nothing: some.
  [[nodiscard]] std::optional<Trouble> check_room(std::optional<std::uint64_t> bytes);
  void stop() { download_.stop(); }  ///< @context thread-safe

 private:
  struct File;
  using Path = std::filesystem::path;
  [[nodiscard]] Path part(const Job& job, const std::string& name) const;
  // fetcher.cpp: one file
  [[nodiscard]] Outcome<base::Done> fetch_file(Job& job);
  struct PlaylistText {
    std::string text, url;
  };
  /// One request. Nothing: the file is whole. A text: the address turned out to be a playlist's.
  [[nodiscard]] Outcome<std::optional<PlaylistText>> attempt_file(Job& job, File& file);
  [[nodiscard]] std::optional<Trouble> receive(Job& job, File& file, Download::Open& open, std::string first);
  [[nodiscard]] Outcome<base::Done> finish(Job& job, const Path& file, const std::string& extension);
  // hls_fetch.cpp
  [[nodiscard]] Outcome<base::Done> fetch_hls(Job& job, const std::string& text, const std::string& url);
  struct Presentation {
    std::vector<MediaPlaylist> tracks;
    std::uint64_t bps = 0;
    double duration_s = 0;
    std::string identity;
  };
  [[nodiscard]] Outcome<Presentation> presentation(const Job& job, const std::string& text,
                                                   const std::string& url);
  [[nodiscard]] Outcome<base::Done> fetch_track(Job& job, std::size_t index, const Presentation& all);
  [[nodiscard]] Outcome<std::string> fetch_segment(const Segment& segment);
  [[nodiscard]] Outcome<base::Done> join(Job& job, const Presentation& all);

  const Library& library_;
  const Surroundings& around_;
  Budget& budget_;
  const std::chrono::days keep_;
  const base::Clock& clock_;
  Download download_;
};

}  // namespace hub::recordings
