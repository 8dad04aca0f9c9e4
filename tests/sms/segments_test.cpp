#include "sms/segments.hpp"

#include <gtest/gtest.h>

#include <string>

namespace otpd::sms {
namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  while (count-- > 0)
    out.append(text);
  return out;
}

TEST(Segments, AreCountedAsNetworksDo) {
  struct row {
    std::string text;
    sms::alphabet alphabet;
    std::uint32_t units;
    std::uint32_t segments;
  };
  constexpr auto gsm7 = alphabet::gsm7;
  constexpr auto ucs2 = alphabet::ucs2;
  const row rows[] = {
      {"", gsm7, 0, 1},
      {"123456 is your Example code.", gsm7, 28, 1},
      {times(160, "a"), gsm7, 160, 1},
      {times(161, "a"), gsm7, 161, 2},
      {times(306, "a"), gsm7, 306, 2},
      {times(307, "a"), gsm7, 307, 3},
      {"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà", gsm7, 71, 1},
      {"\f^{}\\[~]|€", gsm7, 20, 1},
      {times(80, "€"), gsm7, 160, 1},
      {times(81, "€"), gsm7, 162, 2},
      {times(152, "a") + "€" + times(10, "a"), gsm7, 164, 2},
      {times(152, "a") + "€" + times(151, "a"), gsm7, 305, 2},
      {times(152, "a") + "€" + times(152, "a"), gsm7, 306, 3},  // the pair moved whole, so a septet is lost
      {"`", ucs2, 1, 1},
      {"ç", ucs2, 1, 1},
      {"\t", ucs2, 1, 1},
      {"Ваш код 123456", ucs2, 14, 1},
      {times(70, "я"), ucs2, 70, 1},
      {times(71, "я"), ucs2, 71, 2},
      {times(134, "я"), ucs2, 134, 2},
      {times(135, "я"), ucs2, 135, 3},
      {times(35, "😀"), ucs2, 70, 1},
      {times(36, "😀"), ucs2, 72, 2},
      {times(67, "😀"), ucs2, 134, 3},  // 33 pairs fit into 67 units
      {"\xff\xc3", ucs2, 2, 1},
  };
  for (const row& each : rows) {
    const segment_count got = count_segments(each.text);
    EXPECT_EQ(got.alphabet, each.alphabet) << each.text;
    EXPECT_EQ(got.units, each.units) << each.text;
    EXPECT_EQ(got.segments, each.segments) << each.text;
  }
}

TEST(Segments, CodePointsAreReadStrictly) {
  struct row {
    std::string_view bytes;
    char32_t first;
    std::size_t taken;
  };
  const row rows[] = {
      {"a", U'a', 1},
      {"\xc3\xa9", U'é', 2},
      {"\xe2\x82\xac!", U'€', 3},
      {"\xf0\x9f\x98\x80", U'😀', 4},
      {"\x80", U'\ufffd', 1},
      {"\xc0\xaf", U'\ufffd', 1},
      {"\xe0\x80\xaf", U'\ufffd', 1},
      {"\xf0\x80\x80\xaf", U'\ufffd', 1},
      {"\xed\xa0\x80", U'\ufffd', 1},
      {"\xf4\x90\x80\x80", U'\ufffd', 1},
      {"\xf8\x88\x80\x80\x80", U'\ufffd', 1},
      {"\xe2\x82", U'\ufffd', 1},
      {"\xe2\x82z", U'\ufffd', 1},
      {"\xef\xbb\xbf", U'\ufeff', 3},
      {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
      {"\xed\x9f\xbf", 0xd7ff, 3},
      {"\xc2\x80", 0x80, 2},
  };
  for (const row& each : rows) {
    std::string_view rest = each.bytes;
    EXPECT_EQ(take_code_point(rest), each.first);
    EXPECT_EQ(each.bytes.size() - rest.size(), each.taken);
  }
}

}  // namespace
}  // namespace otpd::sms
