#include "hub/store/data_folder.h"

#include "hub/base/error.h"

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

/// Closes a descriptor and removes a temporary file unless it was kept.
struct Temporary {
  int fd = -1;
  std::string name;
  Temporary(int descriptor, std::string file) : fd{descriptor}, name{std::move(file)} {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (fd >= 0) close(fd);
    if (!name.empty()) unlink(name.c_str());
  }
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
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
    if (ftruncate(lock_fd_, 0) == 0) write_all(lock_fd_, pid);
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

void write_atomically(const std::filesystem::path& file, const std::string& bytes) {
  const auto fail = [&] {
    return Error{Errc::Io, fmt::format("cannot write {}: {}", file.string(), reason())};
  };
  std::string name = file.string() + ".XXXXXX";
  const int fd = mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (fd < 0) throw fail();
  Temporary temporary{fd, name};
  if (!write_all(fd, bytes) || fsync(fd) != 0) throw fail();
  if (rename(name.c_str(), file.c_str()) != 0) throw fail();
  temporary.name.clear();
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  const Temporary directory{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), {}};
  if (directory.fd >= 0) fsync(directory.fd);  // the new name survives a power cut, too
}

}  // namespace hub::store
