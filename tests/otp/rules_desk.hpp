#pragma once

// The vocabulary of the rules' tests: one recipient, one profile, a clock.

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "otp/record_format.hpp"
#include "otp/rules.hpp"
#include "otp/words.hpp"

namespace otpd::otp::test {

inline constexpr instant start{milliseconds{1'800'000'000'000}};

inline std::string word(const outcome<place>& out) {
  return out.has_value() ? "ok" : word(out.error().code);
}
inline std::string word(const outcome<bool>& out) {
  if (out.has_error()) return word(out.error().code);
  return *out ? "right" : "wrong";
}

// As it is written: without what no rule can see any more.
inline std::string pruned(recipient_record record, instant now) {
  prune(record, now);
  return encode(record);
}

struct desk {
  desk() {
    policy.name = "default";
    policy.sends = {100, std::chrono::hours{1}};
    policy.resend_after = std::chrono::seconds{0};
  }

  outcome<place> issue(std::string_view purpose = "verify", std::uint32_t tag = 0) {
    const issue_input input{policy, purpose,  channel::sms,      next_nonce++,
                            tag,    "sealed", delivery::sending, per_day};
    return unchanged_if_refused([&] { return otp::issue(record, input, at); });
  }
  // A new one that must be.
  std::uint64_t issued(std::string_view purpose = "verify", std::uint32_t tag = 0) {
    const auto made = issue(purpose, tag);
    EXPECT_TRUE(made.has_value());
    return made.has_value() ? made->verification->nonce : 0;
  }
  outcome<place> resend(std::uint64_t nonce) {
    return unchanged_if_refused(
        [&] { return otp::resend(record, here(nonce), policy, delivery::sending, per_day, at); });
  }
  outcome<bool> check(std::uint64_t nonce, bool right) {
    return unchanged_if_refused([&] { return otp::check(here(nonce), right, policy, at); });
  }
  outcome<place> cancel(std::uint64_t nonce) {
    return unchanged_if_refused([&] { return otp::cancel(here(nonce), at); });
  }
  bool settle(std::uint64_t nonce, std::uint8_t send, delivery state, failure why = failure::none) {
    return otp::settle(record, here(nonce), policy, send, {state, why}, per_day);
  }
  place here(std::uint64_t nonce) {
    const place found = find(record, nonce);
    EXPECT_TRUE(found) << "no verification " << nonce;
    return found;
  }
  verification& one(std::uint64_t nonce) { return *here(nonce).verification; }
  status state(std::uint64_t nonce) { return status_at(one(nonce), at); }
  void pass(milliseconds time) { at.now += time; }

  profile policy;
  rate per_day{1000, std::chrono::hours{24}};
  recipient_record record;
  moment at{start, 7};
  std::uint64_t next_nonce = 1;

 private:
  // A refused request leaves the record as it was.
  template <class Request>
  std::invoke_result_t<Request> unchanged_if_refused(Request request) {
    const std::string before = pruned(record, at.now);
    auto out = request();
    if (out.has_error()) {
      EXPECT_EQ(pruned(record, at.now), before);
    }
    return out;
  }
};

}  // namespace otpd::otp::test
