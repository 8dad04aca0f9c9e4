#include "api/problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "api/answer.hpp"
#include "otp/error.hpp"

namespace {

using namespace otpd;
using api::test::answer;

// As the wire would show it, without the header.
answer seen(const net::response& out) {
  return {static_cast<int>(out.status), {}, out.body};
}

constexpr otp::errc every_errc[] = {otp::errc::invalid_recipient,
                                    otp::errc::unknown_profile,
                                    otp::errc::channel_not_allowed,
                                    otp::errc::country_not_allowed,
                                    otp::errc::invalid_code,
                                    otp::errc::id_required,
                                    otp::errc::not_found,
                                    otp::errc::expired,
                                    otp::errc::approved,
                                    otp::errc::canceled,
                                    otp::errc::max_attempts_reached,
                                    otp::errc::rate_limited,
                                    otp::errc::too_many_failures,
                                    otp::errc::recipient_locked,
                                    otp::errc::delivery_failed,
                                    otp::errc::provider_unavailable,
                                    otp::errc::invalid_parameters,
                                    otp::errc::overloaded,
                                    otp::errc::store_unavailable,
                                    otp::errc::storage_low};

TEST(Problem, CarriesItsStatusTypeAndTitle) {
  std::set<std::string> titles;
  for (const auto code : api::problem_codes()) {
    net::response out;
    out.body = "what was there before";
    api::answer_problem({code}, out);
    const answer told = seen(out);
    EXPECT_EQ(out.content_type, "application/problem+json");
    EXPECT_EQ(told.members(), (std::set<std::string>{"type", "title", "status", "code"})) << code;
    EXPECT_EQ(told.text("type"), "urn:otpd:problem:" + std::string(code));
    EXPECT_EQ(told.number("status"), told.status) << code;
    EXPECT_EQ(told.code(), code);
    EXPECT_TRUE(titles.insert(told.text("title")).second) << "the same title twice: " << told.text("title");
    EXPECT_FALSE(out.close) << code;
  }
}

TEST(Problem, SaysWhenToComeBackOnlyWhereThatHelps) {
  for (const auto code : api::problem_codes()) {
    net::response out;
    api::answer_problem({code}, out);
    const bool waits = out.status == 429 || out.status == 503;
    EXPECT_EQ(out.fields.find("Retry-After: 1\r\n") != std::string::npos, waits) << code;
    EXPECT_EQ(out.fields.find("WWW-Authenticate: Bearer") != std::string::npos, out.status == 401) << code;
  }
}

TEST(Problem, RoundsTheWaitUpToWholeSeconds) {
  const std::pair<std::int64_t, const char*> table[] = {
      {0, "1"}, {1, "1"}, {999, "1"}, {1000, "1"}, {1001, "2"}, {59'999, "60"}, {86'400'000, "86400"}};
  for (const auto& [wait_ms, seconds] : table) {
    net::response out;
    api::answer_refusal({otp::errc::rate_limited, otp::milliseconds(wait_ms), "recipient"}, out);
    EXPECT_EQ(out.fields, "Retry-After: " + std::string(seconds) + "\r\n") << wait_ms;
    EXPECT_EQ(seen(out).text("limit"), "recipient");
  }
}

TEST(Problem, HasANameForEveryRefusalOfAUseCase) {
  const auto codes = api::problem_codes();
  std::set<std::string_view> names;
  for (const otp::errc each : every_errc) {
    const auto name = api::problem_code(each);
    EXPECT_NE(std::ranges::find(codes, name), codes.end()) << name;
    EXPECT_NE(name, "internal_error");
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(otp::make_error_code(static_cast<otp::errc>(std::size(every_errc) + 1)).message(),
            "unknown error")
      << "an errc is missing here";
}

TEST(Problem, NamesTheVerificationThatMayBeSentAgain) {
  net::response out;
  api::answer_refusal({otp::errc::delivery_failed, otp::milliseconds{0}, {}, "the-id"}, out);
  EXPECT_EQ(out.status, 502u);
  EXPECT_EQ(seen(out).text("id"), "the-id");
  EXPECT_TRUE(out.fields.empty());
}

TEST(Problem, EscapesTheMemberItNames) {
  const std::string name("a\"b\\c\0\n\x7f</script>\xc3\xa9", 20);
  net::response out;
  api::problem what{"unknown_member"};
  what.member = name;
  api::answer_problem(what, out);
  EXPECT_EQ(seen(out).text("member"), name);
}

TEST(RefusedRequest, KeepsTheStatusThatTheTransportGives) {
  const std::pair<unsigned, const char*> known[] = {{400, "malformed_request"}, {408, "request_timeout"},
                                                    {413, "body_too_large"},    {431, "header_too_large"},
                                                    {500, "internal_error"},    {503, "overloaded"}};
  for (const auto& [status, code] : known) {
    net::response out;
    api::answer_refused_request(status, code, out);
    EXPECT_EQ(out.status, status);
    EXPECT_EQ(seen(out).number("status"), status);
    EXPECT_EQ(seen(out).code(), code);
    EXPECT_TRUE(out.close);
  }
}

TEST(RefusedRequest, TellsTheStatusAloneWhereTheCodeIsNotOfIt) {
  for (const unsigned status : {400u, 408u, 413u, 431u, 500u, 503u}) {
    for (const char* code : {"", "never_heard_of", "unauthorized"}) {
      net::response out;
      api::answer_refused_request(status, code, out);
      EXPECT_EQ(out.status, status) << code;
      EXPECT_EQ(seen(out).number("status"), status) << code;
    }
  }
  net::response out;
  api::answer_refused_request(418, "teapot", out);
  EXPECT_EQ(out.status, 500u);
  EXPECT_EQ(seen(out).code(), "internal_error");
}

}  // namespace
