#include "sms/outcome.hpp"

#include <gtest/gtest.h>

namespace otpd::sms {
namespace {

using otp::failure;

TEST(Outcome, EveryStatusHasOneMeaning) {
  const auto of = [](unsigned status, const char* fields = "") {
    return failure_of_status({status, fields, {}});
  };
  EXPECT_EQ(of(400), failure::rejected);
  EXPECT_EQ(of(401), failure::misconfigured);
  EXPECT_EQ(of(402), failure::out_of_credit);
  EXPECT_EQ(of(403), failure::misconfigured);
  EXPECT_EQ(of(404), failure::rejected);
  EXPECT_EQ(of(408), failure::unavailable);
  EXPECT_EQ(of(422), failure::rejected);
  EXPECT_EQ(of(429), failure::rate_limited);
  EXPECT_EQ(of(302), failure::misconfigured);
  EXPECT_EQ(of(200), failure::rejected);
  EXPECT_EQ(of(503, "Retry-After: 5\r\n"), failure::unavailable);
  for (const unsigned status : {500U, 501U, 502U, 503U, 504U, 599U})
    EXPECT_EQ(of(status), failure::unknown);
  EXPECT_EQ(of(500, "Retry-After: 5\r\n"), failure::unknown);
}

TEST(Outcome, TransportErrorsAreSafeOrAmbiguous) {
  using net::http_errc;
  for (const auto safe : {http_errc::not_resolved, http_errc::not_connected, http_errc::tls_failed,
                          http_errc::certificate_refused, http_errc::busy}) {
    EXPECT_EQ(failure_of(safe), failure::unavailable);
    EXPECT_EQ(delivery_after(failure_of(safe)), otp::delivery::failed);
  }
  for (const auto ambiguous :
       {http_errc::timed_out, http_errc::reset, http_errc::too_large, http_errc::bad_response}) {
    EXPECT_EQ(failure_of(ambiguous), failure::unknown);
    EXPECT_EQ(delivery_after(failure_of(ambiguous)), otp::delivery::unknown);
  }
  EXPECT_EQ(failure_of(boost::system::errc::make_error_code(boost::system::errc::not_connected)),
            failure::unknown);
  EXPECT_EQ(delivery_after(failure::none), otp::delivery::sent);
  EXPECT_EQ(delivery_after(failure::rejected), otp::delivery::failed);
}

}  // namespace
}  // namespace otpd::sms
