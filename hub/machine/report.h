#pragma once
#include "hub/machine/warnings.h"

#include <string>
#include <vector>

namespace hub::machine {

/// What `serve` knows of the machine now. @context thread-bound: main
struct Report {
  std::vector<std::string> urls;  ///< what to type into a phone, best first: "http://192.168.1.20:8080"
  std::vector<Warning> warnings;
};

}  // namespace hub::machine
