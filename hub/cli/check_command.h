#pragma once
#include "hub/base/clock.h"
#include "hub/base/error.h"
#include "hub/channels/settings.h"
#include "hub/cli/check_machine.h"

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace hub::cli {

/// Where `viewing-hub check` gets what this folder cannot know. All must be set.
struct CheckProbes {
  /// Standard output of `viewing-hub-worker --probe` (child.h).
  std::function<base::Result<std::string>()> plugins;
  /// This machine's addresses on its networks, best first.
  std::function<std::vector<std::string>()> addresses;
  /// The machine around the hub, with the newest entry of the presence log in the data folder if there is
  /// one.
  std::function<machine::State(const std::filesystem::path& data_dir)> machine;
  /// Pulls the first source of @p channel for a few seconds. What came, for people ("H.264 1280x720, AAC"),
  /// or why nothing did.
  std::function<base::Result<std::string>(const channels::ChannelSettings& channel,
                                          const channels::RelaySettings& relay)>
      source;
};

/// `viewing-hub check`: what would fail at start, and what to do about it. One line for each thing looked at,
/// in French or English (--lang, else the hub's first language). @param arguments  what follows the word
/// `check`.
/// @return kDone if nothing failed (warnings do not count), kFailed, or kWrongUse.
[[nodiscard]] int run_check(const std::vector<std::string>& arguments, const CheckProbes& probes,
                            const base::Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace hub::cli
