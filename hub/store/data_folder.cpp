#include "hub/store/data_folder.h"

#include "hub/base/error.h"
#include "hub/base/file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::store {
namespace {

using base::Errc;
using base::Error;

std::string reason() {
  return std::generic_category().message(errno);
}

}  // namespace

DataFolder::DataFolder(std::filesystem::path path, Use use) : path_{std::move(path)} {
  struct stat info {};
  const bool exists = stat(path_.c_str(), &info) == 0;
  if (use == Use::Look) {
    if (!exists || !S_ISDIR(info.st_mode))
      throw Error{Errc::Io, fmt::format("there is no data folder {}: give the right one with --data-dir",
                                        path_.string())};
    return;
  }
  if (!exists) {
    std::error_code error;
    if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), error);
    if (mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
      throw Error{Errc::Io, fmt::format("cannot make the data folder {}: {}", path_.string(), reason())};
  } else if (!S_ISDIR(info.st_mode)) {
    throw Error{Errc::Io, fmt::format("the data folder {} is a file", path_.string())};
  } else if ((info.st_mode & 0077) != 0 && chmod(path_.c_str(), 0700) != 0) {
    throw Error{Errc::Io,
                fmt::format("others can read the data folder {}, and it cannot be closed to them: {}",
                            path_.string(), reason())};
  }
  lock();
}

DataFolder::~DataFolder() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

void DataFolder::lock() {
  const auto file = path_ / "lock";
  lock_fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd_ < 0)
    throw Error{Errc::Io, fmt::format("cannot write in the data folder {}: {}", path_.string(), reason())};
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) {
    // Only for people who look who holds it; the lock itself is the flock, which the kernel takes back.
    const auto pid = fmt::format("{}\n", getpid());
    if (ftruncate(lock_fd_, 0) == 0) (void)base::write_all(lock_fd_, pid);
    return;
  }
  std::array<char, 16> holder{};
  const auto count = pread(lock_fd_, holder.data(), holder.size() - 1, 0);
  const long pid = count > 0 ? std::strtol(holder.data(), nullptr, 10) : 0;
  close(std::exchange(lock_fd_, -1));
  throw Error{
      Errc::Conflict,
      fmt::format("another viewing-hub serve uses the data folder {}{}: stop it, or choose another folder "
                  "with --data-dir",
                  path_.string(), pid > 0 ? fmt::format(" (process {})", pid) : "")};
}

}  // namespace hub::store
