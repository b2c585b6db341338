#pragma once
#include <cassert>
#include <memory>
#include <utility>

#include <gio/gio.h>
#include <glib-object.h>

namespace hub::lib::glib {

/// How one GLib or GObject type is counted. There is no primary body: a type without a specialisation must
/// not compile, instead of being taken for a GObject.
template <class T>
struct RefTraits;

/// The RefTraits of every class derived from GObject.
template <class T>
struct ObjectRefTraits {
  static void ref(T* p) noexcept { g_object_ref(p); }
  static void sink(T* p) noexcept { g_object_ref_sink(p); }
  static bool floating(T* p) noexcept { return g_object_is_floating(p) != FALSE; }
  static void unref(T* p) noexcept { g_object_unref(p); }
};

template <>
struct RefTraits<GMainContext> {
  static void ref(GMainContext* p) noexcept { g_main_context_ref(p); }
  static bool floating(GMainContext*) noexcept { return false; }
  static void unref(GMainContext* p) noexcept { g_main_context_unref(p); }
};
template <>
struct RefTraits<GSource> {
  static void ref(GSource* p) noexcept { g_source_ref(p); }
  static bool floating(GSource*) noexcept { return false; }
  static void unref(GSource* p) noexcept { g_source_unref(p); }
};
template <>
struct RefTraits<GBytes> {
  static void ref(GBytes* p) noexcept { g_bytes_ref(p); }
  static bool floating(GBytes*) noexcept { return false; }
  static void unref(GBytes* p) noexcept { g_bytes_unref(p); }
};
template <>
struct RefTraits<GSocket> : ObjectRefTraits<GSocket> {};
template <>
struct RefTraits<GSocketAddress> : ObjectRefTraits<GSocketAddress> {};
template <>
struct RefTraits<GSocketConnection> : ObjectRefTraits<GSocketConnection> {};
template <>
struct RefTraits<GSocketListener> : ObjectRefTraits<GSocketListener> {};
template <>
struct RefTraits<GSocketService> : ObjectRefTraits<GSocketService> {};
template <>
struct RefTraits<GIOStream> : ObjectRefTraits<GIOStream> {};
template <>
struct RefTraits<GCancellable> : ObjectRefTraits<GCancellable> {};

/// A counted reference. One factory for each word of the GIR annotations; no implicit construction, so that
/// every place says who gives what to whom.
template <class T>
class Ref {
 public:
  Ref() noexcept = default;
  static Ref adopt(T* p) noexcept {  // (transfer full)
    assert(!p || !RefTraits<T>::floating(p));
    return Ref{p};
  }
  static Ref share(T* p) noexcept {  // (transfer none)
    if (p) RefTraits<T>::ref(p);
    return Ref{p};
  }
  static Ref sink(T* p) noexcept {  // (transfer floating)
    if (p) RefTraits<T>::sink(p);
    return Ref{p};
  }
  Ref(const Ref& other) noexcept : p_{other.p_} {
    if (p_) RefTraits<T>::ref(p_);
  }
  Ref(Ref&& other) noexcept : p_{std::exchange(other.p_, nullptr)} {}
  Ref& operator=(Ref other) noexcept {
    std::swap(p_, other.p_);
    return *this;
  }
  ~Ref() {
    if (p_) RefTraits<T>::unref(p_);
  }

  [[nodiscard]] T* get() const noexcept { return p_; }                        // lends
  [[nodiscard]] T* release() noexcept { return std::exchange(p_, nullptr); }  // gives away
  explicit operator bool() const noexcept { return p_ != nullptr; }

 private:
  explicit Ref(T* p) noexcept : p_{p} {}
  T* p_ = nullptr;
};

template <auto Free>
struct Deleter {
  void operator()(auto* p) const noexcept { Free(p); }
};
using GErrorPtr = std::unique_ptr<GError, Deleter<g_error_free>>;
using GCharPtr = std::unique_ptr<char, Deleter<g_free>>;

}  // namespace hub::lib::glib
