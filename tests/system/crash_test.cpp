// RELIABILITY A1, A5 and S4 across kill -9: what was answered stays true, and nothing is given twice.

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <iostream>
#include <memory>
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

constexpr int rounds = scaled(50, 10);
constexpr int attempts = 10;
constexpr int checkers = 60;  // connections that try wrong codes, and as many that try the right one
constexpr int issuers = 20;   // connections that issue meanwhile
constexpr int longest_life_us = scaled(15'000, 60'000);

struct verification {
  std::string id;
  std::string code;
  int wrong = 0;  // verdicts that a client has seen
  int right = 0;
};

class Crash : public testing::Test {
 protected:
  void start() {
    server = std::make_unique<otpd_process>(directory.path(),
                                            configuration{.sink_port = sink.port(), .attempts = attempts});
    ASSERT_TRUE(server->serves()) << server->log();
  }

  verification issue() {
    const std::string to = phone_number(next_number++);
    const http_answer made = ask(server->port(), issue_request(to));
    EXPECT_EQ(made.status, 201) << made.body;
    return {made.text("id"), sink.code_for(to).value_or("000000")};
  }

  using requests = std::vector<std::vector<std::string>>;

  // All at once: the verdicts are in a commit or two.
  static requests rush(const verification& guessed, const verification& approved) {
    requests out;
    for (int i = 0; i < checkers; ++i) {
      out.push_back(std::vector(4, check_request(guessed.id, other_than(guessed.code, i))));
      out.push_back(std::vector(4, check_request(approved.id, approved.code)));
    }
    return out;
  }

  // One after another, each in a commit of its own.
  std::vector<http_answer> guess_patiently(const verification& guessed, const verification& approved) const {
    http_connection connection(server->port());
    std::vector<http_answer> out;
    for (int i = 0; i < attempts && connection.is_open(); ++i) {
      out.push_back(connection.exchange(check_request(guessed.id, other_than(guessed.code, i))));
      if (out.back().came != http_answer::how::whole) break;
      if (i == attempts / 2) out.push_back(connection.exchange(check_request(approved.id, approved.code)));
    }
    return out;
  }

  // What clients learn before the server is killed, `life` after a crowd was let go. Others issue meanwhile.
  std::vector<http_answer> answers_until_killed(const verification& guessed, const verification& approved,
                                                bool patiently, std::chrono::microseconds life) {
    requests all = patiently ? requests() : rush(guessed, approved);
    for (int i = 0; i < issuers; ++i) {
      all.push_back({issue_request(phone_number(next_number)), issue_request(phone_number(next_number + 1))});
      next_number += 2;
    }
    std::promise<void> released;
    std::vector<http_answer> answers;
    std::vector<http_answer> more;
    auto start_of_all = released.get_future().share();
    {
      std::jthread crowd([&] { answers = ask_together(server->port(), all, [&] { released.set_value(); }); });
      std::jthread patient([&, start_of_all] {
        start_of_all.wait();
        if (patiently) more = guess_patiently(guessed, approved);
      });
      start_of_all.wait();
      std::this_thread::sleep_for(life);  // the random moment itself
      server->kill();
    }
    answers.insert(answers.end(), more.begin(), more.end());
    return answers;
  }

  static void count(verification& into, const std::vector<http_answer>& answers) {
    for (const http_answer& each : answers) {
      if (each.text("id") != into.id) continue;
      into.wrong += each.says_wrong() ? 1 : 0;
      into.right += each.says_right() ? 1 : 0;
    }
  }

  // After the restart: wrong codes until there is no verdict any more, then the right one.
  void exhaust(verification& guessed) {
    const http_answer seen = ask(server->port(), read_request(guessed.id));
    EXPECT_EQ(seen.status, 200) << seen.body;
    EXPECT_LE(seen.number("attempts_left"), attempts - guessed.wrong);
    for (int i = 0; i <= attempts; ++i)
      count(guessed, {ask(server->port(), check_request(guessed.id, other_than(guessed.code, i)))});
    count(guessed, {ask(server->port(), check_request(guessed.id, guessed.code))});
    EXPECT_LE(guessed.wrong, attempts);
    EXPECT_EQ(guessed.right, 0);
  }

  void approve_again(verification& approved) {
    const http_answer seen = ask(server->port(), read_request(approved.id));
    EXPECT_EQ(seen.status, 200) << seen.body;
    if (approved.right > 0) {
      EXPECT_EQ(seen.text("status"), "approved");
    }
    for (int i = 0; i < 3; ++i)
      count(approved, {ask(server->port(), check_request(approved.id, approved.code))});
    EXPECT_LE(approved.right, 1);
    EXPECT_EQ(approved.wrong, 0);
  }

  void expect_all_known(const std::vector<http_answer>& answers) {
    for (const http_answer& each : answers) {
      if (each.status != 201) continue;
      ++issued;
      const http_answer seen = ask(server->port(), read_request(each.text("id")));
      EXPECT_EQ(seen.status, 200) << seen.body;
      EXPECT_EQ(seen.text("status"), "pending");
    }
  }

  scratch_directory directory;
  sms_sink sink;
  std::unique_ptr<otpd_process> server;
  int next_number = 0;
  int issued = 0;
};

TEST_F(Crash, TakesBackNothingThatWasAnswered) {
  std::mt19937_64 random = seeded_generator();
  int in_the_middle = 0;
  int approved_before = 0;
  start();
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    verification guessed = issue();
    verification approved = issue();
    const auto life =
        std::chrono::microseconds(std::uniform_int_distribution<int>(0, longest_life_us)(random));

    const auto answers = answers_until_killed(guessed, approved, round % 2 == 1, life);
    count(guessed, answers);
    count(approved, answers);
    in_the_middle += guessed.wrong > 0 && guessed.wrong < attempts ? 1 : 0;
    approved_before += approved.right;

    start();
    exhaust(guessed);
    approve_again(approved);
    expect_all_known(answers);
  }
  EXPECT_EQ(metric(server->admin_port(), "otpd_recovery_epoch"), 0) << "a mere kill was taken for a rollback";
  std::cout << "killed between two verdicts: " << in_the_middle << ", after the approval: " << approved_before
            << ", issues acknowledged before a kill: " << issued << std::endl;
}

}  // namespace
}  // namespace otpd::test
