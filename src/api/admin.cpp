#include "api/admin.hpp"

#include <algorithm>

#include "api/problem.hpp"

namespace otpd::api {

task<void> admin::handle(const net::request& in, net::response& out) {
  const bool is_unlock = in.path == "/recipients/unlock";
  const bool is_known = is_unlock || in.path == "/healthz" || in.path == "/readyz" || in.path == "/metrics";
  if (!is_known) {
    answer_problem({"not_found"}, out);
    co_return;
  }
  const bool is_read = in.method == net::method::get || in.method == net::method::head;
  if (is_unlock ? in.method != net::method::post : !is_read) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", is_unlock ? "POST" : "GET");
    co_return;
  }
  if (is_unlock) co_return co_await unlock(in, out);
  if (in.path == "/readyz") co_return ready(out);
  out.content_type = in.path == "/metrics" ? "text/plain; version=0.0.4" : "text/plain";
  out.body = in.path == "/metrics" ? parts_.metrics() : "ok\n";
}

void admin::refuse(unsigned status, std::string_view code, net::response& out) {
  const auto codes = problem_codes();
  answer_problem({std::ranges::find(codes, code) != codes.end() ? code : "malformed_request"}, out);
  out.status = status;
  out.close = true;
}

void admin::ready(net::response& out) const {
  out.content_type = "text/plain";
  const std::vector<std::string> reasons = parts_.why_not_ready();
  if (reasons.empty()) {
    out.body = "ready\n";
    return;
  }
  out.status = 503;
  out.add_field("Retry-After", "1");
  for (const std::string& reason : reasons) out.body += reason + "\n";
}

task<void> admin::unlock(const net::request& in, net::response& out) {
  // A browser sends this content type across sites only after asking, and we never agree.
  if (!in.field_value("Content-Type").starts_with("application/json")) {
    answer_problem({"unsupported_media_type"}, out);
    co_return;
  }
  if (body_.parse(in.body) != json_object::fault::none) {
    answer_problem({"invalid_json"}, out);
    co_return;
  }
  for (const auto& member : body_.members()) {
    const bool known = member.name == "to" || member.name == "profile";
    if (known && member.kind == json_kind::string) continue;
    problem what{known ? "invalid_member" : "unknown_member"};
    what.member = member.name;
    answer_problem(what, out);
    co_return;
  }
  const auto* to = body_.find("to");
  const auto* profile = body_.find("profile");
  if (to == nullptr) {
    problem what{"missing_member"};
    what.member = "to";
    answer_problem(what, out);
    co_return;
  }
  const std::string address(to->text);
  const std::string name(profile != nullptr ? profile->text : std::string_view());
  const auto done = co_await verifier_.unlock(address, name);
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  out.status = 204;
}

}  // namespace otpd::api
