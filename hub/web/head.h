#pragma once
#include "hub/base/identity.h"
#include "hub/lib/soup/ref.h"
#include "hub/web/connection.h"
#include "hub/web/host_names.h"
#include "hub/web/message.h"
#include "hub/web/route.h"

#include <cstddef>
#include <optional>
#include <string>

namespace hub::web {

/// The head of one request, checked: what it asks for, or why it is refused.
struct Head {
  enum class Target { Api, Hls, Audio, File, Live, Options };
  Target target = Target::File;
  Request request;
  const Route* route = nullptr;  ///< Api
  std::size_t body_limit_bytes = 0;
  std::optional<Response> refusal;
  std::string if_none_match;
  bool accepts_gzip = false;
  bool wants_icy = false;  ///< Icy-MetaData: 1
  std::string allow;       ///< for Options
};

/// Reads and checks the head: path, Host (DNS rebinding), method, Origin (CSRF), Content-Type, declared
/// length. The role is checked later, on the main thread, where sessions live.
[[nodiscard]] Head read_head(SoupServerMessage* message, const Connection& connection, HostNames& hosts,
                             const base::Identity& identity);

}  // namespace hub::web
