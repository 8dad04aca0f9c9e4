#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_call.hpp"
#include "otp/ports.hpp"

namespace otpd::sms {

// The JSON of a provider's answer, read leniently in meaning and strictly in syntax: whatever is asked for
// and is not there, or is of another type, is simply missing. Neither copied nor moved.
class json_answer {
 public:
  explicit json_answer(std::string_view body);
  json_answer(const json_answer&) = delete;
  json_answer& operator=(const json_answer&) = delete;

  // Nothing if the body is not JSON, or nested deeper than 32 levels.
  [[nodiscard]] const boost::json::value* root() const noexcept { return root_ ? &*root_ : nullptr; }

 private:
  std::array<unsigned char, 4096> space_;
  boost::json::monotonic_resource memory_{space_.data(), space_.size()};
  std::optional<boost::json::value> root_;
};

// A member of an object; nothing if `value` is nothing, no object, or has no such member.
[[nodiscard]] const boost::json::value* member_of(const boost::json::value* value,
                                                  std::string_view name) noexcept;
// True for an absent member and for null.
[[nodiscard]] bool is_null(const boost::json::value* value) noexcept;
// A string; empty if there is none.
[[nodiscard]] std::string_view text_of(const boost::json::value* value) noexcept;
// A whole number that is not negative, also one written as a string of digits.
[[nodiscard]] std::optional<unsigned> number_of(const boost::json::value* value) noexcept;
// A name for a message that can go into a log and a record: a string or number of at most 128 bytes without
// control characters; else empty.
[[nodiscard]] std::string id_of(const boost::json::value* value);

// What an answer means that a vendor's codec cannot read. The request has arrived, so a 2xx may stand for a
// message that goes out: `unknown`. Any other status is failure_of_status().
[[nodiscard]] otp::failure failure_of_unreadable(const net::http_answer& answer) noexcept;

}  // namespace otpd::sms
