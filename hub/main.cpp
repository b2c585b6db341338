#include "hub/cli/commands.h"
#include "hub/cli/options.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

using hub::cli::Command;

void usage(std::ostream& out) {
  out << "usage: viewing-hub COMMAND [--help] [--config FILE] [--data-dir DIR] …\n\n";
  for (const Command& command : hub::cli::commands())
    out << fmt::format("  {:<12}{}\n", command.name, command.purpose);
}

}  // namespace

int main(int argc, char** argv) {
  // A phone that goes away while it is written to is an error of that write, not the end of the hub.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words{argv + std::min(argc, 1), argv + argc};
  const std::string_view word = words.empty() ? std::string_view{} : words.front();
  if (word == "--help" || word == "-h") {
    usage(std::cout);
    return hub::cli::kDone;
  }
  if (word == "--version") {
    std::cout << "viewing-hub " HUB_VERSION "\n";
    return hub::cli::kDone;
  }
  for (const Command& command : hub::cli::commands())
    if (command.name == word) return command.run({words.begin() + 1, words.end()});
  if (!word.empty()) std::cerr << fmt::format("viewing-hub: there is no command '{}'\n", word);
  usage(std::cerr);
  return hub::cli::kWrongUse;
}
