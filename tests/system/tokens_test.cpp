// Refresh tokens across kill -9 (RELIABILITY A12, F1, F4, F5): however a race for one token is cut off, it
// has one successor; an ancestor that comes back ends the family, and what was ended stays so.

#include <gtest/gtest.h>

#include <future>
#include <iostream>
#include <memory>
#include <set>
#include <thread>

#include "system/crowd.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/seed.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

constexpr int rounds = scaled(30, 6);
constexpr int clients = 100;
constexpr int longest_life_us = scaled(8'000, 40'000);

std::string refresh_request(const std::string& token) {
  return http_request("POST", "/v1/tokens/refresh", R"({"refresh_token":")" + token + R"("})");
}

class TokensCrash : public testing::Test {
 protected:
  void SetUp() override { start(); }

  void start() {
    configuration settings{.sink_port = sink.port()};
    settings.tables = "[profiles.app]\nyields = \"tokens\"\n[tokens]\ngrace = \"1m\"\n";
    server = std::make_unique<otpd_process>(directory.path(), settings);
    ASSERT_TRUE(server->serves()) << server->log();
  }
  void restart() {
    server->kill();
    start();
  }

  // The answer to the right code.
  http_answer approved(const std::string& to) {
    const std::string body = R"({"profile":"app","to":")" + to + R"("})";
    const http_answer made = ask(server->port(), http_request("POST", "/v1/verifications", body));
    EXPECT_EQ(made.status, 201) << made.body;
    const http_answer right =
        ask(server->port(), check_request(made.text("id"), sink.code_for(to).value_or("000000")));
    EXPECT_TRUE(right.says_right()) << right.body;
    return right;
  }
  http_answer refresh(const std::string& token) { return ask(server->port(), refresh_request(token)); }
  // Why a refresh token is of no use; empty: it was of use.
  std::string refused(const std::string& token) { return refresh(token).text("code"); }

  // The successors that clients have heard of before the server was killed, `life` after they were let go.
  std::set<std::string> raced_until_killed(const std::string& token, std::chrono::microseconds life) {
    const std::vector<std::vector<std::string>> all(clients, {refresh_request(token)});
    std::promise<void> released;
    auto start_of_all = released.get_future();
    std::vector<http_answer> answers;
    {
      std::jthread crowd([&] { answers = ask_together(server->port(), all, [&] { released.set_value(); }); });
      start_of_all.wait();
      std::this_thread::sleep_for(life);  // the random moment itself
      server->kill();
    }
    std::set<std::string> successors;
    for (const http_answer& each : answers) {
      if (each.came == http_answer::how::whole) {
        EXPECT_EQ(each.status, 200) << each.body;
      }
      if (each.status == 200) successors.insert(each.text("refresh_token"));
    }
    return successors;
  }

  scratch_directory directory;
  sms_sink sink;
  std::unique_ptr<otpd_process> server;
};

TEST_F(TokensCrash, ARaceThatIsCutOffHasOneSuccessor) {
  std::mt19937_64 random = seeded_generator();
  int heard = 0, unheard = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::string first = approved(phone_number(round)).text("refresh_token");
    ASSERT_FALSE(first.empty());
    const auto life =
        std::chrono::microseconds(std::uniform_int_distribution<int>(0, longest_life_us)(random));
    std::set<std::string> successors = raced_until_killed(first, life);
    (successors.empty() ? unheard : heard) += 1;

    start();
    const std::string second = refresh(first).text("refresh_token");
    successors.insert(second);
    EXPECT_EQ(successors.size(), 1U);
    const http_answer third = refresh(second);
    EXPECT_EQ(third.status, 200) << third.body;
    EXPECT_EQ(refused(first), "invalid_grant") << "an ancestor, grace or not";
    if (round % 2 == 0) restart();
    EXPECT_EQ(refused(third.text("refresh_token")), "invalid_grant") << "and the family has ended";
    EXPECT_EQ(refused(second), "invalid_grant");
  }
  EXPECT_EQ(metric(server->admin_port(), "otpd_recovery_epoch"), 0) << "a mere kill was taken for a rollback";
  std::cout << "killed after a successor was told: " << heard << ", before: " << unheard << std::endl;
}

TEST_F(TokensCrash, WhatWasEndedStaysSo) {
  const std::string logged_out = approved(phone_number(0)).text("refresh_token");
  const http_answer blocked = approved(phone_number(1));
  const std::string alive = approved(phone_number(2)).text("refresh_token");
  const std::string out = R"({"refresh_token":")" + logged_out + R"("})";
  ASSERT_EQ(ask(server->port(), http_request("POST", "/v1/tokens/revoke", out)).status, 204);
  const std::string entry = R"({"realm":"default","phone":")" + phone_number(1) + R"(","disabled":)";
  ASSERT_EQ(ask(server->admin_port(), http_request("POST", "/accounts", entry + "true}")).status, 200);
  restart();
  EXPECT_EQ(refused(logged_out), "invalid_grant");
  EXPECT_EQ(refused(blocked.text("refresh_token")), "account_disabled");
  const std::string access = R"({"token":")" + blocked.text("access_token") + R"("})";
  const http_answer seen = ask(server->port(), http_request("POST", "/v1/tokens/introspect", access));
  EXPECT_EQ(seen.body, R"({"active":false})");
  EXPECT_EQ(ask(server->admin_port(), http_request("POST", "/accounts", entry + "false}")).status, 200);
  EXPECT_EQ(refused(blocked.text("refresh_token")), "invalid_grant") << "from before the block";
  EXPECT_EQ(refused(alive), "");
}

}  // namespace
}  // namespace otpd::test
