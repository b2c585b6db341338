#include "hub/attendance/summary.h"

namespace hub::attendance {
namespace {

base::Json to_json(const Register::Figures& figures) {
  return {{"named", figures.named},
          {"anonymous", figures.anonymous},
          {"head_count", figures.head_count ? base::Json(*figures.head_count) : base::Json{}},
          {"members", figures.groups.members},
          {"first_time", figures.groups.first_time},
          {"gender", figures.groups.gender},
          {"status", figures.groups.status},
          {"answers", figures.groups.answers}};
}

}  // namespace

base::Json to_json(const Session& session) {
  return {{"id", session.id},
          {"title", session.title},
          {"acronym", session.acronym},
          {"meeting", session.meeting},
          {"channel", session.channel.empty() ? base::Json{} : base::Json(session.channel)},
          {"start", base::to_rfc3339(session.start)},
          {"end", base::to_rfc3339(session.end)},
          {"state", to_string(session.state)},
          {"sign_in_from", base::to_rfc3339(session.sign_in_from)}};
}

base::Json to_json(const Register::Summary& summary) {
  base::Json questions = base::Json::array();
  for (const auto& [id, text] : summary.questions) questions.push_back({{"id", id}, {"text", text}});
  base::Json sessions = base::Json::array();
  for (const auto& each : summary.sessions) {
    base::Json session = to_json(each.session);
    session.update(to_json(each.figures));
    session["forgotten"] = each.session.forgotten;
    session["present"] = each.present;
    sessions.push_back(std::move(session));
  }
  return {{"hub", summary.hub},
          {"at", base::to_rfc3339(summary.at)},
          {"questions", std::move(questions)},
          {"sessions", std::move(sessions)},
          {"totals", to_json(summary.totals)}};
}

}  // namespace hub::attendance
