#include "api/admin.hpp"

#include <array>

#include "api/problem.hpp"
#include "api/request_body.hpp"

namespace otpd::api {

namespace {
constexpr std::string_view plain_text = "text/plain; charset=utf-8";
}

task<void> admin::handle(const net::request& in, net::response& out) {
  if (inbox_ && inbox_pages::owns(in.path)) {
    inbox_->serve(in, out);
    co_return;
  }
  const bool is_unlock = in.path == "/recipients/unlock";
  const bool is_known = is_unlock || in.path == "/healthz" || in.path == "/readyz" || in.path == "/metrics";
  if (!is_known) {
    answer_problem({"not_found"}, out);
    co_return;
  }
  const bool is_read = in.method == net::method::get || in.method == net::method::head;
  if (is_unlock ? in.method != net::method::post : !is_read) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", is_unlock ? "POST" : "GET, HEAD");
    co_return;
  }
  if (is_unlock) co_return co_await unlock(in, out);
  if (in.path == "/readyz") co_return ready(out);
  out.content_type = in.path == "/metrics" ? "text/plain; version=0.0.4; charset=utf-8" : plain_text;
  out.body = in.path == "/metrics" ? parts_.metrics() : "ok\n";
}

void admin::refuse(unsigned status, std::string_view code, net::response& out) {
  answer_refused_request(status, code, out);
}

void admin::ready(net::response& out) const {
  out.content_type = plain_text;
  const std::vector<std::string> reasons = parts_.why_not_ready();
  if (reasons.empty()) {
    out.body = "ready\n";
    return;
  }
  out.status = 503;
  out.add_field("Retry-After", "1");
  for (const std::string& reason : reasons)
    out.body += reason + "\n";
}

task<void> admin::unlock(const net::request& in, net::response& out) {
  constexpr std::array<std::string_view, 2> allowed{"to", "profile"};
  std::string to, profile;
  if (!read_body(in, allowed, body_, out) || !read_required(body_, "to", to, out) ||
      !read_text(body_, "profile", profile, out)) {
    co_return;
  }
  const auto done = co_await verifier_.unlock(to, profile);
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  out.status = 204;
}

}  // namespace otpd::api
