#include "hub/lib/soup/body.h"

#include <utility>

namespace hub::lib::soup {
namespace {

template <class T>
glib::Ref<GBytes> keep(T value, auto view) {
  auto* kept = new T{std::move(value)};
  const auto [data, size] = view(*kept);
  return glib::Ref<GBytes>::adopt(g_bytes_new_with_free_func(
      data, size, [](gpointer p) noexcept { delete static_cast<T*>(p); }, kept));
}

}  // namespace

glib::Ref<GBytes> bytes_of(base::Blob blob) {
  return keep(std::move(blob), [](const base::Blob& b) { return std::pair{b->data(), b->size()}; });
}

glib::Ref<GBytes> bytes_of(std::string text) {
  return keep(std::move(text), [](const std::string& s) { return std::pair{s.data(), s.size()}; });
}

glib::Ref<GBytes> bytes_of(base::Bytes bytes) {
  return keep(std::move(bytes), [](const base::Bytes& b) { return std::pair{b.data(), b.size()}; });
}

}  // namespace hub::lib::soup
