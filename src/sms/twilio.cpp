#include "sms/twilio.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sms/endpoint.hpp"
#include "sms/form.hpp"
#include "sms/http_auth.hpp"
#include "sms/json_answer.hpp"

namespace otpd::sms {

using otp::failure;

namespace {

constexpr std::chrono::seconds longest_validity{36000};

constexpr std::array<std::pair<unsigned, failure>, 47> codes{{
    {14107, failure::rate_limited},  {20003, failure::misconfigured}, {20005, failure::misconfigured},
    {20403, failure::misconfigured}, {20404, failure::misconfigured}, {20429, failure::rate_limited},
    {21211, failure::bad_number},    {21212, failure::misconfigured}, {21214, failure::bad_number},
    {21217, failure::bad_number},    {21408, failure::not_permitted}, {21601, failure::misconfigured},
    {21602, failure::rejected},      {21603, failure::misconfigured}, {21604, failure::rejected},
    {21605, failure::rejected},      {21606, failure::misconfigured}, {21607, failure::misconfigured},
    {21608, failure::misconfigured}, {21609, failure::misconfigured}, {21610, failure::bad_number},
    {21611, failure::rate_limited},  {21612, failure::bad_number},    {21614, failure::bad_number},
    {21617, failure::rejected},      {21619, failure::rejected},      {21635, failure::bad_number},
    {21659, failure::misconfigured}, {21660, failure::misconfigured}, {21661, failure::misconfigured},
    {21701, failure::misconfigured}, {21703, failure::misconfigured}, {21704, failure::misconfigured},
    {21705, failure::misconfigured}, {21730, failure::unavailable},   {30001, failure::rate_limited},
    {30002, failure::misconfigured}, {30003, failure::bad_number},    {30004, failure::bad_number},
    {30005, failure::bad_number},    {30006, failure::bad_number},    {30007, failure::rejected},
    {30008, failure::rejected},      {30022, failure::rate_limited},  {30023, failure::rate_limited},
    {30032, failure::misconfigured}, {30034, failure::misconfigured},
}};

// Two capitals and 32 hex digits.
bool is_sid(std::string_view text, std::string_view prefix) noexcept {
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return text.size() == 34 && text.starts_with(prefix) && std::all_of(text.begin() + 2, text.end(), is_hex);
}

}  // namespace

option_check fault_of(const twilio_options& o) {
  if (!is_sid(o.account_sid, "AC")) return option_fault{"account_sid", "must be AC and 32 hex digits"};
  const bool has_key = !o.api_key_sid.empty() || !o.api_key_secret.empty();
  if (o.auth_token.empty() == !has_key)
    return option_fault{"auth_token", "or api_key_sid with api_key_secret: exactly one of them is needed"};
  if (has_key && !is_sid(o.api_key_sid, "SK"))
    return option_fault{"api_key_sid", "must be SK and 32 hex digits"};
  if (has_key && o.api_key_secret.empty()) return option_fault{"api_key_secret", "is missing"};
  if (o.from.empty() == o.messaging_service_sid.empty())
    return option_fault{"from", "or messaging_service_sid: exactly one of them is needed"};
  if (o.from.empty() && !is_sid(o.messaging_service_sid, "MG"))
    return option_fault{"messaging_service_sid", "must be MG and 32 hex digits"};
  return fault_of(o.endpoint);
}

twilio::twilio(const twilio_options& options, std::shared_ptr<const net::client_tls> tls)
    : sender_(options.from.empty() ? options.messaging_service_sid : options.from) {
  refuse_fault(fault_of(options));
  blank_ = blank_call(options.endpoint, "/2010-04-01/Accounts/" + options.account_sid + "/Messages.json",
                      form_media_type, std::move(tls));
  const bool has_token = !options.auth_token.empty();
  blank_.add_field("Authorization",
                   basic_credentials(has_token ? options.account_sid : options.api_key_sid,
                                     has_token ? options.auth_token : options.api_key_secret));
}

net::http_call twilio::encode(const rendered_message& message) const {
  net::http_call call = blank_;
  const std::string_view sender = message.from.empty() ? std::string_view{sender_} : message.from;
  append_form_field(call.body, "To", message.to);
  append_form_field(call.body, is_sid(sender, "MG") ? "MessagingServiceSid" : "From", sender);
  append_form_field(call.body, "Body", message.text);
  if (!message.callback.empty()) append_form_field(call.body, "StatusCallback", message.callback);
  if (message.lifetime > std::chrono::seconds{0}) {
    const auto validity = std::min(message.lifetime, longest_validity).count();
    append_form_field(call.body, "ValidityPeriod", std::to_string(validity));
  }
  return call;
}

verdict twilio::decode(const net::http_answer& answer) const {
  const json_answer parsed{answer.body};
  if (answer.status == 201) {
    const auto* error_code = member_of(parsed.root(), "error_code");
    if (!is_null(error_code)) {
      const failure known = failure_of_twilio_code(number_of(error_code).value_or(0));
      return {known == failure::none ? failure::rejected : known, {}};
    }
    const auto* sid = member_of(parsed.root(), "sid");
    if (text_of(sid).empty()) return {failure::unknown, {}};
    return {failure::none, id_of(sid)};
  }
  if (answer.status >= 400 && answer.status < 500 && answer.status != 429) {
    const failure known = failure_of_twilio_code(number_of(member_of(parsed.root(), "code")).value_or(0));
    if (known != failure::none) return {known, {}};
  }
  return {failure_of_unreadable(answer), {}};
}

otp::failure failure_of_twilio_code(unsigned code) noexcept {
  const auto at =
      std::find_if(codes.begin(), codes.end(), [code](const auto& each) { return each.first == code; });
  return at == codes.end() ? failure::none : at->second;
}

}  // namespace otpd::sms
