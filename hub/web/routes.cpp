#include "hub/web/attendance_routes.h"
#include "hub/web/handlers.h"
#include "hub/web/route.h"

#include <array>

namespace hub::web {
namespace {

constexpr std::size_t kNone = 0;
constexpr std::size_t kSmall = 1024;
constexpr std::size_t kForm = 8 * 1024;

constexpr std::array kRoutes{
    // clang-format off
    Route{Method::Get,    "/healthz",                          Role::All,       kNone,  healthz},
    Route{Method::Get,    "/metrics",                          Role::Machine,   kNone,  metrics},
    Route{Method::Get,    "/api/v1/hub",                       Role::All,       kNone,  hub_info},
    Route{Method::Get,    "/api/v1/channels",                  Role::All,       kNone,  list_channels},
    Route{Method::Post,   "/api/v1/sign-in",                   Role::All,       kForm,  sign_in},
    Route{Method::Post,   "/api/v1/sign-out",                  Role::Attendee,  kSmall, sign_out},
    Route{Method::Get,    "/api/v1/me",                        Role::All,       kNone,  me},
    Route{Method::Delete, "/api/v1/me",                        Role::Attendee,  kSmall, erase_me},
    Route{Method::Post,   "/api/v1/reports",                   Role::All,       kForm,  add_report},
    Route{Method::Post,   "/api/v1/login",                     Role::All,       kSmall, login},
    Route{Method::Post,   "/api/v1/logout",                    Role::All,       kSmall, logout},
    Route{Method::Get,    "/api/v1/session",                   Role::All,       kNone,  show_session},
    Route{Method::Get,    "/api/v1/attendance",                Role::Organizer, kNone,  attendance_summary},
    Route{Method::Get,    "/api/v1/attendance/export",         Role::Organizer, kNone,  attendance_export},
    Route{Method::Get,    "/api/v1/host/reports",              Role::Host,      kNone,  list_reports},
    Route{Method::Post,   "/api/v1/host/channels/{id}/start",  Role::Host,      kSmall, start_channel},
    Route{Method::Post,   "/api/v1/host/channels/{id}/stop",   Role::Host,      kSmall, stop_channel},
    Route{Method::Get,    "/api/v1/host/machine",              Role::Host,      kNone,  show_machine},
    Route{Method::Get,    "/api/v1/host/viewers",              Role::Host,      kNone,  show_viewers},
    // clang-format on
};

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

}  // namespace hub::web
