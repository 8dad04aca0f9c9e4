// RELIABILITY A9 and N10: codes and recipients are in the message that goes out, and nowhere else.

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>

#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/secret_search.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

constexpr int flows = scaled(10'000, 1'000);
constexpr int clients = 24;
constexpr std::chrono::seconds stop_bound{60};

std::string recipient(int flow) {
  return flow % 2 == 0 ? phone_number(flow) : mailbox(flow);
}

// What a number is without its country: an international prefix or none at all makes no difference then.
secret_search national_numbers() {
  std::vector<std::string> out;
  for (int i = 0; i < flows; i += 2)
    out.push_back(phone_number(i).substr(3));
  return {std::move(out), secret_search::match::anywhere};
}

secret_search mailboxes() {
  std::vector<std::string> out;
  for (int i = 1; i < flows; i += 2)
    out.push_back(mailbox(i).substr(0, mailbox(i).find('@')));
  return {std::move(out), secret_search::match::anywhere};
}

class Secrecy : public testing::Test {
 protected:
  void start() {
    // Ten digits between non-digits: random bytes never contain them by chance.
    const configuration settings{.sink_port = sink.port(), .log_level = "trace", .code_length = 10};
    server = std::make_unique<otpd_process>(directory.path(), settings);
    ASSERT_TRUE(server->serves()) << server->log();
  }

  void stop() {
    logs.push_back(server->log());
    server->signal(SIGTERM);
    ASSERT_EQ(server->end_within(stop_bound), 0);
    logs.back() = server->log();
    outputs += server->output();
  }

  // Issue, and then: check right, wrong and right, wrong, or nothing. Returns every byte that came back.
  std::string run_flow(http_connection& connection, int flow) {
    const http_answer made = connection.exchange(issue_request(recipient(flow)));
    EXPECT_EQ(made.status, 201) << made.body;
    std::string seen = made.head + made.body;
    const std::string code = sink.code_for(recipient(flow)).value_or("");
    EXPECT_EQ(code.size(), 10u);
    const bool says_wrong = flow / 2 % 4 == 1 || flow / 2 % 4 == 2;
    const bool says_right = flow / 2 % 4 == 0 || flow / 2 % 4 == 1;
    for (const std::string& each :
         {says_wrong ? other_than(code) : std::string(), says_right ? code : std::string()}) {
      if (each.empty()) continue;
      const http_answer verdict = connection.exchange(check_request(made.text("id"), each));
      EXPECT_EQ(verdict.number("valid"), each == code ? 1 : 0) << verdict.body;
      seen += verdict.head + verdict.body;
    }
    const http_answer read = connection.exchange(read_request(made.text("id")));
    EXPECT_EQ(read.status, 200) << read.body;
    return seen + read.head + read.body;
  }

  void run_flows() {
    std::vector<std::string> seen(clients);
    std::atomic<int> next{0};
    {
      std::vector<std::jthread> threads;
      for (std::string& mine : seen) {
        threads.emplace_back([&] {
          http_connection connection(server->port());
          for (int flow = next++; flow < flows && !HasFailure(); flow = next++)
            mine += run_flow(connection, flow);
        });
      }
    }
    for (const std::string& each : seen)
      answers += each;
  }

  static void expect_none(const secret_search& secrets, std::string_view bytes, const std::string& where) {
    const auto found = secrets.found_in(bytes);
    EXPECT_TRUE(found.empty()) << where << " has " << found.size() << ", the first is " << found.front();
  }

  // Every line is a JSON object, and none of its values has a secret.
  void expect_clean_log(const std::string& log, const std::vector<const secret_search*>& secrets) {
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      ++log_lines;
      boost::json::error_code failed;
      const boost::json::value parsed = boost::json::parse(line, failed);
      ASSERT_TRUE(!failed && parsed.is_object()) << line;
      for (const auto& [name, value] : parsed.as_object()) {
        ASSERT_TRUE(value.is_string()) << line;
        for (const auto* each : secrets)
          expect_none(*each, value.as_string().c_str(), line);
      }
    }
  }

  // The directory, the mark and whatever else is beside it, but what the test itself has put there.
  std::size_t expect_clean_store(const std::vector<const secret_search*>& secrets) {
    std::size_t size = 0;
    auto files = files_below(directory.path() / "data");
    files.push_back(directory.path() / "data.mark");
    for (const auto& file : files) {
      const std::string bytes = read_whole(file);
      size += bytes.size();
      for (const auto* each : secrets)
        expect_none(*each, bytes, file.string());
    }
    return size;
  }

  scratch_directory directory;
  sms_sink sink;
  std::unique_ptr<otpd_process> server;
  std::string answers;
  std::string metrics;
  std::vector<std::string> logs;
  std::string outputs;
  std::size_t log_lines = 0;
};

TEST_F(Secrecy, CodesAndRecipientsAreNowhere) {
  start();
  run_flows();
  ASSERT_FALSE(HasFailure());
  metrics = ask(server->admin_port(), http_request("GET", "/metrics")).body;
  ASSERT_EQ(sink.received(), static_cast<std::size_t>(flows));
  const secret_search codes(sink.codes(), secret_search::match::whole_number);
  const secret_search numbers = national_numbers();
  const secret_search boxes = mailboxes();
  const std::vector<const secret_search*> all{&codes, &numbers, &boxes};

  stop();
  std::size_t searched = expect_clean_store(all);  // mostly the write-ahead log
  start();
  stop();
  searched += expect_clean_store(all);  // and now tables

  for (const std::string& each : logs)
    expect_clean_log(each, all);
  for (const auto* each : all) {
    expect_none(*each, answers, "an answer");
    expect_none(*each, metrics, "/metrics");
    expect_none(*each, outputs, "the standard output");
  }
  EXPECT_GT(log_lines, static_cast<std::size_t>(flows)) << "the log was not at level trace";
  EXPECT_GT(metrics.size(), 1'000u);
  std::cout << flows << " flows; searched: store " << searched << " bytes, log " << log_lines
            << " lines, answers " << answers.size() << " bytes, metrics " << metrics.size() << " bytes"
            << std::endl;
}

TEST(SecretSearch, FindsWhatIsThere) {
  const secret_search codes({"0123456789", "9876543210"}, secret_search::match::whole_number);
  EXPECT_EQ(codes.found_in("a 9876543210\n"), std::vector<std::string>{"9876543210"});
  EXPECT_EQ(codes.found_in("0123456789").size(), 1u);
  EXPECT_TRUE(codes.found_in("01234567890 x123456789").empty());
  const secret_search numbers({"15170000000", "15170000002"}, secret_search::match::anywhere);
  EXPECT_EQ(numbers.found_in("+49151700000020").size(), 1u);
  EXPECT_TRUE(numbers.found_in("+4915170000001").empty());
}

}  // namespace
}  // namespace otpd::test
