#pragma once

namespace hub::base {
class Clock;
struct Identity;
}  // namespace hub::base
namespace hub::channels {
class Manager;
}
namespace hub::recordings {
class Shelf;
}
namespace hub::agenda {
struct Settings;
}
namespace hub::attendance {
class Register;
struct Settings;
}  // namespace hub::attendance

namespace hub::machine {
struct Report;
}

namespace hub::web {

class Auth;          // auth.h: passphrase, login sessions, back-off
class FaultReports;  // fault_reports.h: "it does not work", newest 200 in memory
class Audience;      // audience.h: which device follows which channel now
struct Stats;        // stats.h: what the server counts
class Notices;       // notices.h: what hosts' pages ask for again
class Admission;     // admission.h: [lan] max_kbps, who may watch
class Press;         // press.h: makes what is printed

/// What handlers may use. All live on the main thread and outlive the server.
struct Services {
  const base::Identity& identity;
  const attendance::Settings& privacy;
  const base::Clock& clock;
  channels::Manager& channels;
  attendance::Register& attendance;
  Auth& auth;
  FaultReports& reports;
  Audience& audience;
  Stats& stats;
  recordings::Shelf& recordings;
  Notices& notices;
  Admission& admission;
  Press& press;
  const machine::Report& machine;
  const agenda::Settings& ietf;
};

}  // namespace hub::web
