#pragma once
#include <string>
#include <vector>

namespace hub::base {

/// Who this hub is; section [hub] of the config. Shown on the page, written into every export.
struct Identity {
  std::string name = "Viewing hub";
  std::vector<std::string> languages{"fr", "en"};  ///< the default first; the hub itself speaks fr and en
  std::string time_zone = "UTC";                   ///< IANA name
  std::string country;                             ///< ISO 3166-1 alpha-2, or empty
  std::string meeting;                             ///< such as "127", or empty
  std::string note_well_url = "https://www.ietf.org/about/note-well/";
};

}  // namespace hub::base
