#pragma once
#include "hub/base/clock.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::recordings {

/// A whole recording of the folder.
struct Recording {
  std::string id;
  std::filesystem::path file;
  std::string title;
  std::uint64_t size_bytes = 0;
  std::optional<double> duration_s;
  std::optional<base::Wall> keep_until;  ///< never for a file that the hub did not fetch
  bool fetched = false;                  ///< by the hub, so that it may be deleted by it
  std::string address_hash;              ///< sha256 of the whole address that it came from, or empty
};

/// What is kept of a fetched recording in `<id>.json` beside it:
/// {"title","source" (without user, password and
/// query),"address_hash","size_bytes","duration_s"?,"fetched_at",
///  "keep_until"?,"etag"?}, times in RFC 3339, UTC.
struct About {
  std::string title, source, address_hash, etag;
  std::uint64_t size_bytes = 0;
  std::optional<double> duration_s;
  base::Wall fetched_at{};
  std::optional<base::Wall> keep_until;
};

/// [a-z0-9-]{1,60}
[[nodiscard]] bool is_recording_id(std::string_view text) noexcept;
/// An id from @p title, or from the last telling part of the @p address if the title has no letter of a-z.
[[nodiscard]] std::string make_id(std::string_view title, std::string_view address);
/// ".mp4" and the like; @p extension  in lower case, with its dot.
[[nodiscard]] bool is_media_extension(std::string_view extension) noexcept;

/// The media file of recording @p id in @p folder; nothing if there is none. A file `<id>.<any media
/// extension>` comes first; a file that somebody copied there under a name that is no id goes by make_id() of
/// its name. @context thread-safe, reads the folder
[[nodiscard]] std::optional<std::filesystem::path> find_recording(const std::filesystem::path& folder,
                                                                  std::string_view id);

/// The folder of recordings, for one thread at a time. What is not yet whole is no part of it (job.h).
class Library {
 public:
  /// @param folder  need not exist
  explicit Library(std::filesystem::path folder) : folder_{std::move(folder)} {}
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  /// By id. A folder that is missing or cannot be read is empty.
  [[nodiscard]] std::vector<Recording> list() const;
  /// Notes @p about before the media file comes, so that no fetched file is ever taken for a copied one.
  /// @throws base::Error{Io}
  void write_about(const std::string& id, const About& about) const;
  /// Deletes file and note. @return false if there is no such recording. @throws base::Error{Io}
  bool remove(std::string_view id) const;
  /// Deletes what was fetched and is past its time. @return their titles
  std::vector<std::string> expire(base::Wall now) const;

 private:
  const std::filesystem::path folder_;
};

/// RFC 3339 in UTC, as base::to_rfc3339() writes it; nothing for anything else.
[[nodiscard]] std::optional<base::Wall> parse_time(std::string_view text);

}  // namespace hub::recordings
