#pragma once
#include "hub/lib/glib/ref.h"

#include <gst/gst.h>

namespace hub::lib::glib {

/// The RefTraits of every class derived from GstObject.
template <class T>
struct GstObjectRefTraits {
  static void ref(T* p) noexcept { gst_object_ref(p); }
  static void sink(T* p) noexcept { gst_object_ref_sink(p); }
  static bool floating(T* p) noexcept { return g_object_is_floating(p) != FALSE; }
  static void unref(T* p) noexcept { gst_object_unref(p); }
};
template <>
struct RefTraits<GstElement> : GstObjectRefTraits<GstElement> {};
template <>
struct RefTraits<GstPad> : GstObjectRefTraits<GstPad> {};
template <>
struct RefTraits<GstBus> : GstObjectRefTraits<GstBus> {};

/// The RefTraits of every type derived from GstMiniObject.
template <class T>
struct GstMiniObjectRefTraits {
  static void ref(T* p) noexcept { gst_mini_object_ref(GST_MINI_OBJECT_CAST(p)); }
  static bool floating(T*) noexcept { return false; }
  static void unref(T* p) noexcept { gst_mini_object_unref(GST_MINI_OBJECT_CAST(p)); }
};
template <>
struct RefTraits<GstCaps> : GstMiniObjectRefTraits<GstCaps> {};
template <>
struct RefTraits<GstBuffer> : GstMiniObjectRefTraits<GstBuffer> {};
template <>
struct RefTraits<GstSample> : GstMiniObjectRefTraits<GstSample> {};
template <>
struct RefTraits<GstEvent> : GstMiniObjectRefTraits<GstEvent> {};

}  // namespace hub::lib::glib

namespace hub::lib::gst {

using glib::Ref;

}  // namespace hub::lib::gst
