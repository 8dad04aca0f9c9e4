#pragma once

// The use cases' transitions: decode the record, apply one rule, encode it again. Each can run more than once
// and leaves its answer in `result`.

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "otp/ports.hpp"
#include "otp/record.hpp"
#include "otp/record_format.hpp"
#include "otp/refusal.hpp"
#include "otp/rules.hpp"

namespace otpd::otp {

// What a failed store call means to the caller.
[[nodiscard]] inline refusal store_refusal(const boost::system::error_code& ec) {
  constexpr milliseconds retry{2000};
  const bool full = ec == make_error_code(errc::overloaded);
  return {full ? errc::overloaded : errc::store_unavailable, retry};
}

// Applies `rule(record, moment) -> outcome<T>` to one recipient's record and stores what it changed. A rule
// that takes a write_set as well may add other rows to the same atomic step; none is written if it refuses.
// `T` must not point into the record.
template <class T, class Rule>
class record_step final : public transition {
 public:
  record_step(const record_key& key, const clock& time, Rule rule)
      : key_(key), time_(time), rule_(std::move(rule)) {}

  void apply(std::optional<std::string_view> current, write_set& out) override {
    const moment at = time_.now();
    recipient_record record;
    if (current) {
      auto decoded = decode_record(*current);
      if (!decoded) {
        result = refusal{errc::store_unavailable};
        return;
      }
      record = *std::move(decoded);
    }
    prune(record, at.now);
    if constexpr (std::is_invocable_v<Rule&, recipient_record&, const moment&, write_set&>) {
      result = rule_(record, at, out);
    } else {
      result = rule_(record, at);
    }
    if (result.has_error()) return out.writes.clear();
    prune(record, at.now);
    out.put(key_, encode(record), forgettable_at(record));
  }

  outcome<T> result = refusal{errc::store_unavailable};

 private:
  record_key key_;
  const clock& time_;
  Rule rule_;
};

template <class T, class Rule>
[[nodiscard]] record_step<T, Rule> make_step(const record_key& key, const clock& time, Rule rule) {
  return record_step<T, Rule>(key, time, std::move(rule));
}

}  // namespace otpd::otp
