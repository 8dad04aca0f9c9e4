#include "api/dialects/s0.hpp"

#include <array>

#include "api/dialects/answers.hpp"
#include "otp/written_text.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::post, "/otp/generate/"},
    route{net::method::post, "/otp/verify/"},
};

constexpr std::string_view purpose = "verify";
constexpr std::string_view sent = "OTP sent successfully";
constexpr std::string_view verified = "Phone number verified successfully";
constexpr std::string_view no_number = "Phone number is required";
constexpr std::string_view not_right = "OTP has expired or invalid";
constexpr std::string_view no_employee = "Employee not found";
constexpr std::string_view too_many = "Too many OTP requests. Please try again later.";
constexpr std::string_view not_sent = "Failed to send OTP. Please try again.";
constexpr std::string_view not_verified = "Failed to verify OTP. Please try again.";

void answer_not_sent(const otp::refusal& why, net::response& out) {
  switch (trouble_of(why.code)) {
    case trouble::bad_address:
      return answer_message(400, no_number, out);
    case trouble::too_many:
      answer_message(429, too_many, out);
      return add_retry_after(why.retry_after, out);
    default:
      answer_message(500, not_sent, out);
      return add_retry_after(why.retry_after, out);
  }
}

}  // namespace

std::span<const route> s0::routes() const noexcept {
  return all;
}

task<void> s0::serve(std::size_t number, const net::request& in, net::response& out) {
  if (number == 0) co_return co_await generate(in, out);
  co_await verify(in, out);
}

task<void> s0::generate(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const std::string phone(otp::strip(data.text("phone_number").value_or("")));
  if (phone.empty()) co_return answer_message(400, no_number, out);
  auto request = code_for(caller_of(in, parts_.proxies), policy_, purpose, phone);
  const auto issued = co_await parts_.desk.issue(std::move(request));
  if (issued.has_error()) co_return answer_not_sent(issued.error(), out);
  answer_message(200, sent, out);
}

task<void> s0::verify(const net::request& in, net::response& out) {
  request_data data;
  if (!read_data(in, data, out)) co_return;
  const std::string phone(otp::strip(data.text("phone_number").value_or("")));
  const std::string code = written_code(data, "otp", policy_.code_length);
  const auto judged =
      co_await parts_.desk.check_recipient(phone, code, policy_.name, purpose, caller_of(in, parts_.proxies));
  const bool is_trouble = judged.has_error() && trouble_of(judged.error().code) == trouble::ours;
  if (is_trouble) {
    answer_message(500, not_verified, out);
    co_return add_retry_after(judged.error().retry_after, out);
  }
  if (judged.has_error() || !judged->valid || !judged->proven) co_return answer_message(400, not_right, out);
  const auth::proof proven{policy_.realm, *judged->proven, false, {}};
  const auto marked = co_await parts_.accounts.prove(proven);
  if (marked.has_value()) co_return answer_message(200, verified, out);
  const bool is_unknown =
      marked.error().code == auth::errc::no_account || marked.error().code == auth::errc::account_disabled;
  answer_message(is_unknown ? 404 : 500, is_unknown ? no_employee : not_verified, out);
}

}  // namespace otpd::api::dialects
