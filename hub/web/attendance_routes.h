#pragma once
#include "hub/web/route.h"

/// Handlers of attendance; hub/web/API.md says what they take and give. All are web::Handler.
namespace hub::web {

void sign_in(Services& services, const Request& request, Reply reply);
void sign_out(Services& services, const Request& request, Reply reply);
void me(Services& services, const Request& request, Reply reply);
void erase_me(Services& services, const Request& request, Reply reply);
void attendance_summary(Services& services, const Request& request, Reply reply);
void attendance_export(Services& services, const Request& request, Reply reply);

}  // namespace hub::web
