#include "api/dialects/s3.hpp"

#include <array>

#include "api/dialects/answers.hpp"
#include "json/writer.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::post, "/api/auth/otp/create/"},
    route{net::method::post, "/api/auth/otp/verify/"},
    route{net::method::post, "/api/auth/otp/refresh/"},
};

constexpr std::string_view purpose = "login";
constexpr std::string_view challenge = R"(Bearer realm="api")";
constexpr std::string_view bad_number = "Enter a valid phone number.";
constexpr std::string_view not_right = "Invalid or expired code.";
constexpr std::string_view no_account = "No active account found with the given credentials";
constexpr std::string_view not_now = "Service temporarily unavailable, try again later.";

void answer_unavailable(otp::milliseconds wait, net::response& out) {
  answer_detail(503, not_now, out);
  add_retry_after(wait, out);
}

void answer_throttled(otp::milliseconds wait, net::response& out) {
  const auto seconds = std::max<std::int64_t>((wait.count() + 999) / 1000, 1);
  answer_detail(429,
                "Request was throttled. Expected available in " + std::to_string(seconds) +
                    (seconds == 1 ? " second." : " seconds."),
                out);
  add_retry_after(wait, out);
}

void answer_refused(const otp::refusal& why, net::response& out) {
  switch (trouble_of(why.code)) {
    case trouble::bad_address:
      return answer_field("receiver", bad_number, out);
    case trouble::too_many:
      return answer_throttled(why.retry_after, out);
    case trouble::wrong:
    case trouble::expired:
      return answer_detail(400, not_right, out);
    case trouble::ours:
      break;
  }
  answer_unavailable(why.retry_after, out);
}

void answer_pair(const auth::token_pair& pair, net::response& out) {
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("access", pair.access);
  json.text("refresh", pair.refresh);
  json.end();
}

bool is_ours(const auth::refusal& why) {
  return why.code == auth::errc::overloaded || why.code == auth::errc::store_unavailable;
}

// As simplejwt says it of an account that is switched off; only who has proven the address hears it.
void answer_no_account(const auth::refusal& why, net::response& out) {
  if (is_ours(why)) return answer_unavailable(why.retry_after, out);
  out.add_field("WWW-Authenticate", challenge);
  answer_detail(401, no_account, out);
}

void answer_bad_token(const auth::refusal& why, net::response& out) {
  if (is_ours(why)) return answer_unavailable(why.retry_after, out);
  out.status = 401;
  out.add_field("WWW-Authenticate", challenge);
  out.content_type = "application/json";
  out.body = R"({"detail":"Token is invalid or expired","code":"token_not_valid"})";
}

}  // namespace

std::span<const route> s3::routes() const noexcept {
  return all;
}

task<void> s3::serve(std::size_t number, const net::request& in, net::response& out) {
  if (number == 0) co_return co_await create(in, out);
  if (number == 1) co_return co_await verify(in, out);
  co_await refresh(in, out);
}

task<void> s3::create(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const auto receiver = required(data, "receiver", out);
  if (!receiver) co_return;
  auto request = code_for(caller_of(in, parts_.proxies), policy_, purpose, *receiver);
  const auto issued = co_await parts_.desk.issue(std::move(request));
  if (issued.has_error()) co_return answer_refused(issued.error(), out);
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("uuid", parts_.desk.uuid_of(issued->id));
  json.end();
}

task<void> s3::verify(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const auto uuid = required(data, "uuid", out);
  if (!uuid) co_return;
  const auto receiver = required(data, "receiver", out);
  if (!receiver) co_return;
  if (!required(data, "code", out)) co_return;
  const std::string code = written_code(data, "code", policy_.code_length);
  const auto judged =
      co_await parts_.desk.check_uuid(*receiver, *uuid, code, policy_.name, caller_of(in, parts_.proxies));
  if (judged.has_error()) co_return answer_refused(judged.error(), out);
  if (!judged->valid || !judged->proven) co_return answer_detail(400, not_right, out);
  const auth::proof proven{policy_.realm, *judged->proven, true, {}};
  auto account = co_await parts_.accounts.prove(proven);
  if (account.has_error()) co_return answer_no_account(account.error(), out);
  const auto pair = co_await parts_.tokens.begin(*std::move(account), options_.tokens);
  if (pair.has_error()) co_return answer_no_account(pair.error(), out);
  answer_pair(*pair, out);
}

task<void> s3::refresh(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const auto token = required(data, "refresh", out);
  if (!token) co_return;
  const auto pair = co_await parts_.tokens.refresh(*token, options_.tokens);
  if (pair.has_error()) co_return answer_bad_token(pair.error(), out);
  answer_pair(*pair, out);
}

}  // namespace otpd::api::dialects
