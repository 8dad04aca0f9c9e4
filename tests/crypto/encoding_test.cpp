#include "crypto/encoding.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace otpd::crypto {
namespace {

using namespace std::string_view_literals;

std::vector<std::uint8_t> bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

TEST(Base64url, IsRfc4648) {
  EXPECT_EQ(to_base64url(bytes("")), "");
  EXPECT_EQ(to_base64url(bytes("foo")), "Zm9v");
  EXPECT_EQ(to_base64url(bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64url(std::array<std::uint8_t, 3>{0xfb, 0xef, 0xbe}), "----");
  EXPECT_EQ(to_base64url(std::array<std::uint8_t, 3>{0xff, 0xff, 0xff}), "____");
}

TEST(Base64url, ComesBack) {
  std::mt19937 random(1);
  for (int i = 0; i < 10'000; ++i) {
    std::vector<std::uint8_t> in(random() % 17 * 3);
    for (auto& each : in)
      each = static_cast<std::uint8_t>(random());
    std::vector<std::uint8_t> out(in.size());
    ASSERT_TRUE(from_base64url(to_base64url(in), out));
    ASSERT_EQ(out, in);
  }
}

TEST(Base64url, ReadsItsAlphabetOnly) {
  std::array<std::uint8_t, 3> out{};
  std::size_t good = 0;
  for (int c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 4; ++at) {
      std::string text = "AAAA";
      text[at] = static_cast<char>(c);
      good += from_base64url(text, out) ? 1U : 0U;
    }
  }
  EXPECT_EQ(good, 4U * 64U);
}

TEST(Base64url, HasOneSpellingForEachValue) {
  std::mt19937 random(2);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (int i = 0; i < 10'000; ++i) {
    std::string text(8, '\0');
    for (char& each : text)
      each = alphabet[random() % 64];
    std::array<std::uint8_t, 6> out{};
    ASSERT_TRUE(from_base64url(text, out));
    ASSERT_EQ(to_base64url(out), text);
  }
}

TEST(Base64url, IsStrict) {
  std::array<std::uint8_t, 6> out{};
  EXPECT_TRUE(from_base64url("Zm9vYmFy", out));
  for (const auto text : {""sv, "Zm9vYmF"sv, "Zm9vYmFyA"sv, "Zm9vYmFyAAAA"sv, "Zm9vYmF="sv, "Zm9vYmFy="sv,
                          "Zm9vYm=="sv, " Zm9vYmFy"sv, "Zm9v YmF"sv, "Zm9vYmF\n"sv, "Zm9vYmF\0"sv,
                          "Zm+vYmFy"sv, "Zm/vYmFy"sv, "Zm9vYm\xc3\xa9"sv, "Zm9v"sv}) {
    EXPECT_FALSE(from_base64url(text, out)) << text;
  }
}

TEST(Base64, IsTheRfcs) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, text] : rows) {
    EXPECT_EQ(to_base64(bytes(plain)), text);
    const auto back = from_base64(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(std::string(back->begin(), back->end()), plain);
  }
  EXPECT_EQ(to_base64(std::array<std::uint8_t, 3>{0xfb, 0xef, 0xbe}), "++++");
  EXPECT_EQ(to_base64(std::array<std::uint8_t, 3>{0xff, 0xff, 0xff}), "////");
}

TEST(Base64, ComesBack) {
  std::mt19937 random(3);
  for (int i = 0; i < 10'000; ++i) {
    std::vector<std::uint8_t> in(random() % 50);
    for (auto& each : in)
      each = static_cast<std::uint8_t>(random());
    ASSERT_EQ(from_base64(to_base64(in)), in);
  }
}

TEST(Base64, HasOneSpellingForEachValue) {
  std::mt19937 random(4);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/==";
  std::size_t good = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text(4, '\0');
    for (char& each : text)
      each = alphabet[random() % alphabet.size()];
    const auto value = from_base64(text);
    if (!value) continue;
    ++good;
    ASSERT_EQ(to_base64(*value), text);
  }
  EXPECT_GT(good, 80'000U);
}

TEST(Base64, IsStrict) {
  for (const auto text :
       {"Z"sv, "Zg"sv, "Zg="sv, "Zg==="sv, "Zg==Zg=="sv, "Zh=="sv, "Zm9="sv, "===="sv, "Z==="sv, "="sv,
        "Zm9v Zg="sv, "Zm9-"sv, "Zm9_"sv, "Zm9v\n"sv, "Zm9\0"sv, "=m9v"sv, "Z=9v"sv}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Hex, IsLowerCaseAndReadsBoth) {
  EXPECT_EQ(to_hex(std::array<std::uint8_t, 4>{0x00, 0x1f, 0xa0, 0xff}), "001fa0ff");
  std::array<std::uint8_t, 4> out{};
  EXPECT_TRUE(from_hex("001fA0Ff", out));
  EXPECT_EQ(out, (std::array<std::uint8_t, 4>{0x00, 0x1f, 0xa0, 0xff}));
}

TEST(Hex, IsStrict) {
  std::array<std::uint8_t, 2> out{};
  for (const auto text : {""sv, "0"sv, "012"sv, "01234"sv, "012g"sv, "0x12"sv, "01 2"sv, " 012"sv, "012\n"sv,
                          "012\0"sv, "-123"sv}) {
    EXPECT_FALSE(from_hex(text, out)) << text;
  }
}

}  // namespace
}  // namespace otpd::crypto
