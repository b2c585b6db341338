#include "hub/lib/gst/element.h"

#include "hub/base/error.h"

#include <fmt/format.h>

namespace hub::lib::gst {

Ref<GstElement> make_element(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (!element)
    throw base::Error{base::Errc::Unsupported,
                      fmt::format("the GStreamer element '{}' is not installed; 'viewing-hub check' names "
                                  "the package",
                                  factory)};
  return Ref<GstElement>::sink(element);
}

Ref<GstCaps> make_caps(const char* text) {
  auto caps = Ref<GstCaps>::adopt(gst_caps_from_string(text));
  if (!caps) throw base::Error{base::Errc::Internal, fmt::format("not a caps string: {}", text)};
  return caps;
}

Ref<GstElement> make_filter(const char* caps) {
  auto filter = make_element("capsfilter");
  g_object_set(filter.get(), "caps", make_caps(caps).get(), nullptr);
  return filter;
}

GstElement* add(GstElement* bin, const Ref<GstElement>& element) {
  gst_bin_add(GST_BIN(bin), element.get());
  return element.get();
}

base::Bytes copy_bytes(GstBuffer* buffer) {
  base::Bytes out(gst_buffer_get_size(buffer));
  out.resize(gst_buffer_extract(buffer, 0, out.data(), out.size()));
  return out;
}

std::string media_type(const GstCaps* caps) {
  if (!caps || gst_caps_get_size(caps) == 0) return {};
  return gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

bool set_if_known(GstElement* element, const char* property, const char* value) {
  if (!g_object_class_find_property(G_OBJECT_GET_CLASS(element), property)) return false;
  gst_util_set_object_arg(G_OBJECT(element), property, value);
  return true;
}

}  // namespace hub::lib::gst
