#include "api/dialects/s1.hpp"

#include <array>

#include "api/dialects/answers.hpp"
#include "json/writer.hpp"
#include "net/ascii.hpp"
#include "otp/written_text.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::post, "/api/users/send-otp/"},
    route{net::method::post, "/api/users/verify-otp/"},
};

constexpr std::string_view purpose = "verify";
constexpr std::string_view default_type = "Login";

constexpr std::string_view sent = "OTP sent successfully";
constexpr std::string_view no_number = "Phone number is required";
constexpr std::string_view bad_number = "Invalid phone number format";
constexpr std::string_view too_many = "Too many OTP requests. Please try again later.";
constexpr std::string_view not_sent = "Failed to send OTP. Please try again.";
constexpr std::string_view verified = "OTP verified successfully";
constexpr std::string_view no_code = "OTP code is required";
constexpr std::string_view not_numeric = "OTP must be numeric";
constexpr std::string_view not_right = "Invalid OTP code";
constexpr std::string_view is_over = "OTP code has expired. Please request a new one.";
constexpr std::string_view send_error = "Error sending OTP: ";
constexpr std::string_view verify_error = "Error verifying OTP: ";
constexpr std::string_view unavailable = "try again later";

// {"message": text, "status": status}
void answer_send(unsigned status, std::string_view text, net::response& out) {
  out.status = status;
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("message", text);
  json.text("status", status == 200 ? "success" : "error");
  json.end();
}

// {"message": text, "status": status, "verified": bool}
void answer_verify(unsigned status, std::string_view text, net::response& out) {
  out.status = status;
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("message", text);
  json.text("status", status == 200 ? "success" : "error");
  json.boolean("verified", status == 200);
  json.end();
}

// The number as E.164 if the system's pattern takes it, ^\+?[1-9]\d{9,14}$ without spaces; else nothing. Its
// \d are the digits of every script.
std::optional<std::string> number_in(std::string_view text) {
  std::string digits(text);
  std::erase(digits, ' ');
  if (digits.starts_with('+')) digits.erase(0, 1);
  if (digits.empty() || digits.front() < '1' || digits.front() > '9') return std::nullopt;
  digits = otp::fold_digits(digits);
  if (digits.size() < 10 || digits.size() > 15 || !std::ranges::all_of(digits, net::is_digit))
    return std::nullopt;
  return "+" + digits;
}

// Reads a body; false: it could not be read, `why` says so.
bool read_body(const net::request& in, request_data& into, std::string& why) {
  if (into.read(in) == request_data::fault::none) return true;
  why = into.detail();
  return false;
}

// A member's text, white space stripped; empty if it is absent. Nothing: it is something that has no text,
// `why` says so.
std::optional<std::string> stripped(const request_data& data, std::string_view name, std::string& why) {
  if (!data.has(name) || data.text(name)) return std::string(otp::strip(data.text(name).value_or("")));
  why = std::string(name) + " must be a string";
  return std::nullopt;
}

// Verifications of one type know nothing of another's, and all share the number's limits. Whatever is no text
// is one more type; null is none.
std::string variant_of(const request_data& data) {
  constexpr std::string_view name = "verification_type";
  if (!data.has(name) || data.is_null(name) || data.text(name) == default_type) return {};
  return data.text(name) ? "=" + std::string(*data.text(name)) : "?";
}

// The system compares codes as integers: how many zeros are in front counts for nothing.
std::string code_in(std::string_view digits, std::size_t length) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return std::string(length - std::min(length, digits.size()), '0').append(digits);
}

void answer_not_sent(const otp::refusal& why, net::response& out) {
  switch (trouble_of(why.code)) {
    case trouble::bad_address:
      return answer_message(400, bad_number, out);
    case trouble::too_many:
      answer_message(429, too_many, out);
      return add_retry_after(why.retry_after, out);
    default:
      answer_send(500, not_sent, out);
      return add_retry_after(why.retry_after, out);
  }
}

void answer_not_verified(const otp::refusal& why, net::response& out) {
  switch (trouble_of(why.code)) {
    case trouble::expired:
      return answer_verify(400, is_over, out);
    case trouble::ours:
      answer_verify(500, std::string(verify_error).append(unavailable), out);
      return add_retry_after(why.retry_after, out);
    default:
      return answer_verify(400, not_right, out);
  }
}

}  // namespace

std::span<const route> s1::routes() const noexcept {
  return all;
}

task<void> s1::serve(std::size_t number, const net::request& in, net::response& out) {
  if (number == 0) co_return co_await send(in, out);
  co_await verify(in, out);
}

task<void> s1::send(const net::request& in, net::response& out) {
  request_data data;
  std::string why;
  const bool is_read = read_body(in, data, why);
  const auto phone = is_read ? stripped(data, "phone", why) : std::nullopt;
  if (!phone) co_return answer_send(400, std::string(send_error).append(why), out);
  if (phone->empty()) co_return answer_message(400, no_number, out);
  const auto to = number_in(*phone);
  if (!to) co_return answer_message(400, bad_number, out);
  const std::string variant = variant_of(data);
  auto request = code_for(caller_of(in, parts_.proxies), policy_, purpose, *to);
  request.variant = variant;
  const auto issued = co_await parts_.desk.issue(std::move(request));
  if (issued.has_error()) co_return answer_not_sent(issued.error(), out);
  answer_send(200, sent, out);
}

task<void> s1::verify(const net::request& in, net::response& out) {
  request_data data;
  std::string why;
  const bool is_read = read_body(in, data, why);
  const auto phone = is_read ? stripped(data, "phone", why) : std::nullopt;
  const auto given = phone ? stripped(data, "otp", why) : std::nullopt;
  if (!given) co_return answer_verify(400, std::string(verify_error).append(why), out);
  if (phone->empty()) co_return answer_verify(400, no_number, out);
  if (given->empty()) co_return answer_verify(400, no_code, out);
  const std::string digits = otp::fold_digits(*given);
  if (!std::ranges::all_of(digits, net::is_digit)) co_return answer_verify(400, not_numeric, out);
  const auto to = number_in(*phone);
  if (!to) co_return answer_verify(400, not_right, out);
  const std::string code = code_in(digits, policy_.code_length);
  const std::string variant = variant_of(data);
  const auto judged = co_await parts_.desk.check_recipient(*to, code, policy_.name, purpose,
                                                           caller_of(in, parts_.proxies), variant);
  if (judged.has_error()) co_return answer_not_verified(judged.error(), out);
  answer_verify(judged->valid ? 200 : 400, judged->valid ? verified : not_right, out);
}

}  // namespace otpd::api::dialects
