#include "hub/media/diagnose.h"

#include "hub/lib/glib/ref.h"
#include "hub/media/failure.h"
#include "hub/media/uri.h"

#include <utility>

namespace hub::media {
namespace {

using lib::glib::Ref;

constexpr guint kTimeoutS = 3;

}  // namespace

/// Outlives the Diagnosis until GIO has called back, which it does even after a cancel.
struct Diagnosis::State {
  std::string uri;
  Done done;
  Ref<GCancellable> cancel = Ref<GCancellable>::adopt(g_cancellable_new());

  void finish(std::optional<base::Failure> failure) {
    if (const auto call = std::exchange(done, nullptr)) call(std::move(failure));
  }
};

Diagnosis::Diagnosis(const std::string& uri, Done done) : state_{std::make_shared<State>()} {
  state_->uri = uri;
  state_->done = std::move(done);
  const auto endpoint = tcp_endpoint(uri);
  if (!endpoint) {
    state_->finish(std::nullopt);
    return;
  }
  GSocketClient* client = g_socket_client_new();
  g_socket_client_set_timeout(client, kTimeoutS);
  g_socket_client_set_enable_proxy(client, FALSE);
  const auto on_connected = +[](GObject* source, GAsyncResult* result, gpointer data) noexcept {
    const std::unique_ptr<std::shared_ptr<State>> state{static_cast<std::shared_ptr<State>*>(data)};
    GError* raw = nullptr;
    const auto connection = Ref<GSocketConnection>::adopt(
        g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(source), result, &raw));
    const lib::glib::GErrorPtr error{raw};
    (*state)->finish(error ? std::optional{from_connect_error(*error, (*state)->uri)} : std::nullopt);
  };
  g_socket_client_connect_to_host_async(client, endpoint->host.c_str(), endpoint->port, state_->cancel.get(),
                                        on_connected, new std::shared_ptr<State>{state_});
  g_object_unref(client);
}

Diagnosis::~Diagnosis() {
  state_->done = nullptr;
  g_cancellable_cancel(state_->cancel.get());
}

}  // namespace hub::media
