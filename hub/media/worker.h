#pragma once
#include <string>

namespace hub::media {

/// Serves the hub on socket @p fd until the job is over: Start, then what the job sends, then Bye.
/// @return the exit code of the program. @throws base::Error if @p fd is not usable.
int run_worker(int fd, const std::string& channel);

}  // namespace hub::media
