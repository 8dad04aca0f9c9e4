#pragma once

#include <string_view>
#include <vector>

#include "json/object.hpp"
#include "net/message.hpp"
#include "otp/message_text.hpp"

namespace otpd::api {

// The member of a body that carries the caller's values for a message's text:
//   {"parameters": {"order": "4711"}}
// The body's json::object is made with this name, so that the object is opened.
inline constexpr std::string_view parameters_member = "parameters";

// Copies the values into `into`, which is left alone where the member is absent. Answers the problem and
// returns false unless the member is an object of at most 8 strings of at most 160 bytes whose names are 1 to
// 20 of a-z _. What the strings say is not judged here but by the texts they are for.
[[nodiscard]] bool read_parameters(const json::object& body, std::vector<otp::message_value>& into,
                                   net::response& out);

// Answers that a caller's value is not what the texts need; `why` is not parameter_fault::none. Always false.
[[nodiscard]] bool refuse_parameter(const otp::parameter_verdict& why, net::response& out);

}  // namespace otpd::api
