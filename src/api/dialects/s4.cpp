#include "api/dialects/s4.hpp"

#include <array>

#include "api/dialects/answers.hpp"
#include "json/writer.hpp"
#include "net/ascii.hpp"
#include "otp/written_text.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::post, "/register/"},
    route{net::method::post, "/login/"},
    route{net::method::post, "/verify-otp/"},
    route{net::method::get, "/profile/"},
};

constexpr std::string_view purpose = "login";
constexpr std::string_view sent = "OTP sent";
constexpr std::string_view verified = "OTP verified successfully";
constexpr std::string_view no_address = "Email or mobile is required";
constexpr std::string_view bad_email = "Enter a valid email address";
constexpr std::string_view bad_mobile = "Enter a valid mobile number";
constexpr std::string_view no_code = "OTP code is required";
constexpr std::string_view not_right = "Invalid or expired OTP";
constexpr std::string_view too_many = "Too many OTP requests. Please try again later.";
constexpr std::string_view not_now = "Please try again later.";

// Whom a request is about.
struct address {
  std::string text;
  otp::channel channel = otp::channel::email;
};

// The e-mail address where both are given.
std::optional<address> address_in(const request_data& data, net::response& out) {
  for (const auto& [name, channel] :
       {std::pair("email", otp::channel::email), std::pair("mobile", otp::channel::sms)}) {
    const std::string_view text = otp::strip(data.text(name).value_or(""));
    if (!text.empty()) return address{std::string(text), channel};
  }
  answer_message(400, no_address, out);
  return std::nullopt;
}

void answer_unavailable(otp::milliseconds wait, net::response& out) {
  answer_message(503, not_now, out);
  add_retry_after(wait, out);
}

void answer_refused(const otp::refusal& why, otp::channel asked, net::response& out) {
  switch (trouble_of(why.code)) {
    case trouble::bad_address:
      return answer_message(400, asked == otp::channel::email ? bad_email : bad_mobile, out);
    case trouble::too_many:
      answer_message(429, too_many, out);
      return add_retry_after(why.retry_after, out);
    case trouble::wrong:
    case trouble::expired:
      return answer_message(400, not_right, out);
    case trouble::ours:
      break;
  }
  answer_unavailable(why.retry_after, out);
}

// Of "Authorization: Bearer …"; empty: none, or more than one.
std::string_view bearer_in(const net::request& in) {
  constexpr std::string_view scheme = "Bearer ";
  if (in.field_count("Authorization") != 1) return {};
  const std::string_view value = in.field_value("Authorization");
  const bool fits =
      value.size() > scheme.size() && net::equal_without_case(value.substr(0, scheme.size()), scheme);
  return fits ? value.substr(scheme.size()) : std::string_view();
}

}  // namespace

std::span<const route> s4::routes() const noexcept {
  return all;
}

task<void> s4::serve(std::size_t number, const net::request& in, net::response& out) {
  if (number == 2) co_return co_await verify(in, out);
  if (number == 3) co_return co_await show_profile(in, out);
  co_await send(in, out);
}

task<void> s4::send(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const auto to = address_in(data, out);
  if (!to) co_return;
  auto request = code_for(caller_of(in, parts_.proxies), policy_, purpose, to->text, to->channel);
  const auto issued = co_await parts_.desk.issue(std::move(request));
  if (issued.has_error()) co_return answer_refused(issued.error(), to->channel, out);
  answer_message(200, sent, out);
}

task<void> s4::verify(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const auto to = address_in(data, out);
  if (!to) co_return;
  const std::string code = written_code(data, data.text("code") ? "code" : "otp", policy_.code_length);
  if (code.empty()) co_return answer_message(400, no_code, out);
  const auto judged = co_await parts_.desk.check_recipient(to->text, code, policy_.name, purpose,
                                                           caller_of(in, parts_.proxies));
  if (judged.has_error()) co_return answer_refused(judged.error(), to->channel, out);
  if (!judged->valid || !judged->proven) co_return answer_message(400, not_right, out);
  const auth::proof proven{policy_.realm, *judged->proven, true, {}};
  const auto account = co_await parts_.accounts.prove(proven);
  if (account.has_error() && account.error().code == auth::errc::account_disabled)
    co_return answer_message(400, not_right, out);
  if (account.has_error()) co_return answer_unavailable(account.error().retry_after, out);
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("message", verified);
  json.text("access", parts_.tokens.access_token(*account, options_.tokens));
  json.end();
}

task<void> s4::show_profile(const net::request& in, net::response& out) {
  const std::string_view token = bearer_in(in);
  if (token.empty()) co_return answer_unauthenticated(false, out);
  const auto who = co_await parts_.tokens.authenticate(token, options_.tokens);
  if (who.has_error()) {
    using auth::errc;
    const auto code = who.error().code;
    if (code == errc::overloaded || code == errc::store_unavailable)
      co_return answer_unavailable(who.error().retry_after, out);
    co_return answer_unauthenticated(true, out);
  }
  const auth::account& account = who->account;
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("id", account.id);
  json.text_or_null("email", account.email);
  json.text_or_null("mobile", account.phone);
  json.boolean("is_verified", account.phone_verified || account.email_verified);
  json.end();
}

}  // namespace otpd::api::dialects
