// What a dispatcher tells of its calls: to the breakers, and to the budget of duplicates.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>

#include "sms/dispatcher.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;
using otp::delivery;
using otp::failure;

// Does what the test says.
struct scripted_carrier final : carrier {
  task<handover> hand_over(const rendered_message& message, std::chrono::milliseconds) override {
    ++calls;
    co_return play(message);
  }
  std::function<handover(const rendered_message&)> play = [](const rendered_message&) {
    handover out;
    out.failure = failure::none;
    return out;
  };
  int calls = 0;
};

struct silent_observer final : observer {
  void on_attempt(const attempt&) noexcept override {}
  void on_breaker(std::string_view, bool, const breaker_change&) noexcept override {}
  void on_possible_duplicate(otp::channel) noexcept override {}
  void on_conversion(std::string_view, std::string_view) noexcept override {}
};

// Two providers, asked in this order.
struct desk {
  desk() {
    common.books.emplace("default", message_book{profile});
    route way;
    way.providers = {0, 1};
    common.routes = route_table({way});
    common.wall = [] { return std::chrono::sys_seconds{}; };
    std::vector<outlet> outlets{{"first", &first, &first_health, {}},
                                {"second", &second, &second_health, {}}};
    tested.emplace(common, std::move(outlets), watcher);
  }

  otp::delivery_report send() {
    otp::outgoing message{to, profile, "login", "en", "123456", 300s};
    message.left = 300s;
    std::optional<otp::delivery_report> out;
    boost::asio::co_spawn(loop.get_executor(), tested->send(message),
                          [&](std::exception_ptr error, otp::delivery_report report) {
                            if (error) std::rethrow_exception(error);
                            out = report;
                          });
    loop.restart();
    loop.run();
    return out.value();
  }

  [[nodiscard]] breaker_state state() const { return first_health.state(boot_time_now()); }

  boost::asio::io_context loop{1};
  otp::profile profile = [] {
    otp::profile out;
    out.name = "default";
    out.app = "Example";
    return out;
  }();
  otp::recipient to{otp::channel::sms, "+15551234567", "+15551234567", "US"};
  scripted_carrier first, second;
  provider_health first_health, second_health;
  silent_observer watcher;
  dispatch_plan common;
  std::optional<dispatcher> tested;
};

handover failed(bool begun) {
  handover out;
  out.failure = failure::unavailable;
  out.begun = begun;
  return out;
}

TEST(DispatcherHealth, AMessageCountsOnceForTheBudgetOfDuplicates) {
  desk at;
  while (at.common.duplicates.take()) {
  }
  for (int i = 0; i < 49; ++i)
    EXPECT_EQ(at.send().state, delivery::sent);
  EXPECT_FALSE(at.common.duplicates.take());
  EXPECT_EQ(at.send().state, delivery::sent);
  EXPECT_TRUE(at.common.duplicates.take());
}

TEST(DispatcherHealth, WhatNeverLeftUsIsNotTheProvidersFailure) {
  desk at;
  bool begun = false;
  at.first.play = [&](const rendered_message&) { return failed(begun); };
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(at.send().state, delivery::sent);
  EXPECT_EQ(at.state(), breaker_state::closed);
  EXPECT_EQ(at.first.calls, 30);
  EXPECT_EQ(at.second.calls, 30);
  begun = true;
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(at.send().state, delivery::sent);
  EXPECT_EQ(at.state(), breaker_state::open);
  EXPECT_EQ(at.first.calls, 35);
}

// Our own queue was full: there was no attempt, so it is made again while there is time.
TEST(DispatcherHealth, WhatNeverLeftUsIsTriedAgainAndCostsNoAttempt) {
  desk at;
  at.first.play = [&](const rendered_message&) { return failed(false); };
  at.second.play = [&](const rendered_message&) {
    if (at.second.calls == 1) return failed(false);
    handover out;
    out.failure = failure::none;
    return out;
  };
  const auto report = at.send();
  EXPECT_EQ(report.state, delivery::sent);
  EXPECT_EQ(at.first.calls, 2);
  EXPECT_EQ(at.second.calls, 2);
}

TEST(DispatcherHealth, WhatNeverLeftUsInTimeIsUntried) {
  desk at;
  at.common.sms_deadline = 300ms;
  at.first.play = at.second.play = [](const rendered_message&) { return failed(false); };
  const auto report = at.send();
  EXPECT_EQ(report.state, delivery::failed);
  EXPECT_TRUE(report.untried);
  EXPECT_EQ(report.provider, 0U);
}

TEST(DispatcherHealth, AnAttemptThatWaitsIsNotWantedOnceTheBreakerHasOpened) {
  desk at;
  std::vector<bool> wanted;
  at.first.play = [&](const rendered_message& message) {
    wanted.push_back(message.still_wanted());
    static_cast<void>(at.first_health.force(breaker_mode::forced_open, boot_time_now()));
    wanted.push_back(message.still_wanted());
    static_cast<void>(at.first_health.force(breaker_mode::automatic, boot_time_now()));
    wanted.push_back(message.still_wanted());
    return failed(false);
  };
  EXPECT_EQ(at.send().state, delivery::sent);
  EXPECT_EQ(wanted, (std::vector<bool>{true, false, true}));
}

}  // namespace
}  // namespace otpd::sms
