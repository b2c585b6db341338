#include "hub/media/fetch.h"

#include "hub/lib/gst/element.h"
#include "hub/media/failure.h"
#include "hub/media/uri.h"

#include <utility>

#include <fmt/format.h>
#include <gst/app/gstappsink.h>

namespace hub::media {

using base::Errc;
using base::Failure;

Fetch::Fetch(lib::glib::Loop& loop, const SourceRequest& request, std::size_t max_bytes, Done done)
    : uri_{request.uri},
      max_bytes_{max_bytes},
      done_{std::move(done)},
      mailbox_{loop, this},
      pipeline_{Ref<GstElement>::sink(gst_pipeline_new("fetch"))},
      sink_{lib::gst::make_element("appsink")},
      loop_{loop} {
  const auto source = make_http_element(request);
  g_object_set(source.get(), "iradio-mode", FALSE, nullptr);
  g_object_set(sink_.get(), "sync", FALSE, "async", FALSE, nullptr);
  lib::gst::add(pipeline_.get(), source);
  lib::gst::add(pipeline_.get(), sink_);
  gst_element_link(source.get(), sink_.get());

  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = [](GstAppSink*, gpointer mail) noexcept -> GstFlowReturn {
    static_cast<Mailbox<Fetch>*>(mail)->post([](Fetch& self) { self.on_samples(); });
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &callbacks, new Mailbox<Fetch>{mailbox_},
                             [](gpointer mail) { delete static_cast<Mailbox<Fetch>*>(mail); });

  const auto bus = Ref<GstBus>::adopt(gst_element_get_bus(pipeline_.get()));
  auto watch = Ref<GSource>::adopt(gst_bus_create_watch(bus.get()));
  const auto on_message = +[](GstBus*, GstMessage* message, gpointer data) noexcept -> gboolean {
    auto& self = *static_cast<Fetch*>(data);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
      self.on_samples();
      self.finish(self.text_);
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      self.finish(classify(error_from(message), self.uri_, false));
    }
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(watch.get(), G_SOURCE_FUNC(on_message), this, nullptr);
  g_source_attach(watch.get(), loop.context());
  bus_watch_ = lib::glib::SourceGuard{std::move(watch)};
  timeout_ = loop.after(request.timeout, [this] {
    finish(Failure{Errc::Unreachable, fmt::format("{} did not answer in time", redacted(uri_))});
  });
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

Fetch::~Fetch() {
  mailbox_.close();
  bus_watch_.reset();
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void Fetch::on_samples() {
  while (const auto sample =
             Ref<GstSample>::adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 0))) {
    const auto bytes = lib::gst::copy_bytes(gst_sample_get_buffer(sample.get()));
    text_.append(bytes.begin(), bytes.end());
    if (text_.size() > max_bytes_)
      return finish(Failure{Errc::TooLarge,
                            fmt::format("{} is larger than {} KiB", redacted(uri_), max_bytes_ / 1024)});
  }
}

void Fetch::finish(base::Result<std::string> result) {
  if (!done_) return;
  timeout_.reset();
  // Later, so that whoever is told may end us.
  result_ = loop_.after(std::chrono::milliseconds{0},
                        [done = std::exchange(done_, nullptr), result = std::move(result)] { done(result); });
}

}  // namespace hub::media
