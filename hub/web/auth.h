#pragma once
#include "hub/base/clock.h"
#include "hub/lib/glib/loop.h"
#include "hub/web/guesses.h"
#include "hub/web/message.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace hub::attendance {
class Register;
}

namespace hub::web {

/// Where the passphrase hashes are kept: one for each of Role::Host and Role::Organizer.
class Secrets {
 public:
  Secrets() = default;
  Secrets(const Secrets&) = delete;
  Secrets& operator=(const Secrets&) = delete;
  virtual ~Secrets() = default;
  /// The argon2id hash of @p role as it was last known, or nothing if none was set. Waits for nothing.
  [[nodiscard]] virtual std::optional<std::string> load(Role role) const = 0;
  /// Looks again what is kept, since `viewing-hub passphrase` writes beside a running hub; @p then runs on
  /// main, once, when load() knows it. Failures are logged, and what was known stays.
  virtual void refresh(std::function<void()> then) = 0;
  /// @throws Error{Errc::Io}
  virtual void store(Role role, const std::string& hash) = 0;
};

/// A new passphrase that is easy to read out in French and in English: five words of two syllables, such as
/// "bako-lumi-tare-nido-sefa". 75² = 5625 words, so 62 bits.
[[nodiscard]] std::string generate_passphrase();

/// The argon2id hash of @p passphrase. Takes a tenth of a second.
/// @param operations, memory_bytes  its cost: Auth::Settings.
/// @throws Error{Errc::Invalid} for less than 8 or more than 200 bytes, {Errc::Io} for want of memory.
[[nodiscard]] std::string hash_passphrase(const std::string& passphrase, std::uint64_t operations,
                                          std::size_t memory_bytes);

/// What stands for a session cookie wherever a session is looked for: whoever reads it cannot make the
/// cookie.
[[nodiscard]] std::string session_key(std::string_view token);

/// The login sessions at one moment, for the web threads. Immutable.
struct Sessions {
  bool local_console = false;  ///< the machine itself needs no session
  std::set<std::string, std::less<>> keys;
};

/// Passphrases and login sessions. Hashing takes a tenth of a second and runs in a thread of its own, one
/// attempt at a time. Who guesses is slowed down and not locked out, so that one phone in the room cannot
/// keep the host from logging in behind the same address:
/// - a device that signed in (its cookie cannot be forged) and was wrong five times is refused for 1, 2, 4 …
///   60 s, and comes before strangers in the queue;
/// - a stranger waits that long in the queue instead, at most 8 s;
/// - after 20 wrong attempts of anybody within a minute, strangers are looked at one a second;
/// - the machine itself (loopback) is never slowed down.
/// @context thread-bound: main
class Auth {
 public:
  struct Settings {
    bool loopback_console = true;
    /// Cost of argon2id: libsodium's "interactive" (64 MiB, about 0.1 s). Tests take the least.
    std::uint64_t hash_operations = 2;
    std::size_t hash_memory_bytes = 64U << 20U;
  };
  struct Login {
    std::optional<Role> role;  ///< nothing: wrong
    std::string token;         ///< of the new session
    std::optional<std::chrono::seconds> retry_after;
    bool busy = false;  ///< too many attempts wait: not looked at
  };
  static constexpr std::chrono::hours kSession{12};

  Auth(Secrets& secrets, const base::Clock& clock, lib::glib::Loop& main, Settings settings);
  Auth(const Auth&) = delete;
  Auth& operator=(const Auth&) = delete;
  ~Auth();

  /// Hashes and stores a passphrase, at once: takes a tenth of a second. Ends the sessions of that role.
  /// @throws Error{Errc::Invalid} for less than 8 or more than 200 bytes; what Secrets throws.
  void set_passphrase(Role role, const std::string& passphrase);
  /// False before the first set_passphrase(Role::Host, …): the first run.
  [[nodiscard]] bool has_passphrase() const;

  /// What @p request may do by its session or by being the console of this machine.
  [[nodiscard]] std::optional<Role> role_of(const Request& request) const;
  [[nodiscard]] bool allows(Role wanted, const Request& request,
                            const attendance::Register& attendance) const;
  /// @param known_device  the register knows the device cookie of @p request.
  void login(const Request& request, std::string passphrase, bool known_device,
             std::function<void(Login)> then);
  void logout(const std::string& token);
  /// Who is host or organizer now.
  [[nodiscard]] std::shared_ptr<const Sessions> sessions() const;
  /// Of the codes that bring a device's cookie back.
  [[nodiscard]] Guesses& guesses() { return guesses_; }

 private:
  struct Session {
    Role role;
    base::Mono expires;
  };
  struct Failures {
    int count = 0;
    base::Mono blocked_until{};
  };
  struct Attempt {
    std::string key, passphrase;
    std::function<void(Login)> then;
    base::Mono not_before;
  };
  enum class Lane { Local, Known, Stranger };

  void pump();
  void start(Attempt attempt, bool counts);
  void end_changed();
  void hash(Attempt attempt, bool counts);
  void finish(const Attempt& attempt, std::optional<Role> role, bool counts);
  [[nodiscard]] std::chrono::seconds left_to_wait(const std::string& key) const;
  [[nodiscard]] bool under_attack() const;

  Secrets& secrets_;
  const base::Clock& clock_;
  lib::glib::Loop& main_;
  const Settings settings_;
  std::map<std::string, Session> sessions_;                 // by session_key()
  std::map<Role, std::optional<std::string>> last_hashes_;  // those that opened the sessions
  std::map<std::string, Failures> failures_;
  std::deque<base::Mono> wrong_;  // of the last minute
  Guesses guesses_{clock_};
  std::map<Lane, std::deque<Attempt>> lanes_;
  base::Mono next_stranger_{};
  bool hashing_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // main only: for answers on their way
  lib::glib::SourceGuard timer_;
  lib::glib::LoopThread thread_{"auth"};
};

}  // namespace hub::web
