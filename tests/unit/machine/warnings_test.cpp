#include "hub/machine/warnings.h"

#include "tests/support/catch.h"
#include "tests/support/process.h"

#include <filesystem>
#include <string>
#include <vector>

using namespace hub;
using namespace std::chrono_literals;

namespace {

machine::State good() {
  machine::State state;
  state.addresses = {{"192.168.1.20", "wlan0", false, false}};
  state.now = base::Wall{1'800'000'000s};
  state.free_bytes = 50'000'000'000;
  return state;
}

std::vector<std::string> codes(const machine::State& state) {
  std::vector<std::string> out;
  for (const auto& warning : machine::warnings(state)) {
    CHECK_FALSE(warning.french.empty());
    CHECK_FALSE(warning.english.empty());
    out.push_back(warning.code);
  }
  return out;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a machine that is well set up gives no warning") {
  CHECK(codes(good()).empty());
}

TEST_CASE("a clock behind the presence log is worse than one without a time service") {
  auto state = good();
  state.clock_synchronised = false;
  CHECK(codes(state) == Codes{"clock_unsynchronised"});
  state.last_entry = state.now + 6s;
  CHECK(codes(state) == Codes{"clock_behind"});
  state.last_entry = state.now + 5s;
  CHECK(codes(state) == Codes{"clock_unsynchronised"});
}

TEST_CASE("an address that is lent warns only if the phones are given it") {
  auto state = good();
  state.addresses.push_back({"10.0.0.2", "eth0", false, true});
  state.addresses.push_back({"2001:db8::7", "wlan0", true, true});
  CHECK(codes(state).empty());
  state.addresses.front().dynamic = true;
  CHECK(codes(state) == Codes{"address_dynamic"});
  state.addresses.clear();
  CHECK(codes(state) == Codes{"no_network"});
}

TEST_CASE("what logind does on its own is said unless somebody holds it") {
  auto state = good();
  state.sleep = lib::logind::Policy{"suspend", "", "suspend", false, false};
  CHECK(codes(state) == Codes{"sleep"});
  state.has_lid = true;
  CHECK(codes(state) == Codes{"lid", "sleep"});
  state.sleep->lid_blocked = true;
  CHECK(codes(state) == Codes{"sleep"});
  state.kept_awake = true;
  CHECK(codes(state).empty());
  state.kept_awake = false;
  state.sleep = lib::logind::Policy{"ignore", "", "lock", false, false};
  CHECK(codes(state).empty());
}

TEST_CASE("little room on the disk is told in hours of recording") {
  auto state = good();
  state.free_bytes = machine::kDiskWarnBytes;
  CHECK(codes(state).empty());
  state.free_bytes = 621'000'000;
  CHECK(codes(state) == Codes{"disk_low"});
  CHECK_THAT(machine::warnings(state).front().english,
             Catch::Matchers::Contains("621 MB free, that is 1.0 h of a recording"));
}

TEST_CASE("interfaces that forward are named, but not what is only a default") {
  const test::TempDir proc;
  const auto set = [&](const std::string& name, const std::string& value) {
    const auto file = proc.path() / "sys/net" / name / "forwarding";
    std::filesystem::create_directories(file.parent_path());
    test::write_text(file, value);
  };
  CHECK(machine::forwarding_interfaces(proc.path()).empty());
  set("ipv4/conf/all", "1\n");
  set("ipv4/conf/lo", "1\n");
  set("ipv4/conf/eth0", "0\n");
  set("ipv4/conf/wlan0", "1\n");
  set("ipv6/conf/eth0", "1\n");
  const auto names = machine::forwarding_interfaces(proc.path());
  CHECK(names == Codes{"wlan0", "eth0 (IPv6)"});
  auto state = good();
  state.forwarding = names;
  CHECK(codes(state) == Codes{"forwarding"});
  CHECK_THAT(machine::warnings(state).front().french,
             Catch::Matchers::Contains("les téléphones consommeront votre forfait"));
}

TEST_CASE("the disk of a folder that is not there yet is that of the nearest one above") {
  CHECK(machine::free_bytes_at("/tmp/not/there") > 0);
}

TEST_CASE("no address is the loopback's or link-local") {
  for (const auto& address : machine::addresses()) {
    CHECK_FALSE(address.text.starts_with("127."));
    CHECK_FALSE(address.text.starts_with("fe80"));
    CHECK_FALSE(address.interface.empty());
  }
}
