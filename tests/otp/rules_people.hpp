#pragma once

// A recipient of the random walk: the record as the store keeps it, and the model beside it.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "otp/rules_desk.hpp"
#include "otp/rules_model.hpp"

namespace otpd::otp::test {

// What a rule came to.
struct answer {
  std::string word;
  bool refused = false;
  std::uint64_t nonce = 0;
  milliseconds retry_after{0};

  bool operator==(const answer&) const = default;
};

inline answer answer_of(const outcome<place>& out) {
  if (out.has_error()) return {word(out), true, 0, out.error().retry_after};
  return {"ok", false, out->verification->nonce, {}};
}

inline answer answer_of(const outcome<bool>& out) {
  if (out.has_error()) return {word(out), true, 0, out.error().retry_after};
  return {word(out), false, 0, {}};
}

using rule = std::function<answer(recipient_record&)>;

class person {
 public:
  // Both outlive it.
  person(const std::vector<profile>& profiles, const rate& per_day)
      : model(profiles, per_day), profiles_(profiles) {}

  // Runs the rule as a transition: a refusal leaves the record as it is, and running it again comes to the
  // same.
  answer apply(const rule& run, const moment& at) {
    recipient_record record;
    if (!stored_.empty() && at.now < forgotten_) {
      auto decoded = decode_record(stored_);
      EXPECT_TRUE(decoded);
      record = *std::move(decoded);
    }
    prune(record, at.now);
    before_ = record;
    recipient_record again = record;
    const answer out = run(record);
    EXPECT_EQ(run(again), out);
    EXPECT_TRUE(again == record);
    if (out.refused) {
      EXPECT_EQ(encode(record), encode(before_)) << out.word;
    } else {
      prune(record, at.now);
      stored_ = encode(record);
      forgotten_ = forgettable_at(record);
    }
    after_ = std::move(record);
    return out;
  }

  // No way of asking gives a guess back.
  void expect_no_refill(const moment& at) {
    for (const subject& old : before_.subjects) {
      const auto now = std::ranges::find_if(after_.subjects, [&old](const subject& each) {
        return each.profile == old.profile && each.purpose == old.purpose;
      });
      ASSERT_NE(now, after_.subjects.end());
      EXPECT_EQ(now->failures.theoretical_arrival_us(), old.failures.theoretical_arrival_us());
      EXPECT_EQ(now->consecutive_failures, old.consecutive_failures);
      for (const verification& one : old.verifications) {
        const place kept = find(after_, one.nonce);
        if (kept) {
          EXPECT_EQ(kept.verification->attempts, one.attempts);
          // A new code has a lifetime of its own.
          if (kept.verification->generation == one.generation) {
            EXPECT_EQ(kept.verification->expires, one.expires);
          }
        } else {
          EXPECT_NE(status_at(one, at), status::pending);
        }
      }
    }
  }

  void expect_agreement(std::uint64_t nonce, const moment& at) {
    EXPECT_EQ(model.broken(nonce), "");
    const model::entry& expected = model.all().at(nonce);
    const place real = find(after_, nonce);
    if (!real) {
      EXPECT_NE(model.state(nonce, at), status::pending);
      return;
    }
    const bool rotates = profiles_[expected.profile].resend == resend_policy::rotate;
    EXPECT_EQ(status_at(*real.verification, at), model.state(nonce, at));
    EXPECT_EQ(real.verification->attempts, expected.wrong);
    EXPECT_EQ(real.verification->sends, expected.sends);
    EXPECT_EQ(real.verification->generation, rotates ? expected.sends - 1 : 0);
  }

  test::model model;
  std::vector<std::uint64_t> ids;  // oldest first

 private:
  const std::vector<profile>& profiles_;
  std::string stored_;  // empty: no record
  instant forgotten_{};
  recipient_record before_;
  recipient_record after_;
};

}  // namespace otpd::otp::test
