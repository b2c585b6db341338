#pragma once
#include "hub/web/route.h"

/// Handlers of attendance; hub/web/API.md says what they take and give. All are web::Handler.
namespace hub::web {

void sign_in(Services& services, const Request& request, Reply reply);
void sign_in_again(Services& services, const Request& request, Reply reply);
void sign_in_by_code(Services& services, const Request& request, Reply reply);
void sign_out(Services& services, const Request& request, Reply reply);
void me(Services& services, const Request& request, Reply reply);
void erase_me(Services& services, const Request& request, Reply reply);
void attendance_summary(Services& services, const Request& request, Reply reply);
void attendance_export(Services& services, const Request& request, Reply reply);

// sessions.cpp
void open_session(Services& services, const Request& request, Reply reply);
void change_session(Services& services, const Request& request, Reply reply);
void close_session(Services& services, const Request& request, Reply reply);
// desk.cpp
void show_desk(Services& services, const Request& request, Reply reply);
void add_at_desk(Services& services, const Request& request, Reply reply);
void left_at_desk(Services& services, const Request& request, Reply reply);
void undo_at_desk(Services& services, const Request& request, Reply reply);
void set_head_count(Services& services, const Request& request, Reply reply);

}  // namespace hub::web
