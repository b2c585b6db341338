#include "hub/machine/network.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace hub::machine {
namespace {

class Netlink {
 public:
  Netlink() : fd_{socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)} {
    const timeval second{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  }
  Netlink(const Netlink&) = delete;
  Netlink& operator=(const Netlink&) = delete;
  ~Netlink() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// The macros of rtnetlink.h cast as C does; these walk the same bytes.
template <class T>
const T* at(const std::byte* bytes) {
  return reinterpret_cast<const T*>(bytes);
}

std::optional<Address> read_address(const std::byte* body, std::size_t length) {
  if (length < sizeof(ifaddrmsg)) return std::nullopt;
  const auto* head = at<ifaddrmsg>(body);
  if (head->ifa_scope >= RT_SCOPE_LINK || (head->ifa_family != AF_INET && head->ifa_family != AF_INET6))
    return std::nullopt;
  Address address;
  address.v6 = head->ifa_family == AF_INET6;
  unsigned flags = head->ifa_flags;
  const std::size_t size = address.v6 ? 16 : 4;
  bool local = false;
  for (std::size_t offset = NLMSG_ALIGN(sizeof(ifaddrmsg)); offset + sizeof(rtattr) <= length;) {
    const auto* attribute = at<rtattr>(body + offset);
    if (attribute->rta_len < sizeof(rtattr) || offset + attribute->rta_len > length) break;
    const auto* value = body + offset + sizeof(rtattr);
    const std::size_t value_size = attribute->rta_len - sizeof(rtattr);
    if (attribute->rta_type == IFA_FLAGS && value_size >= sizeof(unsigned)) flags = *at<unsigned>(value);
    // On a point-to-point link IFA_ADDRESS is the peer and IFA_LOCAL is ours.
    if (value_size >= size &&
        (attribute->rta_type == IFA_LOCAL || (attribute->rta_type == IFA_ADDRESS && !local))) {
      std::array<char, INET6_ADDRSTRLEN> text{};
      if (inet_ntop(head->ifa_family, value, text.data(), text.size())) address.text = text.data();
      local = attribute->rta_type == IFA_LOCAL;
    }
    offset += RTA_ALIGN(attribute->rta_len);
  }
  std::array<char, IF_NAMESIZE> name{};
  if (if_indextoname(head->ifa_index, name.data())) address.interface = name.data();
  address.dynamic = (flags & IFA_F_PERMANENT) == 0;
  if (address.text.empty() || address.interface == "lo" || (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0)
    return std::nullopt;
  return address;
}

}  // namespace

std::vector<Address> addresses() {
  const Netlink netlink;
  struct {
    nlmsghdr head;
    ifaddrmsg body;
  } request{};
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = RTM_GETADDR;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  std::vector<Address> found;
  if (send(netlink.get(), &request, sizeof request, 0) < 0) return found;
  alignas(nlmsghdr) std::array<std::byte, 32 * 1024> buffer{};  // the kernel's largest piece of a dump
  for (bool more = true; more;) {
    const auto got = recv(netlink.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    for (std::size_t offset = 0; offset + sizeof(nlmsghdr) <= static_cast<std::size_t>(got);) {
      const auto* message = at<nlmsghdr>(buffer.data() + offset);
      if (message->nlmsg_len < sizeof(nlmsghdr) ||
          offset + message->nlmsg_len > static_cast<std::size_t>(got))
        break;
      if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
        more = false;
        break;
      }
      if (message->nlmsg_type == RTM_NEWADDR)
        if (auto address =
                read_address(buffer.data() + offset + NLMSG_HDRLEN, message->nlmsg_len - NLMSG_HDRLEN))
          found.push_back(std::move(*address));
      offset += NLMSG_ALIGN(message->nlmsg_len);
    }
  }
  std::stable_partition(found.begin(), found.end(), [](const Address& address) { return !address.v6; });
  return found;
}

}  // namespace hub::machine
