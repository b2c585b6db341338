#pragma once
#include "hub/base/bytes.h"
#include "hub/lib/soup/ref.h"

#include <string>

namespace hub::lib::soup {

/// A view of @p blob without a copy: the GBytes keeps the blob alive. @p blob must not be null.
[[nodiscard]] glib::Ref<GBytes> bytes_of(base::Blob blob);
/// The same for text and for buffers that nobody else needs: they move in.
[[nodiscard]] glib::Ref<GBytes> bytes_of(std::string text);
[[nodiscard]] glib::Ref<GBytes> bytes_of(base::Bytes bytes);

}  // namespace hub::lib::soup
