#include "otp/verification_uuid.hpp"

#include <gtest/gtest.h>

#include <random>

namespace otpd::otp {
namespace {

crypto::mac_key key(std::uint8_t number) {
  crypto::secret_key raw;
  raw.bytes()[0] = number;
  return crypto::mac_key(raw);
}

TEST(VerificationUuid, LeadsBackToItsNonceForItsRecordOnly) {
  const crypto::mac_key ours = key(1), others = key(2);
  std::mt19937_64 random(7);
  for (int i = 0; i < 1000; ++i) {
    verification_id id;
    id.nonce = random();
    for (auto& each : id.record.bytes)
      each = static_cast<std::uint8_t>(random());
    const std::string text = to_uuid(ours, id);
    ASSERT_EQ(nonce_of_uuid(ours, id.record, text), id.nonce) << text;
    EXPECT_EQ(text[14], '4');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
    EXPECT_FALSE(nonce_of_uuid(others, id.record, text));
    record_key other = id.record;
    other.bytes[15] ^= 1;
    EXPECT_FALSE(nonce_of_uuid(ours, other, text));
  }
}

TEST(VerificationUuid, EachDigitCounts) {
  const crypto::mac_key ours = key(1);
  const verification_id id{{}, 0x0123456789abcdefU};
  const std::string text = to_uuid(ours, id);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_NE(nonce_of_uuid(ours, id.record, changed), id.nonce) << i;
    EXPECT_FALSE(nonce_of_uuid(ours, id.record, text.substr(0, i))) << i;
  }
  std::string upper = text;
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  EXPECT_EQ(nonce_of_uuid(ours, id.record, upper), id.nonce);
  EXPECT_FALSE(nonce_of_uuid(ours, id.record, text + " "));
}

}  // namespace
}  // namespace otpd::otp
