#pragma once
#include "hub/base/file.h"

#include <filesystem>
#include <string>

namespace hub::store {

/// The folder that holds everything the hub keeps. Made with mode 0700 if it is missing, and closed to others
/// if it was open. @throws base::Error{Io} with what to do about it.
class DataFolder {
 public:
  enum class Use {
    Serve,  ///< locks the folder (flock on `lock`) as long as this lives: one hub per folder
    Look    ///< the command line beside a running hub; the folder must exist
  };
  DataFolder(std::filesystem::path path, Use use);
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::filesystem::path database() const { return path_ / "hub.sqlite"; }

 private:
  void lock();
  std::filesystem::path path_;
  int lock_fd_ = -1;
};

using base::write_atomically;

}  // namespace hub::store
