#include "hub/web/guesses.h"

#include <algorithm>

namespace hub::web {
namespace {

using std::chrono::seconds;

constexpr int kFree = 5;
constexpr seconds kLongest{60};
constexpr std::size_t kInAll = 20;
constexpr seconds kForget{200};  // 20 in 200 s: one in ten seconds
constexpr std::size_t kPeers = 4096;
constexpr seconds kPeerForget{3600};

}  // namespace

std::optional<seconds> Guesses::wait(const std::string& peer) {
  const auto now = clock_.mono();
  while (!wrong_.empty() && now - wrong_.front() >= kForget) wrong_.pop_front();
  auto until = now;
  if (const auto found = peers_.find(peer); found != peers_.end())
    until = std::max(until, found->second.blocked_until);
  if (wrong_.size() >= kInAll) until = std::max(until, wrong_.front() + kForget);
  if (until <= now) return std::nullopt;
  return std::chrono::ceil<seconds>(until - now);
}

std::optional<seconds> Guesses::begin(const std::string& peer) {
  if (const auto left = wait(peer)) return left;
  const auto now = clock_.mono();
  if (peers_.size() >= kPeers)
    std::erase_if(peers_, [&](const auto& item) { return now - item.second.blocked_until > kPeerForget; });
  wrong_.push_back(now);
  auto& known = peers_[peer];
  if (++known.count >= kFree)
    known.blocked_until = now + std::min(seconds{1 << std::min(known.count - kFree, 6)}, kLongest);
  else
    known.blocked_until = now;
  return std::nullopt;
}

void Guesses::forgive(const std::string& peer) {
  // Only this one: who owns a code may not buy wrong guesses with it.
  if (const auto found = peers_.find(peer); found != peers_.end() && --found->second.count <= 0)
    peers_.erase(found);
  if (!wrong_.empty()) wrong_.pop_back();
}

}  // namespace hub::web
