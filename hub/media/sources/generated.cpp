#include "hub/media/sources/generated.h"

#include "hub/base/error.h"

#include <charconv>

#include <fmt/format.h>

namespace hub::media {

PictureSize parse_size(const std::string& text) {
  PictureSize size;
  const auto cross = text.find('x');
  const char* end = text.data() + text.size();
  const bool good = cross != std::string::npos &&
                    std::from_chars(text.data(), text.data() + cross, size.width).ec == std::errc{} &&
                    std::from_chars(text.data() + cross + 1, end, size.height).ec == std::errc{};
  const auto in_range = [](int value) { return value >= 64 && value <= 1920 && value % 2 == 0; };
  if (!good || !in_range(size.width) || !in_range(size.height))
    throw base::Error{base::Errc::Invalid, fmt::format("no picture can be made of size '{}'", text)};
  return size;
}

Ref<GstElement> build_bin(const std::string& description) {
  GError* raw = nullptr;
  GstElement* bin = gst_parse_bin_from_description_full(description.c_str(), FALSE, nullptr,
                                                        GST_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS, &raw);
  const auto owned = Ref<GstElement>::sink(bin);
  const lib::glib::GErrorPtr error{raw};
  if (error)
    throw base::Error{base::Errc::Unsupported,
                      fmt::format("the pipeline cannot be built: {}", error->message)};
  return owned;
}

void expose(GstElement* bin, const char* element, const char* pad_name, base::Nanos advance) {
  const auto last = Ref<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(bin), element));
  if (!last) return;
  const auto target = Ref<GstPad>::adopt(gst_element_get_static_pad(last.get(), "src"));
  GstPad* ghost = gst_ghost_pad_new(pad_name, target.get());
  gst_pad_set_offset(ghost, -advance.count());
  gst_element_add_pad(bin, ghost);
}

}  // namespace hub::media
