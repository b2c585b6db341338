#pragma once
#include "hub/web/message.h"
#include "hub/web/services.h"

#include <string_view>

/// The handlers of the route table, one file per noun. Those of attendance are in attendance_routes.h.
/// @context main
namespace hub::channels {
struct Info;
}

namespace hub::web {

// hub.cpp
void healthz(Services& services, const Request& request, Reply reply);
void hub_info(Services& services, const Request& request, Reply reply);
// metrics.cpp
void metrics(Services& services, const Request& request, Reply reply);
// channels.cpp
void list_channels(Services& services, const Request& request, Reply reply);
void start_channel(Services& services, const Request& request, Reply reply);
void stop_channel(Services& services, const Request& request, Reply reply);
[[nodiscard]] base::Json channel_json(const Services& services, const channels::Info& info,
                                      std::string_view language);
// host_channels.cpp
void list_host_channels(Services& services, const Request& request, Reply reply);
void add_channel(Services& services, const Request& request, Reply reply);
void delete_channel(Services& services, const Request& request, Reply reply);
void pause_channel(Services& services, const Request& request, Reply reply);
void resume_channel(Services& services, const Request& request, Reply reply);
void seek_channel(Services& services, const Request& request, Reply reply);
void test_address(Services& services, const Request& request, Reply reply);
/// What GET /api/v1/channels and the channels frame show.
[[nodiscard]] base::Json channels_json(const Services& services, std::string_view language);
// reports.cpp
void add_report(Services& services, const Request& request, Reply reply);
void list_reports(Services& services, const Request& request, Reply reply);
// recordings.cpp
void list_recordings(Services& services, const Request& request, Reply reply);
void add_recording(Services& services, const Request& request, Reply reply);
void delete_recording(Services& services, const Request& request, Reply reply);
// login.cpp
void login(Services& services, const Request& request, Reply reply);
void logout(Services& services, const Request& request, Reply reply);
void show_session(Services& services, const Request& request, Reply reply);
// paper.cpp
void sheet(Services& services, const Request& request, Reply reply);
void poster(Services& services, const Request& request, Reply reply);
void qr(Services& services, const Request& request, Reply reply);

// machine.cpp
void show_machine(Services& services, const Request& request, Reply reply);
void show_viewers(Services& services, const Request& request, Reply reply);

}  // namespace hub::web
