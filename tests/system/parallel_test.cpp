// RELIABILITY A1 and A5: what many clients learn at the same moment is what one of them may learn.

#include <gtest/gtest.h>

#include <algorithm>

#include "system/crowd.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

constexpr int connections = scaled(1'000, 200);
constexpr int checks_each = 10;

class ParallelChecks : public testing::Test {
 protected:
  // A pending verification, whose id and code are known then.
  void issue(otpd_process& server) {
    const http_answer made = ask(server.port(), issue_request(phone_number(1)));
    ASSERT_EQ(made.status, 201) << made.body;
    id = made.text("id");
    code = sink.code_for(phone_number(1)).value();
  }
  void expect_refused(otpd_process& server, std::string_view problem) const {
    const http_answer refused = ask(server.port(), check_request(id, code));
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.text("code"), problem);
  }

  scratch_directory directory;
  sms_sink sink;
  std::string id;
  std::string code;
};

TEST_F(ParallelChecks, WrongCodesRevealNoMoreThanTheAttempts) {
  const configuration settings{.sink_port = sink.port(), .attempts = 5};
  otpd_process server(directory.path(), settings);
  ASSERT_TRUE(server.serves()) << server.log();
  issue(server);
  std::vector<std::vector<std::string>> requests(connections);
  for (int i = 0; i < connections * checks_each; ++i) {
    requests[static_cast<std::size_t>(i % connections)].push_back(check_request(id, other_than(code, i)));
  }

  const auto answers = ask_together(server.port(), requests);

  EXPECT_EQ(answers.size(), static_cast<std::size_t>(connections * checks_each));
  EXPECT_EQ(std::ranges::count_if(answers, &http_answer::says_wrong), 5);
  EXPECT_EQ(std::ranges::count_if(answers, &http_answer::says_right), 0);
  EXPECT_EQ(std::ranges::count(answers, 409, &http_answer::status), connections * checks_each - 5);
  expect_refused(server, "max_attempts_reached");
}

TEST_F(ParallelChecks, WrongCodesOfManyVerificationsRevealNoMoreThanTheRecipientsFailures) {
  const configuration settings{.sink_port = sink.port(), .attempts = 10, .failures = "10/1h"};
  otpd_process server(directory.path(), settings);
  ASSERT_TRUE(server.serves()) << server.log();
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    issue(server);
    ids.push_back(id);
  }
  ASSERT_NE(ids[0], ids[1]);
  std::vector<std::vector<std::string>> requests(connections);
  for (std::size_t i = 0; i < connections; ++i)
    requests[i].push_back(check_request(ids[i % 4], "000000"));

  const auto answers = ask_together(server.port(), requests);

  EXPECT_EQ(std::ranges::count_if(answers, &http_answer::says_wrong), 10);
  const auto refused = [](const http_answer& each) { return each.status == 429 || each.status == 409; };
  EXPECT_EQ(std::ranges::count_if(answers, refused), connections - 10);
}

TEST_F(ParallelChecks, RightCodesApproveOnce) {
  const configuration settings{.sink_port = sink.port()};
  otpd_process server(directory.path(), settings);
  ASSERT_TRUE(server.serves()) << server.log();
  issue(server);
  const std::vector<std::vector<std::string>> requests(connections, {check_request(id, code)});

  const auto answers = ask_together(server.port(), requests);

  EXPECT_EQ(answers.size(), static_cast<std::size_t>(connections));
  EXPECT_EQ(std::ranges::count_if(answers, &http_answer::says_right), 1);
  EXPECT_EQ(std::ranges::count(answers, 409, &http_answer::status), connections - 1);
  expect_refused(server, "verification_approved");
}

}  // namespace
}  // namespace otpd::test
