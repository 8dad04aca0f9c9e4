#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "otp/channel.hpp"

namespace otpd::otp {

// One text of a profile and when it is used. Which of several is: sms/message_book.hpp.
struct message_text {
  std::optional<otp::channel> channel;  // nothing: every one
  std::string purpose;                  // empty: every one
  std::string locale;                   // BCP 47, as in "pt" or "pt-BR"; empty: every one
  std::string text;                     // with {names}
  std::string subject;                  // of an e-mail; empty: default_subject
  std::string html;                     // of an e-mail; empty: it has no HTML part
};

inline constexpr std::string_view default_subject = "{app} code";

// What the characters of a caller's value may be.
enum class parameter_charset : std::uint8_t {
  letters,  // ASCII letters
  digits,   // ASCII digits
  alnum,    // both
  text,     // what an app's name may be made of, sms::is_allowed_name()
};

// A value that callers may give and texts may name.
struct message_parameter {
  std::string name;              // 1..20 of a-z _
  std::uint8_t max_length = 40;  // 1..40 characters
  parameter_charset charset = parameter_charset::text;
};

// A value that a caller gave. Judged by message_book::accepts(), by nobody before.
struct message_value {
  std::string name;
  std::string value;
};

// What is wrong with a caller's values.
enum class parameter_fault : std::uint8_t {
  none,
  unknown,  // the profile has no such parameter
  invalid,  // too long, empty, given twice, or of other characters than its charset
  missing,  // the text that would be sent names it
};

struct parameter_verdict {
  parameter_fault fault = parameter_fault::none;
  std::string_view name;  // the parameter's; a view into what was judged or into the judge
};

}  // namespace otpd::otp
