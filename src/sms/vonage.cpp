#include "sms/vonage.hpp"

#include <algorithm>

#include "sms/endpoint.hpp"
#include "sms/form.hpp"
#include "sms/json_answer.hpp"
#include "sms/segments.hpp"

namespace otpd::sms {

using otp::failure;

namespace {

constexpr std::chrono::milliseconds shortest_ttl{20'000};
constexpr std::chrono::milliseconds longest_ttl{604'800'000};

std::string_view without_plus(std::string_view number) noexcept {
  return number.substr(number.starts_with('+') ? 1 : 0);
}

}  // namespace

option_check fault_of(const vonage_options& options) {
  if (options.api_key.empty()) return option_fault{"api_key", "is missing"};
  if (options.api_secret.empty()) return option_fault{"api_secret", "is missing"};
  if (options.from.empty()) return option_fault{"from", "is missing"};
  return fault_of(options.endpoint);
}

vonage::vonage(const vonage_options& options, std::shared_ptr<const net::client_tls> tls)
    : from_(options.from) {
  refuse_fault(fault_of(options));
  blank_ = blank_call(options.endpoint, "/sms/json", form_media_type, std::move(tls));
  append_form_field(blank_.body, "api_key", options.api_key);
  append_form_field(blank_.body, "api_secret", options.api_secret);
}

net::http_call vonage::encode(const rendered_message& message) const {
  net::http_call call = blank_;
  const std::string_view from = message.from.empty() ? std::string_view{from_} : message.from;
  append_form_field(call.body, "from", without_plus(from));
  append_form_field(call.body, "to", without_plus(message.to));
  append_form_field(call.body, "text", message.text);
  if (count_segments(message.text).alphabet == alphabet::ucs2)
    append_form_field(call.body, "type", "unicode");
  if (message.lifetime > std::chrono::seconds{0}) {
    const std::chrono::milliseconds ttl = std::min<std::chrono::milliseconds>(message.lifetime, longest_ttl);
    append_form_field(call.body, "ttl", std::to_string(std::max(ttl, shortest_ttl).count()));
  }
  if (!message.callback.empty()) {
    append_form_field(call.body, "status-report-req", "1");
    append_form_field(call.body, "callback", message.callback);
  }
  if (!message.reference.empty()) append_form_field(call.body, "client-ref", message.reference);
  return call;
}

verdict vonage::decode(const net::http_answer& answer) const {
  const verdict unreadable{failure_of_unreadable(answer), {}};
  if (answer.status != 200) return unreadable;
  const json_answer parsed{answer.body};
  const auto* messages = member_of(parsed.root(), "messages");
  const auto* parts = messages ? messages->if_array() : nullptr;
  if (!parts || parts->empty()) return unreadable;
  std::size_t accepted = 0;
  std::optional<unsigned> refused;
  for (const auto& part : *parts) {
    const auto status = number_of(member_of(&part, "status"));
    if (!status) return unreadable;
    if (*status == 0) ++accepted;
    if (*status != 0 && !refused) refused = *status;
  }
  // A part is on its way, so not all of it is certainly unsent.
  if (refused && accepted > 0) return unreadable;
  if (refused) return {failure_of_vonage_status(*refused), {}};
  const auto* count = member_of(parsed.root(), "message-count");
  if (number_of(count) != parts->size()) return unreadable;
  return {failure::none, id_of(member_of(&parts->front(), "message-id"))};
}

otp::failure failure_of_vonage_status(unsigned status) noexcept {
  switch (status) {
    case 0:
      return failure::none;
    case 1:
    case 10:
      return failure::rate_limited;
    case 2:
    case 4:
    case 8:
    case 11:
    case 14:
    case 15:
    case 23:
    case 29:
    case 32:
      return failure::misconfigured;
    case 3:
    case 6:
    case 7:
    case 22:
    case 33:
      return failure::bad_number;
    case 5:
      return failure::unavailable;
    case 9:
      return failure::out_of_credit;
    default:
      return failure::rejected;
  }
}

}  // namespace otpd::sms
