#include "api/admin.hpp"

#include <algorithm>
#include <array>

#include "api/own_site.hpp"
#include "api/problem.hpp"
#include "api/request_body.hpp"

namespace otpd::api {

namespace {
constexpr std::string_view plain_text = "text/plain; charset=utf-8";

// Of /providers/{name}/breaker; empty: another path.
std::string_view provider_of(std::string_view path) {
  constexpr std::string_view head = "/providers/", tail = "/breaker";
  if (!path.starts_with(head) || !path.ends_with(tail) || path.size() <= head.size() + tail.size()) return {};
  return path.substr(head.size(), path.size() - head.size() - tail.size());
}

}  // namespace

task<void> admin::handle(const net::request& in, net::response& out) {
  if (inbox_ && inbox_pages::owns(in.path)) {
    inbox_->serve(in, out);
    co_return;
  }
  const std::string_view provider = provider_of(in.path);
  const bool is_unlock = in.path == "/recipients/unlock";
  const bool is_accounts = parts_.accounts != nullptr && account_calls::serves(in.path);
  const bool is_read_only = in.path == "/healthz" || in.path == "/readyz" || in.path == "/metrics";
  if (!is_read_only && !is_unlock && !is_accounts && provider.empty()) {
    answer_problem({"not_found"}, out);
    co_return;
  }
  const bool is_read = in.method == net::method::get || in.method == net::method::head;
  const bool is_post = is_unlock || is_accounts;
  const bool fits = is_read_only ? is_read
                    : is_post    ? in.method == net::method::post
                                 : in.method == net::method::put;
  if (!fits) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", is_read_only ? "GET, HEAD" : is_post ? "POST" : "PUT");
    co_return;
  }
  // A page of another site, open in the operator's browser, shall change nothing here.
  if (!is_read_only && !is_own_host(in, parts_.hosts)) co_return answer_problem({"host_not_allowed"}, out);
  if (!is_read_only && !is_own_page(in, true)) co_return answer_problem({"cross_site"}, out);
  if (is_unlock) co_return co_await unlock(in, out);
  if (is_accounts) co_return co_await parts_.accounts->handle(in, out);
  if (!provider.empty()) co_return force_breaker(in, provider, out);
  if (in.path == "/readyz") co_return ready(out);
  out.content_type = in.path == "/metrics" ? "text/plain; version=0.0.4; charset=utf-8" : plain_text;
  out.body = in.path == "/metrics" ? parts_.metrics() : "ok\n";
}

void admin::force_breaker(const net::request& in, std::string_view provider, net::response& out) {
  constexpr std::array<std::string_view, 1> allowed{"mode"};
  constexpr std::array<std::string_view, 3> modes{"automatic", "forced_open", "forced_closed"};
  std::string mode;
  if (!read_body(in, allowed, body_, out) || !read_required(body_, "mode", mode, out)) return;
  if (std::ranges::find(modes, mode) == modes.end()) {
    static_cast<void>(refuse_member("invalid_member", "mode", out));
    return;
  }
  if (!parts_.force_breaker || !parts_.force_breaker(provider, mode)) {
    answer_problem({"not_found"}, out);
    return;
  }
  out.status = 204;
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
