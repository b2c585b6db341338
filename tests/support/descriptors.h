#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

namespace hub::test {

/// Open descriptors of this process.
inline std::ptrdiff_t count_descriptors() {
  return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {});
}

/// Children of this process, zombies included.
inline std::ptrdiff_t count_children() {
  std::ptrdiff_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    std::ifstream stat{entry.path() / "stat"};
    std::string line;
    if (!std::getline(stat, line)) continue;
    // pid (comm) state ppid …; comm may hold anything, even a parenthesis.
    const auto rest = line.substr(std::min(line.rfind(')') + 4, line.size()));
    if (std::atoi(rest.c_str()) == getpid()) ++count;
  }
  return count;
}

}  // namespace hub::test
