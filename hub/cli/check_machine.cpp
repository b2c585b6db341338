#include "hub/cli/check_machine.h"

#include "hub/base/json.h"
#include "hub/machine/warnings.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <system_error>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::cli {
namespace {

using Grade = Finding::Grade;

std::string reason(int error) {
  return std::generic_category().message(error);
}

template <class... Args>
std::string in_words(const char* sentence, const Args&... args) {
  return fmt::format(fmt::runtime(sentence), args...);
}

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// Precondition: @p text is an IPv4 or IPv6 literal.
Address address_of(const std::string& text, std::uint16_t port) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.length = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.length = sizeof(sockaddr_in6);
  }
  return address;
}

class Socket {
 public:
  explicit Socket(int family) : fd_{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)} {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// 0, or why @p address cannot be listened on.
int try_to_listen(const Address& address) {
  const Socket socket{address.storage.ss_family};
  const int yes = 1;
  // As the hub does: connections of a hub that just ended do not count.
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(socket.get(), address.get(), address.length) != 0) return errno;
  return listen(socket.get(), 1) == 0 ? 0 : errno;
}

/// True if what listens on @p port of this machine answers as a hub does, within a second.
bool is_a_hub(const std::string& listen_address, std::uint16_t port) {
  const bool any = listen_address == "0.0.0.0" || listen_address == "::";
  const Address address = address_of(any ? "127.0.0.1" : listen_address, port);
  const Socket socket{address.storage.ss_family};
  const timeval second{1, 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
  if (connect(socket.get(), address.get(), address.length) != 0) return false;
  constexpr std::string_view kRequest =
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (send(socket.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) return false;
  std::string answer;
  std::array<char, 1024> buffer{};
  for (ssize_t got = 1; got > 0 && answer.size() < 4096;) {
    got = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return answer.find("\"status\":\"ok\"") != std::string::npos &&
         answer.find("uptime_s") != std::string::npos;
}

/// @p folder, or the nearest one above it that exists.
std::filesystem::path nearest_existing(std::filesystem::path folder) {
  std::error_code error;
  while (!std::filesystem::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

}  // namespace

Finding check_port(const std::string& address, std::uint16_t port, const Words& say) {
  Finding finding{Grade::Ok, in_words(say("Port {}", "Port {}"), port), say("libre", "free")};
  const int error = try_to_listen(address_of(address, port));
  if (error == 0) return finding;
  finding.grade = Grade::Failed;
  if (error == EADDRINUSE && is_a_hub(address, port)) {
    finding.grade = Grade::Warning;
    finding.text = say("un hub tourne déjà ici ; arrêtez-le avant d'en lancer un autre",
                       "a hub is running here already; stop it before you start another");
  } else if (error == EADDRINUSE) {
    finding.text =
        in_words(say("pris par un autre programme ; trouvez-le avec « sudo ss -ltnp sport = :{} » ou "
                     "changez web.listen",
                     "taken by another program; find it with \"sudo ss -ltnp sport = :{}\" or change "
                     "web.listen"),
                 port);
  } else if (error == EACCES) {
    finding.text = say("réservé à root ; prenez un port à partir de 1024 dans web.listen",
                       "reserved for root; take a port of 1024 or more in web.listen");
  } else if (error == EADDRNOTAVAIL) {
    finding.text = in_words(say("{} n'est pas une adresse de cette machine ; écrivez 0.0.0.0 dans web.listen",
                                "{} is not an address of this machine; write 0.0.0.0 in web.listen"),
                            address);
  } else {
    finding.text = reason(error);
  }
  return finding;
}

Finding check_data_dir(const std::filesystem::path& folder, const Words& say) {
  Finding finding{Grade::Ok, say("Données", "Data"), folder.string()};
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) {
    const int error = errno;
    const auto above = nearest_existing(folder);
    if (error == ENOENT && access(above.c_str(), W_OK | X_OK) == 0) {
      finding.text = in_words(say("{} (sera créé)", "{} (will be made)"), folder.string());
    } else {
      finding.grade = Grade::Failed;
      finding.text =
          in_words(say("{} ne peut pas être créé : {} n'est pas accessible en écriture ; donnez un autre "
                       "dossier avec --data-dir",
                       "{} cannot be made: {} is not writable; give another folder with --data-dir"),
                   folder.string(), above.string());
    }
    return finding;
  }
  if (!S_ISDIR(status.st_mode)) {
    finding.grade = Grade::Failed;
    finding.text = in_words(say("{} n'est pas un dossier", "{} is not a folder"), folder.string());
  } else if (access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
    finding.grade = Grade::Failed;
    finding.text = in_words(
        say("{} n'est pas accessible en écriture ; sudo chown {} {}", "{} is not writable; sudo chown {} {}"),
        folder.string(), geteuid(), folder.string());
  } else if (status.st_uid != geteuid()) {
    finding.grade = Grade::Warning;
    finding.text = in_words(say("{} appartient à un autre compte (uid {}) ; lancez le hub sous celui-ci",
                                "{} belongs to another account (uid {}); start the hub from that one"),
                            folder.string(), status.st_uid);
  } else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    finding.grade = Grade::Warning;
    finding.text = in_words(say("{} est ouvert à d'autres comptes, et il contient des noms ; chmod 700 {}",
                                "{} is open to other accounts, and it holds names; chmod 700 {}"),
                            folder.string(), folder.string());
  }
  return finding;
}

Finding check_disk(std::uint64_t free_bytes, const Words& say) {
  constexpr std::uint64_t kFailBelow = 50'000'000;  // SQLite needs room for its journal to write at all
  const double gigabytes = static_cast<double>(free_bytes) / 1e9;
  Finding finding{Grade::Ok, say("Disque", "Disk"),
                  in_words(say("{:.1f} Go libres", "{:.1f} GB free"), gigabytes)};
  machine::State state;
  state.free_bytes = free_bytes;
  for (const auto& warning : machine::warnings(state))
    if (warning.code == "disk_low") {
      finding.grade = free_bytes < kFailBelow ? Grade::Failed : Grade::Warning;
      finding.text = say(warning.french.c_str(), warning.english.c_str());
    }
  return finding;
}

Finding check_clock(base::Wall now, bool synchronised, const Words& say) {
  using namespace std::chrono;
  const int year = static_cast<int>(year_month_day{floor<days>(now)}.year());
  Finding finding{Grade::Ok, say("Horloge", "Clock"), base::to_rfc3339(now)};
  if (year < 2025 || year > 2099) {
    finding.grade = Grade::Failed;
    finding.text =
        in_words(say("l'année {} est fausse ; réglez l'heure : sudo date --set \"2027-01-15 08:00\"",
                     "the year {} is wrong; set the time: sudo date --set \"2027-01-15 08:00\""),
                 year);
  } else if (!synchronised) {
    finding.grade = Grade::Warning;
    finding.text =
        in_words(say("{}, non synchronisée ; comparez à une montre, ou connectez la machine et : sudo "
                     "timedatectl set-ntp true",
                     "{}, not synchronised; compare it with a watch, or connect the machine and: sudo "
                     "timedatectl set-ntp true"),
                 finding.text);
  }
  return finding;
}

std::vector<Finding> check_surroundings(const machine::State& state, const Words& say) {
  struct Subject {
    const char *code, *french, *english;
  };
  constexpr std::array kSubjects{Subject{"clock_behind", "Horloge", "Clock"}, Subject{"lid", "Écran", "Lid"},
                                 Subject{"sleep", "Veille", "Sleep"},
                                 Subject{"forwarding", "Forfait", "Data plan"},
                                 Subject{"address_dynamic", "Adresse", "Address"}};
  std::vector<Finding> findings;
  for (const auto& warning : machine::warnings(state))
    for (const auto& subject : kSubjects)
      if (warning.code == subject.code)
        findings.push_back({Grade::Warning, say(subject.french, subject.english),
                            say(warning.french.c_str(), warning.english.c_str())});
  return findings;
}

Finding check_addresses(const std::vector<std::string>& addresses, std::uint16_t port, const Words& say) {
  Finding finding{Grade::Ok, say("Adresses", "Addresses"), {}};
  if (addresses.empty()) {
    finding.grade = Grade::Warning;
    finding.text =
        say("aucun réseau : les téléphones ne trouveront pas le hub ; connectez le Wi-Fi ou le câble",
            "no network: phones will not find the hub; connect the Wi-Fi or the cable");
  }
  for (const auto& address : addresses) {
    const bool v6 = address.find(':') != std::string::npos;
    finding.text += fmt::format("{}http://{}{}{}:{}/", finding.text.empty() ? "" : " ", v6 ? "[" : "",
                                address, v6 ? "]" : "", port);
  }
  return finding;
}

Finding check_plugins(const base::Result<std::string>& report, const Words& say) {
  Finding finding{Grade::Ok, say("GStreamer", "GStreamer"),
                  say("tous les modules sont là", "all plugins are there")};
  const auto broken = [&](const std::string& why) {
    finding.grade = Grade::Failed;
    finding.text =
        in_words(say("viewing-hub-worker ne répond pas : {} ; refaites scripts/setup et la construction",
                     "viewing-hub-worker does not answer: {}; run scripts/setup and build again"),
                 why);
    return finding;
  };
  if (!report) return broken(report.error().text);
  const auto json = base::parse_json(*report);
  if (!json) return broken(json.error().text);
  const auto missing = json->is_object() ? json->find("missing") : json->end();
  if (!json->is_object() || missing == json->end() || !missing->is_array()) return broken("\"missing\"?");
  if (missing->empty()) return finding;
  std::set<std::string> elements, packages;
  for (const auto& entry : *missing) {
    if (const auto element = base::string_at(entry, "element")) elements.insert(*element);
    if (const auto package = base::string_at(entry, "package")) packages.insert(*package);
  }
  finding.grade = Grade::Failed;
  finding.text =
      in_words(say("il manque {} ; sudo apt-get install {}", "missing: {}; sudo apt-get install {}"),
               fmt::join(elements, ", "), fmt::join(packages, " "));
  return finding;
}

}  // namespace hub::cli
