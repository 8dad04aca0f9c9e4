#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "sms/breaker_model.hpp"
#include "sms/circuit_breaker.hpp"

namespace otpd::sms {
namespace {

struct call {
  breaker_permit permit;
  long generation, probe;  // the model's
};

// One trace: a breaker and its model live through the same.
struct trace {
  explicit trace(unsigned seed) : dice(seed) {
    // Each trace has a provider of its own mood.
    failing = std::array{2, 10, 40, 55, 95}[below(5)];
    slow = std::array{0, 5, 85}[below(3)];
  }

  std::mt19937 dice;
  int failing, slow;
  circuit_breaker tested;
  breaker_model model;
  std::vector<call> under_way;
  std::array<int, 7> reasons{};  // how often each was given

  int below(int n) { return static_cast<int>(dice() % static_cast<unsigned>(n)); }
  // Quarters make waits that are whole steps of the model.
  double random() { return 0.25 * below(4); }
  [[nodiscard]] boot_time now() const { return boot_time{milliseconds{model.now}}; }

  void note(const breaker_changes& changes) {
    for (const breaker_change& each : changes)
      ++reasons.at(static_cast<std::size_t>(each.why));
  }
  void pass() {
    const int kind = below(20);
    const int steps = kind < 14 ? below(6) : kind < 18 ? below(60) : kind < 19 ? below(250) : below(900);
    model.pass(steps * breaker_model::step);
  }
  void admit() {
    const double r = random();
    const auto out = tested.admit(now(), r);
    note(out.changes);
    const long probe = model.admit(r);
    ASSERT_EQ(out.permit.has_value(), probe >= 0);
    if (out.permit) under_way.push_back({*out.permit, model.generation, probe});
  }
  void finish() {
    if (under_way.empty()) return;
    const auto at = under_way.begin() + below(static_cast<int>(under_way.size()));
    const call one = *at;
    if (below(10) != 0) under_way.erase(at);  // one is told twice now and then
    const int mood = below(100);
    const char result = mood < 8 ? 'n' : below(100) < failing ? 'f' : 's';
    const bool is_slow = below(100) < slow;
    const long retry_after = below(15) == 0 ? 100 * below(400) : 0;
    call_outcome what{result == 'n'   ? call_result::neutral
                      : result == 'f' ? call_result::failure
                                      : call_result::success,
                      milliseconds{is_slow ? 3001 : 3000},
                      {}};
    if (retry_after > 0) what.retry_after = milliseconds{retry_after};
    const double r = random();
    note(tested.record(one.permit, what, now(), r));
    model.record(one.generation, one.probe, result, is_slow, retry_after, r);
  }
  void compare() const {
    const int state = static_cast<int>(tested.state(now()));
    ASSERT_EQ(state, static_cast<int>(model.state));
    const milliseconds wait = tested.wait(now());
    if (model.state == breaker_model::open) {
      ASSERT_EQ(wait.count(), model.until - model.now);
    } else {
      ASSERT_EQ(wait.count() == 0, model.state == breaker_model::closed || model.given < 3);
    }
  }
};

TEST(CircuitBreakerWalk, AgreesWithTheModelOnTenThousandTraces) {
  std::array<int, 7> reasons{};
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    trace one(seed);
    for (int step = 0; step < 250; ++step) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << " step " << step);
      const int kind = one.below(10);
      if (kind < 2)
        one.pass();
      else if (kind < 6)
        one.admit();
      else
        one.finish();
      one.compare();
      if (testing::Test::HasFatalFailure()) return;
    }
    for (std::size_t i = 0; i < reasons.size(); ++i)
      reasons[i] += one.reasons[i];
  }
  for (std::size_t i = 0; i < reasons.size(); ++i)
    EXPECT_GT(reasons[i], 500) << name_of(static_cast<breaker_reason>(i)) << " is hardly walked";
}

}  // namespace
}  // namespace otpd::sms
