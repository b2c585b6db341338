#pragma once
#include "hub/base/bytes.h"
#include "hub/lib/soup/ref.h"
#include "hub/web/assets.h"
#include "hub/web/exchange.h"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace hub::web {

/// The page and the console. Kept compressed as they were embedded, and unpacked once at the start for the
/// rare client that takes no gzip (curl, old radios): a refusal there would cost the host an evening, and the
/// copy costs a megabyte. Immutable, read by all web threads.
class Files {
 public:
  /// @throws Error{Errc::Internal} if an asset cannot be unpacked: the build is broken.
  explicit Files(std::span<const Asset> assets);
  void answer(Exchange& exchange) const;

 private:
  struct File {
    const Asset* asset;
    base::Blob plain;
    lib::glib::Ref<GBytes> gzip;
  };
  std::map<std::string_view, File> files_;
};

/// Headers that every answer carries.
void add_security_headers(Exchange& exchange);

}  // namespace hub::web
