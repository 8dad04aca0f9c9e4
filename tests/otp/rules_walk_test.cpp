// A random walk through the rules, as the use cases apply them (decode, one rule, prune, encode), beside a
// model. A failure prints its seed, and the seed is the bug report: OTPD_WALK_SEED=n runs that one alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "otp/rules_people.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::answer;
using test::person;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr unsigned seeds = 20;
#else
constexpr unsigned seeds = 250;
#endif
constexpr int steps = 2000;

const std::array<std::string, 2> purposes{"verify", "login"};

class walk {
 public:
  explicit walk(unsigned seed) : random_(seed) {
    for (const sharing shared : {sharing::shared, sharing::independent}) {
      for (const resend_policy resend : {resend_policy::same, resend_policy::rotate}) {
        profile& each = profiles_.emplace_back();
        each.name = "profile-" + std::to_string(profiles_.size());
        each.sharing = shared;
        each.resend = resend;
        each.attempts = static_cast<std::uint8_t>(1 + below(7));
        each.max_sends = static_cast<std::uint8_t>(1 + below(6));
        each.lifetime = std::chrono::seconds{30 + below(571)};
        each.resend_after = std::chrono::seconds{below(3) == 0 ? 0 : below(61)};
        each.sends = {static_cast<std::uint32_t>(1 + below(20)), milliseconds{1 + below(1'800'000)}};
        each.failures = {static_cast<std::uint32_t>(1 + below(12)), milliseconds{1 + below(7'200'000)}};
        each.max_consecutive_failures = static_cast<std::uint16_t>(below(4) == 0 ? 100 : 1 + below(30));
      }
    }
    per_day_ = {static_cast<std::uint32_t>(3 + below(300)), 24h};
    for (int i = 0; i < 3; ++i)
      people_.emplace_back(profiles_, per_day_);
  }

  void step() {
    person& who = people_[static_cast<std::size_t>(below(3))];
    const auto dice = below(100);
    if (dice < 20) return issue(who);
    if (dice < 32) return resend(who);
    if (dice < 72) return check(who, dice >= 68);
    if (dice < 75) return cancel(who);
    if (dice == 75) return below(3) == 0 ? unlock(who) : void();
    if (dice == 76) return below(8) == 0 ? static_cast<void>(at_.epoch += 1) : void();
    pass();
  }

 private:
  answer apply(person& who, const test::rule& run) {
    const answer out = who.apply(run, at_);
    last_wait_ = out.retry_after;
    return out;
  }

  std::int64_t below(std::int64_t n) {
    return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_);
  }

  void issue(person& who) {
    const auto which = static_cast<std::size_t>(below(4));
    const std::string& purpose = purposes[static_cast<std::size_t>(below(2))];
    const auto tag = static_cast<std::uint32_t>(below(4) == 0 ? 1 : 0);
    const std::uint64_t nonce = next_nonce_++;
    const issue_input input{profiles_[which], purpose,           channel::sms, nonce, tag,
                            "sealed",         delivery::sending, per_day_};
    const answer out =
        apply(who, [&](recipient_record& record) { return test::answer_of(otp::issue(record, input, at_)); });
    std::uint64_t sent = 0;
    ASSERT_EQ(out.word, who.model.issue(which, purpose, tag, nonce, at_, sent));
    who.expect_no_refill(at_);
    if (out.refused) return;
    ASSERT_EQ(out.nonce, sent);
    if (sent == nonce) who.ids.push_back(nonce);
    who.expect_agreement(sent, at_);
    settle(who, sent);
  }

  // One that was made, most often a pending one; nothing if there is none or the record does not hold it any
  // more.
  std::uint64_t pick(person& who) {
    if (who.ids.empty()) return 0;
    const auto size = static_cast<std::int64_t>(who.ids.size());
    const std::int64_t late = std::min<std::int64_t>(size, 8);
    std::uint64_t nonce = who.ids[static_cast<std::size_t>(size - 1 - below(below(20) == 0 ? size : late))];
    for (auto each = who.ids.rbegin(); below(6) != 0 && each != who.ids.rbegin() + late; ++each) {
      if (who.model.state(*each, at_) == status::pending) nonce = *each;
    }
    const answer seen = apply(who, [nonce](recipient_record& record) {
      return answer{{}, !find(record, nonce), nonce, {}};
    });
    if (!seen.refused) return nonce;
    EXPECT_NE(who.model.state(nonce, at_), status::pending);
    return 0;
  }

  void resend(person& who) {
    const std::uint64_t nonce = pick(who);
    if (nonce == 0) return;
    const profile& policy = profiles_[who.model.all().at(nonce).profile];
    const answer out = apply(who, [&](recipient_record& record) {
      return test::answer_of(
          otp::resend(record, find(record, nonce), policy, delivery::sending, per_day_, at_));
    });
    ASSERT_EQ(out.word, who.model.resend(nonce, at_));
    who.expect_no_refill(at_);
    who.expect_agreement(nonce, at_);
    if (!out.refused) settle(who, nonce);
  }

  void settle(person& who, std::uint64_t nonce) {
    const auto& entry = who.model.all().at(nonce);
    const profile& policy = profiles_[entry.profile];
    const auto send = static_cast<std::uint8_t>(entry.sends);
    const std::array<delivery_report, 4> reports{delivery_report{delivery::sent},
                                                 {delivery::failed, failure::rejected},
                                                 {delivery::failed, failure::unavailable},
                                                 {delivery::unknown, failure::unavailable}};
    const auto which_report = static_cast<std::size_t>(below(4));
    const delivery_report& report = reports[which_report];
    const auto settled = [&](std::uint8_t which) {
      return apply(who, [&](recipient_record& record) {
        return answer{{}, !otp::settle(record, find(record, nonce), policy, which, report, per_day_), {}, {}};
      });
    };
    EXPECT_TRUE(settled(static_cast<std::uint8_t>(send - 1)).refused);
    EXPECT_FALSE(settled(send).refused);
    who.expect_no_refill(at_);
    EXPECT_TRUE(settled(send).refused);
    if (which_report == 2) who.model.take_back_send(nonce, at_);
    if (which_report == 3) who.model.lose_send(nonce);
  }

  void check(person& who, bool right) {
    const std::uint64_t nonce = pick(who);
    if (nonce == 0) return;
    const auto entry = who.model.all().at(nonce);
    const status before = who.model.state(nonce, at_);
    const answer out = apply(who, [&](recipient_record& record) {
      return test::answer_of(otp::check(find(record, nonce), right, profiles_[entry.profile], at_));
    });
    ASSERT_EQ(out.word, who.model.check(nonce, right, at_));
    who.expect_agreement(nonce, at_);
    if (out.refused) return;
    EXPECT_EQ(before, status::pending);
    EXPECT_LT(at_.now, entry.expires);
    EXPECT_EQ(at_.epoch, entry.epoch);
    EXPECT_LT(entry.wrong, profiles_[entry.profile].attempts);
    EXPECT_EQ(entry.approvals, 0);
  }

  void cancel(person& who) {
    const std::uint64_t nonce = pick(who);
    if (nonce == 0) return;
    const answer out = apply(who, [&](recipient_record& record) {
      return test::answer_of(otp::cancel(find(record, nonce), at_));
    });
    ASSERT_EQ(out.word, who.model.cancel(nonce, at_));
    who.expect_no_refill(at_);
    who.expect_agreement(nonce, at_);
  }

  void unlock(person& who) {
    const auto which = static_cast<std::size_t>(below(8));
    const bool one = which < profiles_.size();
    apply(who, [&](recipient_record& record) {
      otp::unlock(record, one ? std::string_view(profiles_[which].name) : std::string_view());
      return answer{"ok", false, 0, {}};
    });
    who.model.unlock(one ? std::optional(which) : std::nullopt);
  }

  // From a millisecond to days; often to the very moment at which something ends, or just before it.
  void pass() {
    const auto dice = below(100);
    if (dice < 12 && last_wait_ > 0ms && (last_wait_ < 10min || below(10) == 0)) {
      at_.now += last_wait_ - milliseconds{below(2)};
    } else if (dice < 18 && !people_[0].ids.empty()) {
      const instant end = people_[0].model.all().at(people_[0].ids.back()).expires - milliseconds{below(2)};
      at_.now = std::max(at_.now, end);
    } else if (dice < 55) {
      at_.now += milliseconds{below(1000)};
    } else if (dice < 90) {
      at_.now += milliseconds{below(40'000)};
    } else if (dice < 96) {
      at_.now += milliseconds{below(900'000)};
    } else if (dice < 99) {
      at_.now += milliseconds{below(14'400'000)};
    } else {
      at_.now += milliseconds{below(2 * 86'400'000)};
    }
  }

  std::mt19937_64 random_;
  std::vector<profile> profiles_;
  rate per_day_;
  std::vector<person> people_;
  moment at_{test::start, 1};
  std::uint64_t next_nonce_ = 1;
  milliseconds last_wait_{0};
};

void run(unsigned seed) {
  walk one(seed);
  for (int step = 0; step < steps; ++step) {
    one.step();
    ASSERT_FALSE(testing::Test::HasFailure()) << "OTPD_WALK_SEED=" << seed << ", step " << step;
  }
}

TEST(Rules, DoWhatTheirModelDoes) {
  if (const char* given = std::getenv("OTPD_WALK_SEED"))
    return run(static_cast<unsigned>(std::strtoul(given, nullptr, 10)));
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    run(seed);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace otpd::otp
