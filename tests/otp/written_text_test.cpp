#include "otp/written_text.hpp"

#include <gtest/gtest.h>

#include "otp/phone.hpp"

namespace otpd::otp {
namespace {

TEST(WrittenText, DigitsOfAnyScriptAreDigits) {
  EXPECT_EQ(fold_digits("123"), "123");
  EXPECT_EQ(fold_digits("٠١٢٣٤٥٦٧٨٩"), "0123456789");
  EXPECT_EQ(fold_digits("۴۵a६"), "45a6");
  EXPECT_EQ(fold_digits("１２"), "12");
  EXPECT_EQ(fold_digits("²½Ⅷ"), "²½Ⅷ") << "those are numbers, not digits";
  EXPECT_EQ(fold_digits("\xff\x80 1"), "\xff\x80 1") << "no UTF-8 stays as it is";
  EXPECT_EQ(fold_digits("\xd9"), "\xd9");
  EXPECT_EQ(fold_digits(""), "");
}

TEST(WrittenText, WhiteSpaceEndsAreDropped) {
  EXPECT_EQ(strip(" \t\r\n a b \x1c\x1f"), "a b");
  EXPECT_EQ(strip("\u00a0x\u3000\u2009"), "x");
  EXPECT_EQ(strip(" \u3000 "), "");
  EXPECT_EQ(strip(""), "");
  EXPECT_EQ(strip("\u200bx"), "\u200bx") << "no white space, as Python sees it";
  EXPECT_EQ(strip(" \xff "), "\xff");
}

TEST(PossibleNumbers, AreTakenWhereAProfileSaysSo) {
  EXPECT_FALSE(parse_phone("1234567890", "US"));
  const auto taken = parse_phone("1234567890", "US", numbers::possible);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->address, "+11234567890");
  EXPECT_EQ(taken->country, "US");
  EXPECT_TRUE(parse_address("+11234567890")) << "and read again from a record";
  EXPECT_FALSE(parse_phone("12345", "US", numbers::possible));
  EXPECT_FALSE(parse_phone("+1234567890", "", numbers::possible)) << "of no length that its country has";
  EXPECT_FALSE(parse_phone("+19005550123", "", numbers::possible)) << "premium rate";
  const auto valid = parse_phone("+12125550123", "", numbers::possible);
  ASSERT_TRUE(valid);
  EXPECT_EQ(valid->address, parse_phone("+12125550123", "")->address);
}

}  // namespace
}  // namespace otpd::otp
