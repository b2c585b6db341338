#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace hub::base {

/// Writes @p bytes to @p file so that a reader sees the old file or the whole new one, and a power cut leaves
/// one of them. Mode 0600. @throws base::Error{Io}
void write_atomically(const std::filesystem::path& file, const std::string& bytes);

/// Gives @p bytes to @p fd, however often the kernel takes only a part. @return false with errno set.
[[nodiscard]] bool write_all(int fd, std::string_view bytes);

/// Makes the names in @p folder survive a power cut, as far as its file system can.
void sync_folder(const std::filesystem::path& folder);

}  // namespace hub::base
