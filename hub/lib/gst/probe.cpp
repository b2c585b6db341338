#include "hub/lib/gst/probe.h"

#include <utility>

namespace hub::lib::gst {
namespace {

struct Hold {
  std::function<void(bool)> on_first;
  std::atomic<bool> seen{false};
};

GstPadProbeReturn on_held(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& hold = *static_cast<Hold*>(data);
  if (hold.seen.exchange(true)) return GST_PAD_PROBE_OK;
  bool has_dts = true;
  if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0)
    has_dts = GST_BUFFER_DTS_IS_VALID(GST_PAD_PROBE_INFO_BUFFER(info));
  hold.on_first(has_dts);
  return GST_PAD_PROBE_OK;
}

using Total = std::shared_ptr<std::atomic<std::uint64_t>>;

GstPadProbeReturn on_bytes(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& total = **static_cast<Total*>(data);
  // In pull mode the probe is also called with a request, which carries nothing yet.
  if (!info->data) return GST_PAD_PROBE_OK;
  if ((info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0)
    total += gst_buffer_list_calculate_size(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
  else if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0)
    total += gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
  return GST_PAD_PROBE_OK;
}

constexpr auto kData =
    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);

}  // namespace

gulong hold_at_first_buffer(GstPad* pad, std::function<void(bool)> on_first) {
  auto* hold = new Hold;
  hold->on_first = std::move(on_first);
  return gst_pad_add_probe(pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | kData), on_held, hold,
                           [](gpointer data) { delete static_cast<Hold*>(data); });
}

void count_bytes(GstPad* pad, Total total) {
  gst_pad_add_probe(pad, kData, on_bytes, new Total{std::move(total)},
                    [](gpointer data) { delete static_cast<Total*>(data); });
}

}  // namespace hub::lib::gst
