#include "hub/web/auth.h"

#include "hub/attendance/register.h"
#include "hub/base/error.h"
#include "hub/base/log.h"

#include <algorithm>
#include <array>
#include <utility>

#include <sodium.h>

namespace hub::web {
namespace {

using std::chrono::seconds;

constexpr int kFreeAttempts = 5;
constexpr seconds kLongestBlock{60};
constexpr seconds kLongestDelay{8};  // a browser waits for that without a complaint
constexpr std::size_t kManyWrong = 20;
constexpr std::size_t kQueue = 16;  // per lane
constexpr std::size_t kSessions = 64;
constexpr std::size_t kKeys = 4096;

std::string new_token() {
  std::array<unsigned char, 32> random{};
  randombytes_buf(random.data(), random.size());
  std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  sodium_bin2base64(text.data(), text.size(), random.data(), random.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

bool is_right(const std::optional<std::string>& hash, const std::string& passphrase) {
  return hash && crypto_pwhash_str_verify(hash->c_str(), passphrase.c_str(), passphrase.size()) == 0;
}

}  // namespace

std::string generate_passphrase() {
  // No letters that sound alike or are written in several ways: no c, q, x, y, h, w.
  constexpr std::string_view kConsonants = "bdfgjklmnprstvz";
  constexpr std::string_view kVowels = "aeiou";
  if (sodium_init() < 0) throw base::Error{base::Errc::Internal, "libsodium does not start"};
  std::string out;
  for (int word = 0; word < 5; ++word) {
    if (word > 0) out += '-';
    for (int syllable = 0; syllable < 2; ++syllable) {
      out += kConsonants[randombytes_uniform(kConsonants.size())];
      out += kVowels[randombytes_uniform(kVowels.size())];
    }
  }
  return out;
}

std::string hash_passphrase(const std::string& passphrase, std::uint64_t operations,
                            std::size_t memory_bytes) {
  if (sodium_init() < 0) throw base::Error{base::Errc::Internal, "libsodium does not start"};
  if (passphrase.size() < 8 || passphrase.size() > 200)
    throw base::Error{base::Errc::Invalid, "a passphrase has 8 to 200 characters"};
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), passphrase.c_str(), passphrase.size(), operations, memory_bytes) != 0)
    throw base::Error{base::Errc::Io, "not enough memory to hash the passphrase (64 MiB are needed)"};
  return hash.data();
}

std::string session_key(std::string_view token) {
  std::array<unsigned char, crypto_generichash_BYTES> out{};
  const std::vector<unsigned char> in(token.begin(), token.end());
  crypto_generichash(out.data(), out.size(), in.data(), in.size(), nullptr, 0);
  return {out.begin(), out.end()};
}

Auth::Auth(Secrets& secrets, const base::Clock& clock, lib::glib::Loop& main, Settings settings)
    : secrets_{secrets}, clock_{clock}, main_{main}, settings_{settings} {
  if (sodium_init() < 0) throw base::Error{base::Errc::Internal, "libsodium does not start"};
  end_changed();
}

Auth::~Auth() {
  *alive_ = false;
  thread_.stop();
}

void Auth::set_passphrase(Role role, const std::string& passphrase) {
  secrets_.store(role, hash_passphrase(passphrase, settings_.hash_operations, settings_.hash_memory_bytes));
  end_changed();
}

/// A new passphrase ends the sessions that the one before has opened.
void Auth::end_changed() {
  for (const auto role : {Role::Host, Role::Organizer}) {
    auto hash = secrets_.load(role);
    auto& last = last_hashes_[role];
    if (hash == last) continue;
    last = std::move(hash);
    std::erase_if(sessions_, [&](const auto& item) { return item.second.role == role; });
  }
}

bool Auth::has_passphrase() const {
  return secrets_.load(Role::Host).has_value();
}

std::optional<Role> Auth::role_of(const Request& request) const {
  if (settings_.loopback_console && request.local_console) return Role::Host;
  if (request.session_token.empty()) return std::nullopt;
  const auto found = sessions_.find(session_key(request.session_token));
  if (found == sessions_.end() || clock_.mono() >= found->second.expires) return std::nullopt;
  return found->second.role;
}

bool Auth::allows(Role wanted, const Request& request, const attendance::Register& attendance) const {
  switch (wanted) {
    case Role::All:
      return true;
    case Role::Attendee:
      return attendance.knows(request.device_token);
    case Role::Organizer:
      return role_of(request).has_value();
    case Role::Host:
      return role_of(request) == Role::Host;
    case Role::Machine:
      return request.local_console || role_of(request) == Role::Host;
  }
  return false;
}

seconds Auth::left_to_wait(const std::string& key) const {
  const auto found = failures_.find(key);
  if (found == failures_.end()) return seconds{0};
  const auto left = found->second.blocked_until - clock_.mono();
  return left.count() <= 0 ? seconds{0} : std::chrono::ceil<seconds>(left);
}

void Auth::login(const Request& request, std::string passphrase, bool known_device,
                 std::function<void(Login)> then) {
  const auto lane = request.local_console ? Lane::Local : known_device ? Lane::Known : Lane::Stranger;
  const auto key = request.peer + " " + (known_device ? request.device_token : "");
  const auto wait = left_to_wait(key);
  if (lane == Lane::Known && wait > seconds{0}) {
    then({std::nullopt, "", wait, false});
    return;
  }
  auto& queue = lanes_[lane];
  if (queue.size() >= kQueue) {
    then({std::nullopt, "", std::nullopt, true});
    return;
  }
  const auto delay = lane == Lane::Stranger ? std::min(wait, kLongestDelay) : seconds{0};
  queue.push_back({key, std::move(passphrase), std::move(then), clock_.mono() + delay});
  pump();
}

bool Auth::under_attack() const {
  return wrong_.size() >= kManyWrong;
}

void Auth::pump() {
  if (hashing_) return;
  const auto now = clock_.mono();
  while (!wrong_.empty() && now - wrong_.front() > std::chrono::minutes{1}) wrong_.pop_front();
  std::optional<base::Mono> earliest;
  for (auto& [lane, queue] : lanes_) {
    if (queue.empty()) continue;
    auto ready = queue.front().not_before;
    if (lane == Lane::Stranger && under_attack()) ready = std::max(ready, next_stranger_);
    if (ready > now) {
      earliest = std::min(earliest.value_or(ready), ready);
      continue;
    }
    auto attempt = std::move(queue.front());
    queue.pop_front();
    if (lane == Lane::Stranger) next_stranger_ = now + seconds{1};
    start(std::move(attempt), lane != Lane::Local);
    return;
  }
  if (earliest)
    timer_ = main_.after(std::chrono::ceil<std::chrono::milliseconds>(*earliest - now), [this] { pump(); });
}

void Auth::start(Attempt attempt, bool counts) {
  hashing_ = true;
  secrets_.refresh([this, alive = alive_, attempt = std::move(attempt), counts] {
    if (!*alive) return;
    end_changed();
    hash(attempt, counts);
  });
}

void Auth::hash(Attempt attempt, bool counts) {
  auto host = secrets_.load(Role::Host);
  auto organizer = secrets_.load(Role::Organizer);
  thread_.post([this, alive = alive_, attempt = std::move(attempt), host = std::move(host),
                organizer = std::move(organizer), counts] {
    std::optional<Role> role;
    if (is_right(host, attempt.passphrase))
      role = Role::Host;
    else if (is_right(organizer, attempt.passphrase))
      role = Role::Organizer;
    main_.post([this, alive, attempt, role, counts] {
      if (*alive) finish(attempt, role, counts);
    });
  });
}

void Auth::finish(const Attempt& attempt, std::optional<Role> role, bool counts) {
  hashing_ = false;
  const auto now = clock_.mono();
  Login result;
  result.role = role;
  if (role) {
    failures_.erase(attempt.key);
    std::erase_if(sessions_, [&](const auto& item) { return now >= item.second.expires; });
    if (sessions_.size() >= kSessions)
      sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
        return a.second.expires < b.second.expires;
      }));
    result.token = new_token();
    sessions_[session_key(result.token)] = {*role, now + kSession};
  } else if (counts) {
    base::logger("web")->warn("wrong passphrase from {}", attempt.key.substr(0, attempt.key.find(' ')));
    wrong_.push_back(now);
    if (failures_.size() >= kKeys)
      std::erase_if(failures_, [&](const auto& item) { return item.second.blocked_until <= now; });
    auto& failures = failures_[attempt.key];
    if (++failures.count >= kFreeAttempts) {
      const int doubled = std::min(failures.count - kFreeAttempts, 6);
      const auto block = std::min(seconds{1 << doubled}, kLongestBlock);
      failures.blocked_until = now + block;
      result.retry_after = block;
    }
  }
  attempt.then(result);
  pump();
}

void Auth::logout(const std::string& token) {
  sessions_.erase(session_key(token));
}

std::shared_ptr<const Sessions> Auth::sessions() const {
  auto now = std::make_shared<Sessions>();
  now->local_console = settings_.loopback_console;
  for (const auto& [key, session] : sessions_)
    if (clock_.mono() < session.expires) now->keys.insert(key);
  return now;
}

}  // namespace hub::web
