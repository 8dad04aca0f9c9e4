#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "otp/message_text.hpp"

namespace otpd::sms {

// What the texts of messages may be. The faults are worded for whoever wrote the configuration and quote
// nothing but placeholders; no fault means that sms::pattern can be made of the text and message_names().

enum class text_place : std::uint8_t {
  text,     // at most 4000 bytes, {code} once, no control character but LF, and that not at the end (W1)
  subject,  // at most 200 bytes, {code} at most once, no control character
  html,     // at most 16384 bytes, {code} at least once; braces that are no {name} are text, as in CSS
};

// In none of them may a caller's parameter stand where its value could become part of a host name or of
// another value: directly beside a placeholder, after a full stop, or before one that goes on.
[[nodiscard]] std::optional<std::string> text_fault(std::string_view text, text_place place,
                                                    std::span<const otp::message_parameter> parameters);

// At most 8; names are 1..20 of a-z _, distinct and none of {code} {app} {minutes}; 1..40 characters each.
[[nodiscard]] std::optional<std::string> parameters_fault(std::span<const otp::message_parameter> parameters);

inline constexpr std::size_t max_parameters = 8;
[[nodiscard]] bool is_parameter_name(std::string_view text) noexcept;

// The names of placeholders by number: these, then the parameters in their order. Views into `parameters`.
inline constexpr std::size_t code_name = 0;
inline constexpr std::size_t app_name = 1;
inline constexpr std::size_t minutes_name = 2;
inline constexpr std::size_t first_parameter = 3;
[[nodiscard]] std::vector<std::string_view> message_names(std::span<const otp::message_parameter> parameters);

}  // namespace otpd::sms
