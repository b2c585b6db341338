#include "hub/lib/logind/logind.h"

#include <algorithm>
#include <string_view>

#include <gio/gunixfdlist.h>
#include <unistd.h>

namespace hub::lib::glib {
template <>
struct RefTraits<GVariant> {
  static void ref(GVariant* p) noexcept { g_variant_ref(p); }
  static void sink(GVariant* p) noexcept { g_variant_ref_sink(p); }
  static bool floating(GVariant* p) noexcept { return g_variant_is_floating(p) != FALSE; }
  static void unref(GVariant* p) noexcept { g_variant_unref(p); }
};
template <>
struct RefTraits<GUnixFDList> : ObjectRefTraits<GUnixFDList> {};
}  // namespace hub::lib::glib

namespace hub::lib::logind {
namespace {

using glib::Ref;

constexpr const char* kName = "org.freedesktop.login1";
constexpr const char* kPath = "/org/freedesktop/login1";
constexpr const char* kInterface = "org.freedesktop.login1.Manager";
constexpr int kTimeoutMs = 2000;

base::Failure failure(const glib::GErrorPtr& error) {
  const glib::GCharPtr name{g_dbus_error_get_remote_error(error.get())};
  // polkit would ask a person for a password; nobody is there.
  const bool denied =
      g_error_matches(error.get(), G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED) != FALSE ||
      (name && std::string_view{name.get()} == "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired");
  g_dbus_error_strip_remote_error(error.get());
  return {denied ? base::Errc::NotAuthorised : base::Errc::Unreachable, error->message};
}

/// The member @p name of the a{sv} in @p all; empty if it is missing or no string.
std::string text_of(GVariant* all, const char* name) {
  const char* value = nullptr;
  return g_variant_lookup(all, name, "&s", &value) ? value : "";
}

bool lists(std::string_view words, std::string_view word) {
  for (std::size_t begin = 0; begin <= words.size();) {
    const auto end = std::min(words.find(':', begin), words.size());
    if (words.substr(begin, end - begin) == word) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

Inhibitor::~Inhibitor() {
  if (fd_ >= 0) close(fd_);
}

base::Result<Manager> Manager::connect() {
  GError* raw = nullptr;
  const glib::GCharPtr address{g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SYSTEM, nullptr, &raw)};
  if (!address) return failure(glib::GErrorPtr{raw});
  constexpr auto kFlags = static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION);
  auto bus = Ref<GDBusConnection>::adopt(
      g_dbus_connection_new_for_address_sync(address.get(), kFlags, nullptr, nullptr, &raw));
  if (!bus) return failure(glib::GErrorPtr{raw});
  return Manager{std::move(bus)};
}

base::Result<Policy> Manager::policy() const {
  GError* raw = nullptr;
  const auto answer = Ref<GVariant>::adopt(g_dbus_connection_call_sync(
      bus_.get(), kName, kPath, "org.freedesktop.DBus.Properties", "GetAll", g_variant_new("(s)", kInterface),
      G_VARIANT_TYPE("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, kTimeoutMs, nullptr, &raw));
  if (!answer) return failure(glib::GErrorPtr{raw});
  const auto all = Ref<GVariant>::adopt(g_variant_get_child_value(answer.get(), 0));
  const auto blocked = text_of(all.get(), "BlockInhibited");
  return Policy{text_of(all.get(), "HandleLidSwitch"), text_of(all.get(), "HandleLidSwitchExternalPower"),
                text_of(all.get(), "IdleAction"), lists(blocked, "handle-lid-switch"),
                lists(blocked, "sleep")};
}

base::Result<Inhibitor> Manager::inhibit(const std::string& who, const std::string& why) const {
  GError* raw = nullptr;
  GUnixFDList* raw_fds = nullptr;
  const auto answer = Ref<GVariant>::adopt(g_dbus_connection_call_with_unix_fd_list_sync(
      bus_.get(), kName, kPath, kInterface, "Inhibit",
      g_variant_new("(ssss)", "sleep:idle:handle-lid-switch", who.c_str(), why.c_str(), "block"),
      G_VARIANT_TYPE("(h)"), G_DBUS_CALL_FLAGS_NONE, kTimeoutMs, nullptr, &raw_fds, nullptr, &raw));
  const auto fds = Ref<GUnixFDList>::adopt(raw_fds);
  if (!answer) return failure(glib::GErrorPtr{raw});
  gint32 index = 0;
  g_variant_get(answer.get(), "(h)", &index);
  const int fd = fds ? g_unix_fd_list_get(fds.get(), index, &raw) : -1;
  if (fd < 0) {
    const glib::GErrorPtr error{raw};
    return base::Failure{base::Errc::Io, error ? error->message : "logind gave no descriptor"};
  }
  return Inhibitor{fd};
}

}  // namespace hub::lib::logind
