#include "sms/message_length.hpp"

#include "sms/message_book.hpp"

namespace otpd::sms {

namespace {

std::string widest_value(const otp::message_parameter& of) {
  if (of.charset == otp::parameter_charset::digits) return std::string(of.max_length, '0');
  if (of.charset != otp::parameter_charset::text) return std::string(of.max_length, 'W');
  // Turns the whole message into UCS-2, three bytes of UTF-8 each.
  std::string out;
  for (int i = 0; i < of.max_length; ++i)
    out += "\u4e00";
  return out;
}

}  // namespace

message_length longest_sms(const otp::profile& of, std::string_view text) {
  otp::profile alone = of;
  alone.messages.clear();
  alone.message = text;
  std::vector<otp::message_value> values;
  for (const otp::message_parameter& each : of.parameters)
    values.push_back({each.name, widest_value(each)});
  const std::string code(of.code_length, of.alphabet.front());
  message_request request;
  request.code = code;
  request.lifetime = of.lifetime;
  request.parameters = values;
  const message_content out = message_book{alone}.render(request).value();
  return {count_segments(out.text), out.text.size()};
}

}  // namespace otpd::sms
