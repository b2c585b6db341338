#include "hub/lib/glib/hash.h"

#include <memory>

#include <glib.h>

namespace hub::lib::glib {

std::array<std::uint8_t, 32> sha256(std::string_view bytes) {
  const std::unique_ptr<GChecksum, decltype(&g_checksum_free)> sum{g_checksum_new(G_CHECKSUM_SHA256),
                                                                   g_checksum_free};
  g_checksum_update(sum.get(), reinterpret_cast<const guchar*>(bytes.data()),
                    static_cast<gssize>(bytes.size()));
  std::array<std::uint8_t, 32> digest{};
  gsize length = digest.size();
  g_checksum_get_digest(sum.get(), digest.data(), &length);
  return digest;
}

}  // namespace hub::lib::glib
