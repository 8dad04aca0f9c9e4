#include "otp/record_format.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "crypto/encoding.hpp"

namespace otpd::otp {
namespace {

class record_maker {
 public:
  explicit record_maker(unsigned seed) : random_(seed) {}

  recipient_record record() {
    recipient_record out;
    out.day = bucket(number<std::int64_t>());
    out.subjects.resize(below(max_subjects + 1));
    for (subject& each : out.subjects)
      each = one_subject();
    return out;
  }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

 private:
  // Small ones and extreme ones as often as others.
  template <class Integer>
  Integer number() {
    switch (below(4)) {
      case 0:
        return static_cast<Integer>(below(3));
      case 1:
        return std::numeric_limits<Integer>::max();
      case 2:
        return std::numeric_limits<Integer>::min();
      default:
        return static_cast<Integer>(random_());
    }
  }
  instant moment() { return instant{milliseconds{number<std::int64_t>()}}; }
  std::string text(std::size_t most) {
    std::string out(below(4) == 0 ? most : below(most + 1), '\0');
    for (char& each : out)
      each = static_cast<char>(random_());
    return out;
  }
  subject one_subject() {
    subject out;
    out.profile = text(32);
    out.purpose = text(255);
    out.sends = bucket(number<std::int64_t>());
    out.failures = bucket(number<std::int64_t>());
    out.consecutive_failures = number<std::uint16_t>();
    out.next_send = moment();
    out.verifications.resize(below(max_verifications + 1));
    for (verification& each : out.verifications)
      each = one_verification();
    return out;
  }
  verification one_verification() {
    verification out;
    out.nonce = number<std::uint64_t>();
    out.tag = number<std::uint32_t>();
    out.epoch = number<std::uint32_t>();
    out.channel = static_cast<channel>(1 + below(2));
    constexpr std::array states{status::pending, status::approved, status::canceled,
                                status::max_attempts_reached};
    out.state = states[below(states.size())];
    out.delivery = static_cast<delivery>(below(7));
    out.attempts = number<std::uint8_t>();
    out.attempts_allowed = number<std::uint8_t>();
    out.sends = number<std::uint8_t>();
    out.sends_allowed = number<std::uint8_t>();
    out.generation = number<std::uint8_t>();
    out.is_test = below(2) == 1;
    out.provider = number<std::uint32_t>();
    out.created = moment();
    out.expires = moment();
    out.delivery_since = moment();
    out.sealed_address = text(below(8) == 0 ? 0xffff : 270);
    return out;
  }

  std::mt19937_64 random_;
};

std::string from_hex(std::string_view hex) {
  std::string out(hex.size() / 2, '\0');
  EXPECT_TRUE(crypto::from_hex(hex, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()}));
  return out;
}

std::string to_hex(std::string_view bytes) {
  return crypto::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// Each field with a value of its own.
recipient_record plain_record() {
  recipient_record out;
  out.day = bucket(0x0807060504030201);
  subject& to = out.subjects.emplace_back();
  to.profile = "default";
  to.purpose = "login";
  to.sends = bucket(0x1817161514131211);
  to.failures = bucket(-2);
  to.consecutive_failures = 0x2221;
  to.next_send = instant{milliseconds{0x3837363534333231}};
  verification& one = to.verifications.emplace_back();
  one.nonce = 0xc8c7c6c5c4c3c2c1;
  one.tag = 0xd4d3d2d1;
  one.epoch = 0xe4e3e2e1;
  one.channel = channel::email;
  one.state = status::max_attempts_reached;
  one.delivery = delivery::unknown;
  one.attempts = 0xf1;
  one.attempts_allowed = 0xf2;
  one.sends = 0xf3;
  one.sends_allowed = 0xf4;
  one.generation = 0xf5;
  one.is_test = true;
  one.provider = 0xfaf9f8f7;
  one.created = instant{milliseconds{0x4847464544434241}};
  one.expires = instant{milliseconds{0x5857565554535251}};
  one.delivery_since = instant{milliseconds{0x6867666564636261}};
  one.sealed_address = "sealed";
  return out;
}

// Written down by hand from the drawing in record_format.hpp.
constexpr std::string_view plain_bytes =
    "02"
    "0102030405060708"
    "01"
    "07"
    "64656661756c74"
    "05"
    "6c6f67696e"
    "1112131415161718"
    "feffffffffffffff"
    "2122"
    "3132333435363738"
    "01"
    "c1c2c3c4c5c6c7c8"
    "d1d2d3d4"
    "e1e2e3e4"
    "02"
    "04"
    "05"
    "f1f2f3f4f5"
    "01"
    "f7f8f9fa"
    "4142434445464748"
    "5152535455565758"
    "6162636465666768"
    "0600"
    "7365616c6564";

TEST(RecordFormat, IsWhatTheDrawingSays) {
  EXPECT_EQ(to_hex(encode(plain_record())), plain_bytes);
  const auto decoded = decode_record(from_hex(plain_bytes));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(*decoded == plain_record());
}

TEST(RecordFormat, OfAnEmptyRecordIsTenBytes) {
  EXPECT_EQ(to_hex(encode({})), "02000000000000000000");
  const auto decoded = decode_record(encode({}));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(*decoded == recipient_record{});
}

TEST(RecordFormat, BringsEveryRecordBack) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const recipient_record record = record_maker(seed).record();
    const auto decoded = decode_record(encode(record));
    ASSERT_TRUE(decoded) << "seed " << seed;
    ASSERT_TRUE(*decoded == record) << "seed " << seed;
  }
}

TEST(RecordFormat, RefusesOtherFormats) {
  std::string bytes = from_hex(plain_bytes);
  for (int format = 0; format < 256; ++format) {
    bytes[0] = static_cast<char>(format);
    EXPECT_EQ(decode_record(bytes).has_value(), format == 2) << format;
  }
}

TEST(RecordFormat, RefusesEveryTruncationAndEveryTail) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const std::string bytes = encode(record_maker(seed).record());
    const std::size_t step = 1 + bytes.size() / 2000;
    for (std::size_t size = 0; size < bytes.size(); size += step) {
      ASSERT_FALSE(decode_record(std::string_view(bytes).substr(0, size)))
          << "seed " << seed << " size " << size;
    }
    ASSERT_FALSE(decode_record(bytes + '\0')) << "seed " << seed;
    ASSERT_FALSE(decode_record(bytes + bytes)) << "seed " << seed;
  }
  const std::string plain = from_hex(plain_bytes);
  for (std::size_t size = 0; size < plain.size(); ++size)
    ASSERT_FALSE(decode_record(plain.substr(0, size))) << size;
}

// Whatever is read means one thing: written again, it is the same bytes.
TEST(RecordFormat, HasOneSpellingForWhatItReads) {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    record_maker maker(seed);
    std::string bytes = seed % 2 == 0 ? from_hex(plain_bytes) : encode(maker.record());
    for (std::size_t flips = 1 + maker.below(4); flips > 0; --flips) {
      bytes[maker.below(bytes.size())] ^= static_cast<char>(1U << maker.below(8));
    }
    const auto decoded = decode_record(bytes);
    if (decoded) {
      ASSERT_EQ(encode(*decoded), bytes) << "seed " << seed;
    }
  }
}

TEST(RecordFormat, ReadsNothingOutOfNoise) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 300, '\0');
    for (char& each : bytes)
      each = static_cast<char>(random());
    if (!bytes.empty()) bytes[0] = 2;
    const auto decoded = decode_record(bytes);
    if (decoded) {
      ASSERT_EQ(encode(*decoded), bytes);
    }
  }
}

struct byte_case {
  const char* name;
  std::size_t at;
  int first;
  int last;
};

TEST(RecordFormat, RefusesNumbersThatNameNothing) {
  const std::string good = from_hex(plain_bytes);
  const std::size_t channel_at = good.size() - 8 - 24 - 5 - 5 - 3;
  for (const byte_case& each :
       {byte_case{"channel", channel_at, 1, 2}, byte_case{"state", channel_at + 1, 0, 4},
        byte_case{"delivery", channel_at + 2, 0, 6}, byte_case{"flags", channel_at + 8, 0, 1}}) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = good;
      bytes[each.at] = static_cast<char>(value);
      EXPECT_EQ(decode_record(bytes).has_value(), value >= each.first && value <= each.last)
          << each.name << ' ' << value;
    }
  }
}

TEST(RecordFormat, RefusesMoreThanARecordHolds) {
  recipient_record many;
  many.subjects.resize(max_subjects + 1);
  EXPECT_FALSE(decode_record(encode(many)));
  many.subjects.resize(max_subjects);
  EXPECT_TRUE(decode_record(encode(many)));
  many.subjects[3].verifications.resize(max_verifications + 1);
  EXPECT_FALSE(decode_record(encode(many)));
  many.subjects[3].verifications.resize(max_verifications);
  EXPECT_TRUE(decode_record(encode(many)));
}

}  // namespace
}  // namespace otpd::otp
