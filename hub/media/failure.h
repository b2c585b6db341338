#pragma once
#include "hub/base/error.h"

#include <optional>
#include <string>

#include <gst/gst.h>

namespace hub::media {

/// What GStreamer said when a pipeline failed.
struct PipelineError {
  GQuark domain = 0;  ///< GST_RESOURCE_ERROR, GST_STREAM_ERROR, GST_CORE_ERROR or GST_LIBRARY_ERROR
  int code = 0;
  std::string message, debug;  ///< English: the worker runs in the C locale
  std::string element;         ///< factory name, such as "souphttpsrc"
  std::optional<unsigned> http_status;
};
/// Reads an ERROR message of the bus.
[[nodiscard]] PipelineError error_from(GstMessage* message);

/// What the hub can act on, and a sentence that tells a host what to do.
/// @param uri  what was pulled; shown redacted.
/// @param delivering  units had come already, so that the address itself was right.
[[nodiscard]] base::Failure classify(const PipelineError& error, const std::string& uri, bool delivering);
/// True if @p error says only that something stopped, so that diagnose() may know more.
[[nodiscard]] bool is_vague(const PipelineError& error);
/// The failure that an HTTP status other than 2xx and 3xx stands for.
[[nodiscard]] base::Failure from_http_status(unsigned status, const std::string& uri);
/// The failure of a connection attempt.
[[nodiscard]] base::Failure from_connect_error(const GError& error, const std::string& uri);

}  // namespace hub::media
