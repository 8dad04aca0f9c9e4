#include "sms/provider_health.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <variant>

#include "sms/plan_desk.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;

constexpr boot_time start{1000s};
constexpr call_outcome good{call_result::success, 1ms, {}};
constexpr call_outcome bad{call_result::failure, 1ms, {}};

breaker_options per_country() {
  breaker_options out;
  out.breaker_per_country = true;
  return out;
}

bool call(provider_health& tested, std::string_view country, const call_outcome& what, boot_time now) {
  const auto leave = tested.admit(country, now, 0.5);
  if (leave.permit) (void)tested.record(*leave.permit, what, now, 0.5);
  return leave.permit.has_value();
}

// So that one country's failures do not stand in a row.
void fail_in(provider_health& tested, std::string_view country, boot_time now) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(call(tested, country, bad, now));
    EXPECT_TRUE(call(tested, "FR", good, now));
    EXPECT_TRUE(call(tested, "FR", good, now));
  }
}

TEST(ProviderHealth, HasOneBreakerUnlessToldOtherwise) {
  provider_health tested;
  for (const std::string_view country : {"DE", "FR", "IT", "ES", "PT"})
    EXPECT_TRUE(call(tested, country, bad, start));
  EXPECT_FALSE(call(tested, "GB", good, start));
  EXPECT_EQ(tested.wait("GB", start), 5s);
}

TEST(ProviderHealth, KeepsAProviderThatFailsInOneCountryForTheOthers) {
  provider_health tested{per_country()};
  fail_in(tested, "DE", start);
  EXPECT_EQ(tested.state("DE", start), breaker_state::open);
  EXPECT_EQ(tested.wait("DE", start), 5s);
  EXPECT_EQ(tested.state("FR", start), breaker_state::closed);
  EXPECT_EQ(tested.state(start), breaker_state::closed);
  EXPECT_FALSE(call(tested, "DE", good, start));
  EXPECT_TRUE(call(tested, "FR", good, start));
}

TEST(ProviderHealth, FindsADeadProviderOnceForAllCountries) {
  provider_health tested{per_country()};
  for (const std::string_view country : {"DE", "FR", "IT", "ES", "PT"})
    EXPECT_TRUE(call(tested, country, bad, start));
  EXPECT_EQ(tested.state(start), breaker_state::open);
  EXPECT_EQ(tested.state("GB", start), breaker_state::open);
  EXPECT_FALSE(call(tested, "GB", good, start));
}

TEST(ProviderHealth, ACountrysProbeThatFailsSaysNothingOfTheProvider) {
  provider_health tested{per_country()};
  fail_in(tested, "DE", start);
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(call(tested, "IT", bad, start));
  EXPECT_TRUE(call(tested, "DE", bad, start + 5s));
  EXPECT_EQ(tested.state("DE", start + 5s), breaker_state::open);
  EXPECT_EQ(tested.state(start + 5s), breaker_state::closed);
  EXPECT_TRUE(call(tested, "ES", bad, start + 5s));
  EXPECT_EQ(tested.state(start + 5s), breaker_state::open) << "any other is the fifth in a row";
}

TEST(ProviderHealth, TakesBackACountrysPermitIfTheProviderRefuses) {
  provider_health tested{per_country()};
  fail_in(tested, "DE", start);
  (void)tested.force(breaker_mode::forced_open, start);
  for (int i = 0; i < 10; ++i)
    EXPECT_FALSE(call(tested, "DE", good, start + 5s));
  (void)tested.force(breaker_mode::automatic, start + 5s);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(call(tested, "DE", good, start + 5s));
  EXPECT_EQ(tested.state("DE", start + 5s), breaker_state::closed);
}

TEST(ProviderHealth, ForcedClosedAsksNoCountry) {
  provider_health tested{per_country()};
  fail_in(tested, "DE", start);
  EXPECT_EQ(tested.force(breaker_mode::forced_closed, start).size(), 1U);
  EXPECT_EQ(tested.mode(), breaker_mode::forced_closed);
  EXPECT_EQ(tested.wait("DE", start), 0ms);
  EXPECT_TRUE(call(tested, "DE", bad, start));
}

TEST(ProviderHealth, Knows256Countries) {
  provider_health tested{per_country()};
  const auto name = [](int i) { return "c" + std::to_string(i); };
  for (int i = 0; i < 300; ++i)
    EXPECT_TRUE(call(tested, name(i), good, start));
  for (const int country : {255, 256}) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(call(tested, name(country), bad, start));
      EXPECT_TRUE(call(tested, name(0), good, start));
    }
    EXPECT_EQ(tested.state(name(country), start),
              country < 256 ? breaker_state::open : breaker_state::closed);
  }
}

// Two loops share three providers that come and go. The clock is theirs too, and moves with each step.
TEST(ProviderHealth, ServesTwoLoopsAtOnce) {
  plan_desk at(3, per_country());
  std::atomic<std::int64_t> clock{1'000'000};
  std::atomic<int> attempts{0};
  const auto loop = [&](unsigned seed) {
    std::mt19937 dice(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    const auto now = [&] { return boot_time{milliseconds{clock.fetch_add(40)}}; };
    for (int message = 0; message < 20'000; ++message) {
      plan_options options;
      options.deadline = now() + 15s;
      options.country = message % 2 == 0 ? "DE" : "FR";
      delivery_plan plan(at.route, options, at.duplicates);
      for (;;) {
        const auto step = plan.next(now(), uniform(dice));
        if (const auto* attempt = std::get_if<delivery_plan::attempt>(&step)) {
          ++attempts;
          if (dice() % 50 == 0) break;  // called off
          const bool dark = message / 2500 % 3 == static_cast<int>(attempt->candidate);
          plan.report({dark ? otp::failure::unavailable : otp::failure::none, 5ms, {}}, now(), uniform(dice));
        } else if (const auto* pause = std::get_if<delivery_plan::pause>(&step)) {
          clock += pause->length.count();
        } else {
          break;
        }
      }
      (void)plan.take_changes();
      (void)at.health[0].state("DE", now());
    }
  };
  {
    const std::jthread first(loop, 1U);
    const std::jthread second(loop, 2U);
  }
  EXPECT_GE(attempts, 20'000);
  // Whatever happened, all of them come back.
  boot_time later{milliseconds{clock + 10'000'000}};
  for (provider_health& each : at.health) {
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(call(each, "DE", good, later));
    EXPECT_EQ(each.state("DE", later), breaker_state::closed);
  }
}

}  // namespace
}  // namespace otpd::sms
