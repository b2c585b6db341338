#include "hub/lib/glib/unicode.h"

#include "hub/lib/glib/ref.h"

namespace hub::lib::glib {

std::string fold(std::string_view text) {
  const GCharPtr normal{g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFKC)};
  if (!normal) return std::string{text};
  const GCharPtr folded{g_utf8_casefold(normal.get(), -1)};
  return folded.get();
}

}  // namespace hub::lib::glib
