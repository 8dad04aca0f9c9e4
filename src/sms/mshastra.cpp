#include "sms/mshastra.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "net/ascii.hpp"
#include "sms/endpoint.hpp"
#include "sms/escape.hpp"
#include "sms/json_answer.hpp"
#include "sms/segments.hpp"

namespace otpd::sms {

using otp::failure;

namespace {

// In the order in which they are asked.
constexpr std::array<std::pair<std::string_view, failure>, 6> texts{{
    {"invalid password", failure::misconfigured},
    {"invalid profile id", failure::misconfigured},
    {"no more credits", failure::out_of_credit},
    {"invalid mobile no", failure::bad_number},
    {"send successful", failure::none},
    {"message sent", failure::none},
}};

// ,"name":"value"
void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":\"");
  append_escaped(out, value, escape::json);
  out.push_back('"');
}

std::string_view response_of(const boost::json::value& message) noexcept {
  const std::string_view text = text_of(member_of(&message, "str_response"));
  return text.empty() ? text_of(member_of(&message, "response")) : text;
}

}  // namespace

option_check fault_of(const mshastra_options& options) {
  if (options.user.empty()) return option_fault{"user", "is missing"};
  if (options.password.empty()) return option_fault{"password", "is missing"};
  if (options.sender.empty()) return option_fault{"sender", "is missing"};
  return fault_of(options.endpoint);
}

mshastra::mshastra(const mshastra_options& options, std::shared_ptr<const net::client_tls> tls)
    : sender_(options.sender) {
  refuse_fault(fault_of(options));
  blank_ = blank_call(options.endpoint, "/sendsms_api_json.aspx", "application/json", std::move(tls));
  head_ = "[{\"user\":\"";
  append_escaped(head_, options.user, escape::json);
  head_.push_back('"');
  append_member(head_, "pwd", options.password);
}

net::http_call mshastra::encode(const rendered_message& message) const {
  net::http_call call = blank_;
  const bool is_english = count_segments(message.text).alphabet == alphabet::gsm7;
  call.body = head_;
  append_member(call.body, "number", message.to.substr(message.to.starts_with('+') ? 1 : 0));
  append_member(call.body, "sender", message.from.empty() ? std::string_view{sender_} : message.from);
  append_member(call.body, "msg", message.text);
  append_member(call.body, "language", is_english ? "English" : "Unicode");
  call.body.append("}]");
  return call;
}

verdict mshastra::decode(const net::http_answer& answer) const {
  const verdict unreadable{failure_of_unreadable(answer), {}};
  if (answer.status != 200) return unreadable;
  const json_answer parsed{answer.body};
  const boost::json::value* first = parsed.root();
  std::size_t count = 1;
  if (const auto* array = first ? first->if_array() : nullptr) {
    first = array->data();
    count = array->size();
  }
  if (!first || count == 0) return unreadable;
  for (std::size_t i = 0; i < count; ++i) {
    const failure each = failure_of_mshastra_text(response_of(first[i]));
    if (each != failure::none) return {each, {}};
  }
  return {failure::none, id_of(member_of(first, "msg_id"))};
}

otp::failure failure_of_mshastra_text(std::string_view text) {
  const auto says = [text](std::string_view part) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return net::to_lower(a) == b; }) != text.end();
  };
  for (const auto& [part, meaning] : texts)
    if (says(part)) return meaning;
  return failure::unknown;
}

}  // namespace otpd::sms
