#include "store/envelope.hpp"

#include <gtest/gtest.h>

#include <string>

namespace otpd::store {
namespace {

std::string sealed(otp::instant expires, std::string_view payload) {
  const auto header = envelope_header(expires);
  return std::string(header.data(), header.size()) + std::string(payload);
}

otp::instant at(std::int64_t ms) {
  return otp::instant{otp::milliseconds{ms}};
}

TEST(Envelope, HasTheBytesOfItsDrawing) {
  EXPECT_EQ(sealed(at(0x0102030405060708), "xy"), "\x01\x08\x07\x06\x05\x04\x03\x02\x01xy");
  EXPECT_EQ(sealed(otp::never, ""), std::string("\x01\xff\xff\xff\xff\xff\xff\xff\x7f"));
}

TEST(Envelope, ReadsWhatItWrote) {
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                std::int64_t{1'700'000'000'000}, INT64_MAX, INT64_MIN}) {
    const std::string value = sealed(at(ms), "payload");
    const auto opened = open_envelope(value);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->expires, at(ms));
    EXPECT_EQ(opened->payload, "payload");
  }
}

TEST(Envelope, RefusesEveryOtherFormat) {
  std::string value = sealed(at(1), "payload");
  for (int format = 0; format < 256; ++format) {
    value[0] = static_cast<char>(format);
    EXPECT_EQ(open_envelope(value).has_value(), format == envelope_format);
  }
}

TEST(Envelope, RefusesEveryShorterValue) {
  const std::string value = sealed(at(1), "");
  for (std::size_t size = 0; size < value.size(); ++size)
    EXPECT_FALSE(open_envelope(std::string_view(value).substr(0, size)));
  EXPECT_TRUE(open_envelope(value));
}

}  // namespace
}  // namespace otpd::store
