#include "api/native.hpp"

#include <algorithm>

#include "api/client_address.hpp"
#include "api/identify.hpp"
#include "api/message_parameters.hpp"
#include "api/native_route.hpp"
#include "api/openapi.hpp"
#include "api/request_body.hpp"

namespace otpd::api {

namespace {

constexpr std::string_view default_profile = "default";
constexpr std::string_view default_purpose = "verify";
constexpr std::size_t longest_name = 32;
constexpr std::size_t longest_locale = 35;
const yielded nothing_more;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

bool is_locale(std::string_view text) {
  return !text.empty() && text.size() <= longest_locale && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool read_names(const json::object& body, std::string& profile, std::string& purpose, net::response& out) {
  profile = default_profile;
  purpose = default_purpose;
  if (!read_text(body, "profile", profile, out) || !read_text(body, "purpose", purpose, out)) return false;
  if (!is_name(profile)) return refuse_member("invalid_member", "profile", out);
  if (!is_name(purpose)) return refuse_member("invalid_member", "purpose", out);
  return true;
}

bool read_channel(const json::object& body, std::optional<otp::channel>& into, net::response& out) {
  std::string text;
  if (!read_text(body, "channel", text, out)) return false;
  if (body.find("channel") == nullptr) return true;
  if (text == to_string(otp::channel::sms)) into = otp::channel::sms;
  if (text == to_string(otp::channel::email)) into = otp::channel::email;
  return into ? true : refuse_member("invalid_member", "channel", out);
}

bool read_locale(const json::object& body, std::string& into, net::response& out) {
  if (!read_text(body, "locale", into, out)) return false;
  return body.find("locale") == nullptr || is_locale(into) ? true
                                                           : refuse_member("invalid_member", "locale", out);
}

bool read_client(const json::object& body, otp::caller& by, net::response& out) {
  std::string text;
  if (!read_text(body, "client_ip", text, out)) return false;
  if (body.find("client_ip") == nullptr) return true;
  const auto address = parse_address(text);
  if (!address) return refuse_member("invalid_member", "client_ip", out);
  by.client = network_of(*address);
  return true;
}

}  // namespace

task<void> native::handle(const net::request& in, net::response& out) {
  const auto path = parse_native_path(in.path);
  if (!path) {
    answer_problem({"not_found"}, out);
    co_return;
  }
  const bool is_head = in.method == net::method::head;
  if (!is_served(is_head ? net::method::get : in.method, path->resource)) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", allowed_methods(path->resource));
    co_return;
  }
  if (path->resource == resource::description) {
    out.content_type = "application/yaml";
    out.body = openapi_text();
    co_return;
  }
  const auto by = identify(parts_.keys, in, out);
  if (!by) co_return;
  switch (path->resource) {
    case resource::collection:
      co_return co_await issue(in, out, *by);
    case resource::check:
      co_return co_await check_recipient(in, out, *by);
    case resource::one_check:
      co_return co_await check(in, path->id, out, *by);
    case resource::one_resend:
      co_return co_await resend(in, path->id, out, *by);
    case resource::one:
    case resource::description:
      break;
  }
  if (in.method == net::method::del) co_return co_await cancel(path->id, out);
  co_await find(path->id, out);
}

void native::refuse(unsigned status, std::string_view code, net::response& out) {
  answer_refused_request(status, code, out);
}

task<void> native::issue(const net::request& in, net::response& out, otp::caller by) {
  constexpr std::array<std::string_view, 8> allowed{"to",     "channel",   "profile",     "purpose",
                                                    "locale", "client_ip", "fallback_to", parameters_member};
  std::string to, profile, purpose, locale, fallback_to;
  otp::issue_request request;
  if (!read_body(in, allowed, body_, out) || !read_required(body_, "to", to, out) ||
      !read_names(body_, profile, purpose, out) || !read_channel(body_, request.channel, out) ||
      !read_locale(body_, locale, out) || !read_parameters(body_, request.parameters, out) ||
      !read_text(body_, "fallback_to", fallback_to, out) || !read_client(body_, by, out)) {
    co_return;
  }
  request.to = to;
  request.profile = profile;
  request.purpose = purpose;
  request.locale = locale;
  request.fallback_to = fallback_to;
  request.caller = by;
  const auto result = co_await desk_.issue(std::move(request));
  answer(201, result, out);
}

task<void> native::check(const net::request& in, std::string_view id, net::response& out, otp::caller by) {
  constexpr std::array<std::string_view, 1> allowed{"code"};
  std::string code;
  if (!read_body(in, allowed, body_, out) || !read_required(body_, "code", code, out)) co_return;
  auto result = co_await desk_.check(id, code, by);
  if (result.has_value() && !yields_.has_any(*result)) co_return answer_judged(*result, nothing_more, out);
  co_await answer_check(std::move(result), out);
}

task<void> native::check_recipient(const net::request& in, net::response& out, otp::caller by) {
  constexpr std::array<std::string_view, 4> allowed{"to", "code", "profile", "purpose"};
  std::string to, code, profile, purpose;
  if (!read_body(in, allowed, body_, out) || !read_required(body_, "to", to, out) ||
      !read_required(body_, "code", code, out) || !read_names(body_, profile, purpose, out)) {
    co_return;
  }
  auto result = co_await desk_.check_recipient(to, code, profile, purpose, by);
  if (result.has_value() && !yields_.has_any(*result)) co_return answer_judged(*result, nothing_more, out);
  co_await answer_check(std::move(result), out);
}

task<void> native::resend(const net::request& in, std::string_view id, net::response& out, otp::caller by) {
  constexpr std::array<std::string_view, 3> allowed{"locale", "fallback_to", parameters_member};
  std::string locale, fallback_to;
  otp::resend_request request;
  if (!in.body.empty()) {
    if (!read_body(in, allowed, body_, out) || !read_locale(body_, locale, out) ||
        !read_parameters(body_, request.parameters, out) ||
        !read_text(body_, "fallback_to", fallback_to, out)) {
      co_return;
    }
  }
  request.id = id;
  request.locale = locale;
  request.fallback_to = fallback_to;
  request.caller = by;
  const auto result = co_await desk_.resend(std::move(request));
  answer(200, result, out);
}

task<void> native::find(std::string_view id, net::response& out) {
  const auto result = co_await desk_.find(id);
  answer(200, result, out);
}

task<void> native::cancel(std::string_view id, net::response& out) {
  const auto result = co_await desk_.cancel(id);
  answer(200, result, out);
}

}  // namespace otpd::api
