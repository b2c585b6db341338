#include "hub/lib/glib/loop.h"

#include "hub/base/error.h"

#include <future>

#include <glib-unix.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::lib::glib {
namespace {

struct Watch {
  std::function<void(GIOCondition)> task;
};

// Trampolines are noexcept: an exception that reaches a C frame must end the program here, with a usable
// backtrace.
gboolean call_repeating(gpointer data) noexcept {
  (*static_cast<Loop::Task*>(data))();
  return G_SOURCE_CONTINUE;
}
gboolean call_once(gpointer data) noexcept {
  (*static_cast<Loop::Task*>(data))();
  return G_SOURCE_REMOVE;
}
gboolean call_watch(gint, GIOCondition condition, gpointer data) noexcept {
  static_cast<Watch*>(data)->task(condition);
  return G_SOURCE_CONTINUE;
}
void free_task(gpointer data) noexcept {
  delete static_cast<Loop::Task*>(data);
}
void free_watch(gpointer data) noexcept {
  delete static_cast<Watch*>(data);
}

SourceGuard attach(GSource* raw, GMainContext* context) {
  auto source = Ref<GSource>::adopt(raw);
  g_source_attach(source.get(), context);
  return SourceGuard{std::move(source)};
}

}  // namespace

Loop::Loop()
    : context_{Ref<GMainContext>::adopt(g_main_context_new())},
      wake_fd_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (wake_fd_ < 0) throw base::Error{base::Errc::Io, "eventfd: no file descriptor is left"};
  wake_ = watch(wake_fd_, G_IO_IN, [this](GIOCondition) { drain(); });
}

Loop::~Loop() {
  wake_.reset();
  close(wake_fd_);
}

void Loop::run() {
  g_main_context_push_thread_default(context_.get());
  quit_ = false;
  while (!quit_) g_main_context_iteration(context_.get(), TRUE);
  g_main_context_pop_thread_default(context_.get());
}

void Loop::quit() {
  post([this] { quit_ = true; });
}

void Loop::post(Task task) {
  {
    const std::lock_guard lock{mutex_};
    queue_.push_back(std::move(task));
    if (queue_.size() > 1) return;  // the first one rang already
  }
  eventfd_write(wake_fd_, 1);
}

void Loop::drain() {
  eventfd_t ignored = 0;
  eventfd_read(wake_fd_, &ignored);
  std::vector<Task> batch;
  {
    const std::lock_guard lock{mutex_};
    batch.swap(queue_);
  }
  for (auto& task : batch) {
    const auto begin = std::chrono::steady_clock::now();
    task();
    task = nullptr;  // what it captured dies now, in order, not at the end of the batch
    if (!on_overrun_) continue;
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (took > budget_) on_overrun_(took);
  }
}

void Loop::on_overrun(std::chrono::milliseconds budget,
                      std::function<void(std::chrono::milliseconds)> listener) {
  budget_ = budget;
  on_overrun_ = std::move(listener);
}

SourceGuard Loop::every(std::chrono::milliseconds interval, Task task) {
  GSource* source = g_timeout_source_new(static_cast<guint>(interval.count()));
  g_source_set_callback(source, call_repeating, new Task{std::move(task)}, free_task);
  return attach(source, context_.get());
}

SourceGuard Loop::after(std::chrono::milliseconds delay, Task task) {
  GSource* source = g_timeout_source_new(static_cast<guint>(std::max<std::int64_t>(delay.count(), 0)));
  g_source_set_callback(source, call_once, new Task{std::move(task)}, free_task);
  return attach(source, context_.get());
}

SourceGuard Loop::watch(int fd, GIOCondition conditions, std::function<void(GIOCondition)> task) {
  GSource* source = g_unix_fd_source_new(fd, conditions);
  // GLib calls an fd source through a function of this other type.
  g_source_set_callback(source, G_SOURCE_FUNC(call_watch), new Watch{std::move(task)}, free_watch);
  return attach(source, context_.get());
}

SourceGuard Loop::on_signal(int signal, Task task) {
  GSource* source = g_unix_signal_source_new(signal);
  g_source_set_callback(source, call_repeating, new Task{std::move(task)}, free_task);
  return attach(source, context_.get());
}

bool Loop::inside() const noexcept {
  return g_main_context_is_owner(context_.get()) != FALSE;
}

LoopThread::LoopThread(const std::string& name) {
  thread_ = std::thread{[this] { loop_.run(); }};
  pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
}

LoopThread::~LoopThread() {
  stop();
}

void LoopThread::stop() {
  if (!thread_.joinable()) return;
  loop_.quit();
  thread_.join();
}

void LoopThread::run_and_wait(const Loop::Task& task) {
  std::promise<void> done;
  post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace hub::lib::glib
