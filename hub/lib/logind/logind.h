#pragma once
#include "hub/base/error.h"
#include "hub/lib/glib/ref.h"

#include <optional>
#include <string>
#include <utility>

namespace hub::lib::glib {
template <>
struct RefTraits<GDBusConnection> : ObjectRefTraits<GDBusConnection> {};
}  // namespace hub::lib::glib

/// What of systemd-logind the hub uses, over the system bus. Calls block for up to 2 s.
/// Source: org.freedesktop.login1(5).
namespace hub::lib::logind {

/// What logind does by itself, in its own words: "ignore", "suspend", "poweroff", "lock", …
struct Policy {
  std::string lid;             ///< HandleLidSwitch
  std::string lid_on_mains;    ///< HandleLidSwitchExternalPower; empty: as lid
  std::string idle;            ///< IdleAction
  bool lid_blocked = false;    ///< a program holds the lid's switch now
  bool sleep_blocked = false;  ///< a program forbids sleep now
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Keeps the machine awake as long as it lives; the kernel lets go if the program dies.
class Inhibitor {
 public:
  explicit Inhibitor(int fd) noexcept : fd_{fd} {}
  Inhibitor(Inhibitor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Inhibitor& operator=(Inhibitor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Inhibitor(const Inhibitor&) = delete;
  Inhibitor& operator=(const Inhibitor&) = delete;
  ~Inhibitor();

 private:
  int fd_;
};

/// A connection of its own to the system bus: the shared one would end the program when the bus goes away.
/// @context thread-bound: whoever made it
class Manager {
 public:
  /// Unreachable without a system bus.
  [[nodiscard]] static base::Result<Manager> connect();
  /// Unreachable if there is no logind on the bus.
  [[nodiscard]] base::Result<Policy> policy() const;
  /// Blocks sleep, the action for an idle machine, and the lid's switch. @param who,why  shown by
  /// `systemd-inhibit --list`. NotAuthorised if polkit forbids it to this account.
  [[nodiscard]] base::Result<Inhibitor> inhibit(const std::string& who, const std::string& why) const;

 private:
  explicit Manager(glib::Ref<GDBusConnection> bus) noexcept : bus_{std::move(bus)} {}
  glib::Ref<GDBusConnection> bus_;
};

}  // namespace hub::lib::logind
