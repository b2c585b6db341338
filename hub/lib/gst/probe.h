#pragma once
#include "hub/lib/gst/ref.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace hub::lib::gst {

/// Blocks @p pad at its first buffer until the probe is removed; events pass. @p on_first is called then, in
/// the streaming thread, with whether the buffer carries a decoding time.
/// @return for gst_pad_remove_probe(), which lets the stream go on.
gulong hold_at_first_buffer(GstPad* pad, std::function<void(bool has_dts)> on_first);

/// Adds the size of everything that passes @p pad to @p total.
void count_bytes(GstPad* pad, std::shared_ptr<std::atomic<std::uint64_t>> total);

}  // namespace hub::lib::gst
