#pragma once
#include "hub/config/config.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hub::app {

/// What `serve` tells the person at the terminal.
struct Welcome {
  std::vector<std::string> addresses;  ///< for phones, best first; never empty
  /// The console's passphrase if this is the first run; empty otherwise.
  std::string passphrase;
};

/// Runs the hub until SIGTERM or SIGINT: makes every object, ties them together, and takes them apart in the
/// opposite order. @param welcome  called when the hub answers, and again, without a passphrase, each time
/// that the addresses change. If it returns false, there is nobody to read a passphrase, and a new one goes
/// to <data>/passphrase, mode 0600.
/// @throws base::Error that says what the operator can do: port taken, data folder in use, no worker program.
void serve(const config::File& settings, const std::function<bool(const Welcome&)>& welcome);

}  // namespace hub::app
