#include "hub/base/file.h"

#include "hub/base/error.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace hub::base {
namespace {

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

}  // namespace

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void write_atomically(const std::filesystem::path& file, const std::string& bytes) {
  const auto fail = [&] {
    return Error{Errc::Io,
                 fmt::format("cannot write {}: {}", file.string(), std::generic_category().message(errno))};
  };
  std::string name = file.string() + ".XXXXXX";
  const int fd = mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (fd < 0) throw fail();
  Temporary temporary{fd, name};
  if (!write_all(fd, bytes) || fsync(fd) != 0) throw fail();
  if (rename(name.c_str(), file.c_str()) != 0) throw fail();
  temporary.name.clear();
  sync_folder(file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."});
}

void sync_folder(const std::filesystem::path& folder) {
  const Temporary directory{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), {}};
  if (directory.fd >= 0) fsync(directory.fd);  // the new name survives a power cut, too
}

}  // namespace hub::base
