#include "hub/lib/soup/server_stream.h"

namespace hub::lib::soup {
namespace {

constexpr char kStrayByte = 'X';

/// A GObject class by hand: GInputStream with GPollableInputStream.
struct Input {
  GInputStream parent;
  GSocketConnection* connection;  // owned: it closes the socket when it goes
  gboolean ended;                 // the stray byte was given
};

gpointer parent_class = nullptr;  // written once, when the class is made

Input* self_of(gpointer object) noexcept {
  return static_cast<Input*>(object);
}

GPollableInputStream* base_of(gpointer object) noexcept {
  return G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(G_IO_STREAM(self_of(object)->connection)));
}

gssize read_nonblocking(GPollableInputStream* stream, void* buffer, gsize count, GError** error) noexcept {
  auto* self = self_of(stream);
  if (self->ended || count == 0) return 0;
  GError* raw = nullptr;
  const auto got = g_pollable_input_stream_read_nonblocking(base_of(self), buffer, count, nullptr, &raw);
  if (got > 0) return got;
  if (g_error_matches(raw, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    g_propagate_error(error, raw);
    return -1;
  }
  g_clear_error(&raw);
  self->ended = TRUE;
  *static_cast<char*>(buffer) = kStrayByte;
  return 1;
}

gssize read_blocking(GInputStream* stream, void* buffer, gsize count, GCancellable* cancellable,
                     GError** error) noexcept {
  // SoupServer only reads without blocking; GInputStream wants this one to exist.
  return g_input_stream_read(G_INPUT_STREAM(base_of(stream)), buffer, count, cancellable, error);
}

gboolean close_now(GInputStream* stream, GCancellable*, GError** error) noexcept {
  return g_io_stream_close(G_IO_STREAM(self_of(stream)->connection), nullptr, error);
}

// The default would call close_now() in a thread of GLib's pool, and the descriptor would go under our hands.
void close_async(GInputStream* stream, int, GCancellable*, GAsyncReadyCallback done, gpointer data) noexcept {
  close_now(stream, nullptr, nullptr);
  GTask* task = g_task_new(stream, nullptr, done, data);
  g_task_return_boolean(task, TRUE);
  g_object_unref(task);
}

gboolean close_finish(GInputStream*, GAsyncResult* result, GError** error) noexcept {
  return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean can_poll(GPollableInputStream*) noexcept {
  return TRUE;
}

gboolean is_readable(GPollableInputStream* stream) noexcept {
  return self_of(stream)->ended || g_pollable_input_stream_is_readable(base_of(stream));
}

GSource* create_source(GPollableInputStream* stream, GCancellable* cancellable) noexcept {
  // At its end the socket stays readable, so its source serves for the stray byte's end as well.
  GSource* base = g_pollable_input_stream_create_source(base_of(stream), nullptr);
  GSource* source = g_pollable_source_new_full(stream, base, cancellable);
  g_source_unref(base);
  return source;
}

void finalize(GObject* object) noexcept {
  g_clear_object(&self_of(object)->connection);
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

void init_class(gpointer type_class, gpointer) noexcept {
  parent_class = g_type_class_peek_parent(type_class);
  G_OBJECT_CLASS(type_class)->finalize = finalize;
  auto* input = G_INPUT_STREAM_CLASS(type_class);
  input->read_fn = read_blocking;
  input->close_fn = close_now;
  input->close_async = close_async;
  input->close_finish = close_finish;
}

void init_pollable(gpointer interface, gpointer) noexcept {
  auto* pollable = static_cast<GPollableInputStreamInterface*>(interface);
  pollable->can_poll = can_poll;
  pollable->is_readable = is_readable;
  pollable->create_source = create_source;
  pollable->read_nonblocking = read_nonblocking;
}

GType input_type() {
  static const GType type = [] {
    const GType made =
        g_type_register_static_simple(G_TYPE_INPUT_STREAM, "HubServerInput", sizeof(GInputStreamClass),
                                      init_class, sizeof(Input), nullptr, GTypeFlags{});
    const GInterfaceInfo pollable{init_pollable, nullptr, nullptr};
    g_type_add_interface_static(made, G_TYPE_POLLABLE_INPUT_STREAM, &pollable);
    return made;
  }();
  return type;
}

}  // namespace

glib::Ref<GIOStream> server_stream(glib::Ref<GSocketConnection> connection) {
  auto* output = g_io_stream_get_output_stream(G_IO_STREAM(connection.get()));
  const auto input =
      glib::Ref<GInputStream>::adopt(static_cast<GInputStream*>(g_object_new(input_type(), nullptr)));
  self_of(input.get())->connection = connection.release();
  return glib::Ref<GIOStream>::adopt(g_simple_io_stream_new(input.get(), output));
}

}  // namespace hub::lib::soup
