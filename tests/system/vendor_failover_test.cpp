// From one vendor to the next: what fails over, with which code, and what does not.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "system/delivery_server.hpp"
#include "system/recipients.hpp"
#include "system/vendor_stub.hpp"

namespace otpd::test {
namespace {

namespace json = boost::json;

const std::string vonage_sent = R"({"message-count":"1","messages":[{"message-id":"0A1","status":"0"}]})";
const std::string vonage_quota =
    R"({"message-count":"1","messages":[{"status":"9","error-text":"Partner quota exceeded"}]})";
const std::string vonage_bad_number =
    R"({"message-count":"1","messages":[{"status":"3","error-text":"Invalid to param"}]})";
const std::string mshastra_sent = R"([{"msg_id":"1","number":"49","str_response":"Send Successful"}])";
const std::string mshastra_no_credits = R"([{"msg_id":"","number":"49","str_response":"No More Credits"}])";

// A vendor that says one thing to all.
struct vendor {
  vendor(const delivery_server& server, vendor_answer answer)
      : who(server.identity_of_stub()),
        stub(who, [answer = std::move(answer)](const vendor_request&) { return answer; }) {}

  identity who;
  vendor_stub stub;
};

std::string vonage_code(const vendor_request& request) {
  return code_in(request.form().at("text"));
}
std::string mshastra_code(const vendor_request& request) {
  const auto body = json::parse(request.body);
  return code_in(body.at(0).at("msg").as_string().c_str());
}

// The second vendor has it, with the code that the first one was told; and that code is right.
void expect_one_code(const delivery_server& server, const http_answer& issued, const std::string& first,
                     const std::string& second) {
  EXPECT_EQ(issued.status, 201) << issued.body;
  EXPECT_EQ(issued.text("delivery"), "sent");
  EXPECT_EQ(first.size(), 6U);
  EXPECT_EQ(first, second);
  EXPECT_TRUE(server.check(issued.text("id"), other_than(first)).says_wrong());
  EXPECT_TRUE(server.check(issued.text("id"), first).says_right());
}

TEST(VendorFailover, NoMoreCreditsAtMshastra) {
  delivery_server server;
  vendor first(server, answer_of(200, mshastra_no_credits));
  vendor second(server, answer_of(200, vonage_sent));
  server.provider("first", "mshastra", first.stub.url());
  server.provider("second", "vonage", second.stub.url());
  server.route("", {"first", "second"});
  ASSERT_NO_THROW(server.start());
  const http_answer issued = server.issue(phone_number(1));
  ASSERT_EQ(first.stub.requests().size(), 1U);
  ASSERT_EQ(second.stub.requests().size(), 1U);
  expect_one_code(server, issued, mshastra_code(first.stub.requests()[0]),
                  vonage_code(second.stub.requests()[0]));
  EXPECT_EQ(server.attempts("first", "out_of_credit"), 1);
  EXPECT_EQ(server.attempts("second", "accepted"), 1);
  EXPECT_EQ(server.number("otpd_possible_duplicates_total"), 0);
}

TEST(VendorFailover, QuotaExceededAtVonage) {
  delivery_server server;
  vendor first(server, answer_of(200, vonage_quota));
  vendor second(server, answer_of(200, mshastra_sent));
  server.provider("first", "vonage", first.stub.url());
  server.provider("second", "mshastra", second.stub.url());
  server.route("", {"first", "second"});
  ASSERT_NO_THROW(server.start());
  const http_answer issued = server.issue(phone_number(1));
  ASSERT_EQ(first.stub.requests().size(), 1U);
  ASSERT_EQ(second.stub.requests().size(), 1U);
  expect_one_code(server, issued, vonage_code(first.stub.requests()[0]),
                  mshastra_code(second.stub.requests()[0]));
}

// It may have sent the message, so the second one may be a duplicate: of the same code.
TEST(VendorFailover, SilenceGoesOnToTheNextAndIsCounted) {
  delivery_server server;
  vendor first(server, {"", vendor_answer::end::hang});
  vendor second(server, answer_of(200, mshastra_sent));
  server.provider("first", "vonage", first.stub.url(), "timeout = \"300ms\"\n");
  server.provider("second", "mshastra", second.stub.url());
  server.route("", {"first", "second"});
  ASSERT_NO_THROW(server.start());
  const http_answer issued = server.issue(phone_number(1));
  ASSERT_EQ(first.stub.requests().size(), 1U) << "an ambiguous failure was repeated";
  ASSERT_EQ(second.stub.requests().size(), 1U);
  expect_one_code(server, issued, vonage_code(first.stub.requests()[0]),
                  mshastra_code(second.stub.requests()[0]));
  EXPECT_EQ(server.number("otpd_possible_duplicates_total"), 1);
}

TEST(VendorFailover, SilenceEndsItWhereThePolicySaysSo) {
  delivery_server server;
  vendor first(server, {"", vendor_answer::end::hang});
  vendor second(server, answer_of(200, mshastra_sent));
  server.delivery("on_ambiguous = \"stop\"\n");
  server.provider("first", "vonage", first.stub.url(), "timeout = \"300ms\"\n");
  server.provider("second", "mshastra", second.stub.url());
  server.route("", {"first", "second"});
  ASSERT_NO_THROW(server.start());
  const http_answer issued = server.issue(phone_number(1));
  EXPECT_EQ(issued.status, 201);
  EXPECT_EQ(issued.text("delivery"), "unknown");
  EXPECT_EQ(server.delivery_of(issued.text("id")), "unknown");
  EXPECT_TRUE(second.stub.requests().empty());
}

TEST(VendorFailover, ABadNumberIsBadEverywhere) {
  delivery_server server;
  vendor first(server, answer_of(200, vonage_bad_number));
  vendor second(server, answer_of(200, mshastra_sent));
  server.provider("first", "vonage", first.stub.url());
  server.provider("second", "mshastra", second.stub.url());
  server.route("", {"first", "second"});
  ASSERT_NO_THROW(server.start());
  // More than would open a breaker: it is nobody's failure.
  for (int i = 0; i < 7; ++i) {
    const http_answer issued = server.issue(phone_number(i));
    EXPECT_EQ(issued.status, 502) << issued.body;
    EXPECT_EQ(server.delivery_of(issued.text("id")), "failed");
  }
  EXPECT_EQ(first.stub.requests().size(), 7U);
  EXPECT_TRUE(second.stub.requests().empty());
}

TEST(VendorFailover, AllBreakersOpenIs503AndNobodyIsCalled) {
  delivery_server server;
  vendor first(server, answer_of(200, vonage_quota));
  vendor second(server, answer_of(200, mshastra_no_credits));
  server.provider("first", "vonage", first.stub.url());
  server.provider("second", "mshastra", second.stub.url());
  server.route("", {"first", "second"});
  ASSERT_NO_THROW(server.start());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(server.issue(phone_number(i)).text("code"), "delivery_failed");
  for (int i = 5; i < 8; ++i) {
    const http_answer refused = server.issue(phone_number(i));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.text("code"), "provider_unavailable");
    // The first wait is 5 s, +-20 %.
    const auto at = refused.head.find("\r\nRetry-After: ");
    ASSERT_NE(at, std::string::npos) << refused.head;
    const int seconds = std::atoi(refused.head.c_str() + at + 15);
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 6);
  }
  EXPECT_EQ(first.stub.requests().size(), 5U);
  EXPECT_EQ(second.stub.requests().size(), 5U);
}

TEST(VendorRoutes, TheLongestPrefixChoosesProviderAndSender) {
  delivery_server server;
  vendor world(server, answer_of(200, vonage_sent));
  vendor german(server, answer_of(200, vonage_sent));
  vendor special(server, answer_of(200, mshastra_sent));
  server.provider("world", "vonage", world.stub.url());
  server.provider("german", "vonage", german.stub.url());
  server.provider("special", "mshastra", special.stub.url());
  // The order of the file decides nothing.
  server.route("", {"world"});
  server.route("+49", {"german"}, "Beispiel");
  server.route("+491517000", {"special"}, "SONDER");
  ASSERT_NO_THROW(server.start());
  for (const char* to : {"+33612345678", "+4915112345678", "+4915170001234"})
    EXPECT_EQ(server.issue(to).text("delivery"), "sent") << to;

  ASSERT_EQ(world.stub.requests().size(), 1U);
  EXPECT_EQ(world.stub.requests()[0].form().at("to"), "33612345678");
  EXPECT_EQ(world.stub.requests()[0].form().at("from"), "Example");
  ASSERT_EQ(german.stub.requests().size(), 1U);
  EXPECT_EQ(german.stub.requests()[0].form().at("to"), "4915112345678");
  EXPECT_EQ(german.stub.requests()[0].form().at("from"), "Beispiel");
  ASSERT_EQ(special.stub.requests().size(), 1U);
  const auto body = json::parse(special.stub.requests()[0].body);
  EXPECT_EQ(body.at(0).at("number").as_string(), "4915170001234");
  EXPECT_EQ(body.at(0).at("sender").as_string(), "SONDER");
}

}  // namespace
}  // namespace otpd::test
