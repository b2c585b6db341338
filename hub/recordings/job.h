#pragma once
#include "hub/base/clock.h"
#include "hub/recordings/trouble.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::recordings {

/// A recording that is not yet whole: `<id>.part/` in the folder of recordings, with `job.json` and the bytes
/// that are there. A directory, so that nobody takes it for a media file, and on the same file system, so
/// that the whole file appears by a rename.
struct Job {
  enum class State { Queued, Failed };

  std::string id, title;
  std::string uri;  ///< with its secrets: the file has mode 0600 and goes when the recording is whole
  std::uint32_t max_height = 360;  ///< lines; 0: no limit
  std::uint32_t max_kbps = 0;      ///< of an HLS variant; 0: no limit
  bool now = false;                ///< whatever the quiet hours say
  base::Wall queued_at{};
  State state = State::Queued;
  std::optional<Trouble> trouble;   ///< of the last attempt
  std::optional<base::Wall> retry;  ///< not before

  // What the attempts so far have learnt.
  std::optional<std::uint64_t> size_bytes;
  bool size_is_estimate = false;  ///< of an HLS recording: bit rate times duration
  std::optional<double> duration_s;
  std::string etag, last_modified;  ///< of a single file, for If-Range
  std::string boot;                 ///< boot of the machine that wrote the bytes
  std::uint64_t safe_bytes = 0;     ///< of a single file: on the disk whatever happens
  std::string playlist;             ///< sha256 of what is being fetched of an HLS recording
  struct Track {
    std::size_t segments = 0;  ///< whole ones, the init section included
    std::uint64_t bytes = 0;   ///< length of the file with them
  };
  std::vector<Track> tracks;  ///< of an HLS recording
};

/// The folder `<id>.part`.
[[nodiscard]] std::filesystem::path job_folder(const std::filesystem::path& folder, std::string_view id);
/// Makes the folder if it is missing. @throws base::Error{Io}
void save_job(const std::filesystem::path& folder, const Job& job);
/// Nothing if there is none or it cannot be understood.
[[nodiscard]] std::optional<Job> load_job(const std::filesystem::path& folder, std::string_view id);
/// In the order in which they were asked for.
[[nodiscard]] std::vector<Job> list_jobs(const std::filesystem::path& folder);
/// Bytes of media that are there.
[[nodiscard]] std::uint64_t job_bytes(const std::filesystem::path& folder, std::string_view id);
void remove_job(const std::filesystem::path& folder, std::string_view id);

}  // namespace hub::recordings
