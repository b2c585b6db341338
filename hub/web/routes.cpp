#include "hub/web/attendance_routes.h"
#include "hub/web/handlers.h"
#include "hub/web/route.h"

#include <array>

namespace hub::web {
namespace {

constexpr std::size_t kNone = 0;
constexpr std::size_t kSmall = 1024;
constexpr std::size_t kForm = 8 * 1024;
constexpr std::size_t kSheet = 256 * 1024;  // 500 people of a paper sheet

constexpr std::array kRoutes{
    // clang-format off
    Route{Method::Get,    "/healthz",                          Role::All,       kNone,  healthz},
    Route{Method::Get,    "/metrics",                          Role::Machine,   kNone,  metrics},
    Route{Method::Get,    "/api/v1/hub",                       Role::All,       kNone,  hub_info},
    Route{Method::Get,    "/api/v1/channels",                  Role::All,       kNone,  list_channels},
    Route{Method::Post,   "/api/v1/sign-in",                   Role::All,       kForm,  sign_in},
    Route{Method::Post,   "/api/v1/sign-in/again",             Role::Attendee,  kSmall, sign_in_again},
    Route{Method::Post,   "/api/v1/sign-in/code",              Role::All,       kSmall, sign_in_by_code},
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
    Route{Method::Post,   "/api/v1/host/sessions",             Role::Host,      kForm,  open_session},
    Route{Method::Post,   "/api/v1/host/sessions/{id}",        Role::Host,      kForm,  change_session},
    Route{Method::Post,   "/api/v1/host/sessions/{id}/close",  Role::Host,      kSmall, close_session},
    Route{Method::Get,    "/api/v1/host/desk",                 Role::Host,      kNone,  show_desk},
    Route{Method::Post,   "/api/v1/host/desk",                 Role::Host,      kSheet, add_at_desk},
    Route{Method::Post,   "/api/v1/host/desk/undo",            Role::Host,      kSmall, undo_at_desk},
    Route{Method::Post,   "/api/v1/host/desk/{ref}/left",      Role::Host,      kSmall, left_at_desk},
    Route{Method::Put,    "/api/v1/host/head-count",           Role::Host,      kSmall, set_head_count},
    Route{Method::Post,   "/api/v1/host/channels/{id}/start",  Role::Host,      kSmall, start_channel},
    Route{Method::Post,   "/api/v1/host/channels/{id}/stop",   Role::Host,      kSmall, stop_channel},
    Route{Method::Get,    "/api/v1/host/channels",             Role::Host,      kNone,  list_host_channels},
    Route{Method::Post,   "/api/v1/host/channels",             Role::Host,      kForm,  add_channel},
    Route{Method::Delete, "/api/v1/host/channels/{id}",        Role::Host,      kSmall, delete_channel},
    Route{Method::Post,   "/api/v1/host/channels/{id}/pause",  Role::Host,      kSmall, pause_channel},
    Route{Method::Post,   "/api/v1/host/channels/{id}/resume", Role::Host,      kSmall, resume_channel},
    Route{Method::Post,   "/api/v1/host/channels/{id}/seek",   Role::Host,      kSmall, seek_channel},
    Route{Method::Post,   "/api/v1/host/test",                 Role::Host,      kForm,  test_address},
    Route{Method::Get,    "/api/v1/host/recordings",           Role::Host,      kNone,  list_recordings},
    Route{Method::Post,   "/api/v1/host/recordings",           Role::Host,      kForm,  add_recording},
    Route{Method::Delete, "/api/v1/host/recordings/{id}",      Role::Host,      kSmall, delete_recording},
    Route{Method::Get,    "/api/v1/qr.svg",                    Role::All,       kNone,  qr},
    Route{Method::Get,    "/api/v1/host/sheet.pdf",            Role::Host,      kNone,  sheet},
    Route{Method::Get,    "/api/v1/host/poster.pdf",           Role::Host,      kNone,  poster},
    Route{Method::Get,    "/api/v1/host/machine",              Role::Host,      kNone,  show_machine},
    Route{Method::Get,    "/api/v1/host/viewers",              Role::Host,      kNone,  show_viewers},
    // clang-format on
};

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

}  // namespace hub::web
