#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "sms/pattern.hpp"

namespace otpd::sms {

// The text of a profile's messages: its {code}, {app} and {minutes}. What is filled in comes from an
// allow-list, so that nobody but the configuration writes links, line breaks or invisible characters into a
// message (RELIABILITY A21).
class message_template {
 public:
  // Throws std::invalid_argument if `text` lacks {code}, has an unknown name, a control character other than
  // LF, ends with a line break (W1) or is longer than 1000 bytes, or if `app` is not is_allowed_name().
  message_template(std::string_view text, std::string_view app);

  // The message. `lifetime` becomes whole minutes, rounded up, at least 1. Fails with errc::invalid_argument
  // unless `code` is 1..16 ASCII letters and digits.
  [[nodiscard]] boost::system::result<std::string> render(std::string_view code,
                                                          std::chrono::seconds lifetime) const;

 private:
  pattern pattern_;
  std::string app_;
};

// What may stand for {app}: 1..40 characters of letters (of most scripts), digits, space and -_'&+!(),. where
// a full stop is not followed by a letter or a digit, so that it never makes a host name. No white space at
// the ends.
[[nodiscard]] bool is_allowed_name(std::string_view utf8) noexcept;

}  // namespace otpd::sms
