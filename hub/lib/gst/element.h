#pragma once
#include "hub/base/bytes.h"
#include "hub/lib/gst/ref.h"

#include <string>

namespace hub::lib::gst {

/// A new element. @throws base::Error{Errc::Unsupported} that names @p factory if no plugin brings it.
[[nodiscard]] Ref<GstElement> make_element(const char* factory);
/// The caps that @p text describes. @throws base::Error{Errc::Internal} if it is not a caps string.
[[nodiscard]] Ref<GstCaps> make_caps(const char* text);
/// A capsfilter for @p caps.
[[nodiscard]] Ref<GstElement> make_filter(const char* caps);
/// Adds @p element to @p bin, which shares it, and gives back a borrowed pointer.
GstElement* add(GstElement* bin, const Ref<GstElement>& element);
/// A copy of the bytes of @p buffer; empty if it cannot be mapped.
[[nodiscard]] base::Bytes copy_bytes(GstBuffer* buffer);
/// The name of the first structure of @p caps, such as "video/x-h264"; empty for no caps.
[[nodiscard]] std::string media_type(const GstCaps* caps);
/// Sets @p property only if this version of @p element has it. @return whether it has.
bool set_if_known(GstElement* element, const char* property, const char* value);

}  // namespace hub::lib::gst
