#pragma once
#include "hub/lib/gst/ref.h"

#include <type_traits>
#include <utility>

namespace hub::lib::gst {

/// A GObject signal handler that is disconnected with its owner. Emissions that are under way in another
/// thread may still end after that, so a handler called from a streaming thread takes only values that it
/// owns (see connect()).
class SignalConnection {
 public:
  SignalConnection() noexcept = default;
  SignalConnection(GObject* object, gulong id) noexcept : object_{object}, id_{id} { g_object_ref(object_); }
  SignalConnection(SignalConnection&& other) noexcept
      : object_{std::exchange(other.object_, nullptr)}, id_{std::exchange(other.id_, 0)} {}
  SignalConnection& operator=(SignalConnection&& other) noexcept {
    std::swap(object_, other.object_);
    std::swap(id_, other.id_);
    return *this;
  }
  SignalConnection(const SignalConnection&) = delete;
  SignalConnection& operator=(const SignalConnection&) = delete;
  ~SignalConnection() {
    if (!object_) return;
    g_signal_handler_disconnect(object_, id_);
    g_object_unref(object_);
  }

 private:
  GObject* object_ = nullptr;
  gulong id_ = 0;
};

/// Connects @p handler, a static function of the signal's own signature whose last parameter is a `Data*`.
/// The copy of @p data belongs to the connection: GObject frees it after the last emission has ended, in
/// whatever thread that is.
template <class Data>
[[nodiscard]] SignalConnection connect(gpointer object, const char* signal, GCallback handler, Data data) {
  static_assert(!std::is_pointer_v<Data>, "hand over a value, not a borrowed object");
  const gulong id = g_signal_connect_data(
      object, signal, handler, new Data(std::move(data)),
      [](gpointer owned, GClosure*) { delete static_cast<Data*>(owned); }, GConnectFlags{});
  return {G_OBJECT(object), id};
}

}  // namespace hub::lib::gst
