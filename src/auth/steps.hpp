#pragma once

// What the use cases' transitions have in common.

#include <optional>
#include <string_view>
#include <utility>

#include "auth/refusal.hpp"
#include "otp/error.hpp"
#include "otp/ports.hpp"

namespace otpd::auth {

// What a failed store call means to the caller.
[[nodiscard]] inline refusal store_refusal(const boost::system::error_code& ec) {
  constexpr otp::milliseconds retry{2000};
  const bool is_full = ec == otp::make_error_code(otp::errc::overloaded);
  return {is_full ? errc::overloaded : errc::store_unavailable, retry};
}

// A transition that is one function: `rule(current value, writes) -> outcome<T>`. It may run more than once;
// the last run's outcome is in `result`, and nothing is written if that is a refusal.
template <class T, class Rule>
class row_step final : public otp::transition {
 public:
  explicit row_step(Rule rule) : rule_(std::move(rule)) {}

  void apply(std::optional<std::string_view> current, otp::write_set& out) override {
    result = rule_(current, out);
    if (result.has_error()) out.writes.clear();
  }

  outcome<T> result = refusal{errc::store_unavailable};

 private:
  Rule rule_;
};

template <class T, class Rule>
[[nodiscard]] row_step<T, Rule> make_row_step(Rule rule) {
  return row_step<T, Rule>(std::move(rule));
}

}  // namespace otpd::auth
