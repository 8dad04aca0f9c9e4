#include "mail/mime_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "mail/mime_reader.hpp"

namespace otpd::mail {
namespace {

using bytes = std::string;

bytes quoted_text(std::string_view text) {
  bytes out;
  append_quoted_printable(out, text);
  return out;
}
bytes base64_text(std::string_view text) {
  bytes out;
  append_base64_lines(out, text);
  return out;
}
bytes words(std::string_view text) {
  bytes out;
  append_encoded_words(out, text);
  return out;
}
bytes with_crlf(std::string_view text) {
  bytes out;
  for (const char c : text)
    (c == '\n' ? out += '\r' : out) += c;
  return out;
}

void expect_lines_of(const bytes& text, std::size_t most) {
  ASSERT_TRUE(text.empty() || text.ends_with("\r\n"));
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    EXPECT_LE(end - at, most) << text.substr(at, end - at);
    const auto line = text.substr(at, end - at);
    EXPECT_EQ(line.find_first_of("\r\n"), bytes::npos);
    EXPECT_FALSE(line.starts_with('.') || line.starts_with("From ")) << line;
    EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\t')) << line;
    for (const char c : line)
      EXPECT_TRUE((c >= ' ' && c <= '~') || c == '\t');
    at = end + 2;
  }
}

TEST(MimeText, QuotedPrintableIsAsTheRfcSays) {
  EXPECT_EQ(quoted_text(""), "");
  EXPECT_EQ(quoted_text("a\n"), "a\r\n");
  EXPECT_EQ(quoted_text("a"), "a=\r\n");
  EXPECT_EQ(quoted_text("\n\n"), "\r\n\r\n");
  EXPECT_EQ(quoted_text("1+1=2\n"), "1+1=3D2\r\n");
  EXPECT_EQ(quoted_text("é\n"), "=C3=A9\r\n");
  EXPECT_EQ(quoted_text("a \nb\t\n"), "a=20\r\nb=09\r\n");
  EXPECT_EQ(quoted_text("a b\tc\n"), "a b\tc\r\n");
  EXPECT_EQ(quoted_text("a "), "a=20=\r\n");
  EXPECT_EQ(quoted_text("a\r\nb\rc\n"), "a=0D\r\nb=0Dc\r\n");
  EXPECT_EQ(quoted_text(std::string_view{"\0\x7f\n", 3}), "=00=7F\r\n");
  EXPECT_EQ(quoted_text(".\n..\na.\n"), "=2E\r\n=2E.\r\na.\r\n");
  EXPECT_EQ(quoted_text("From me\nFromage\n"), "=46rom me\r\nFromage\r\n");
}

TEST(MimeText, QuotedLinesBreakAtSeventySix) {
  const bytes x75(75, 'x');
  EXPECT_EQ(quoted_text(x75 + "\n"), x75 + "\r\n");
  EXPECT_EQ(quoted_text(x75 + "yz\n"), x75 + "=\r\nyz\r\n");
  EXPECT_EQ(quoted_text(x75.substr(3) + "é\n"), x75.substr(3) + "=C3=\r\n=A9\r\n");
  EXPECT_EQ(quoted_text(x75 + ".\n"), x75 + "=\r\n=2E\r\n");
  EXPECT_EQ(quoted_text(x75 + "From \n"), x75 + "=\r\n=46rom=20\r\n");
}

// RFC 4648, 10.
TEST(MimeText, Base64IsAsTheRfcSays) {
  const std::vector<std::pair<bytes, bytes>> table{{"", ""},
                                                   {"f", "Zg=="},
                                                   {"fo", "Zm8="},
                                                   {"foo", "Zm9v"},
                                                   {"foob", "Zm9vYg=="},
                                                   {"fooba", "Zm9vYmE="},
                                                   {"foobar", "Zm9vYmFy"},
                                                   {"\xff\xff\xfe", "///+"}};
  for (const auto& [plain, encoded] : table) {
    bytes out;
    append_base64(out, plain);
    EXPECT_EQ(out, encoded);
    EXPECT_EQ(base64_text(plain), encoded.empty() ? "" : encoded + "\r\n");
  }
  EXPECT_EQ(base64_text("a\n"), "YQ0K\r\n");
  EXPECT_EQ(base64_text(bytes(57, '\0')), bytes(76, 'A') + "\r\n");
  EXPECT_EQ(base64_text(bytes(58, '\0')), bytes(76, 'A') + "\r\nAA==\r\n");
}

TEST(MimeText, EncodedWordsAreWholeCharacters) {
  EXPECT_EQ(words(""), "");
  EXPECT_EQ(words("é"), "=?UTF-8?B?w6k=?=");
  bytes x39 = "=?UTF-8?B?";
  for (int i = 0; i < 13; ++i)
    x39 += "eHh4";
  EXPECT_EQ(words(bytes(39, 'x') + "y"), x39 + "?=\r\n =?UTF-8?B?eQ==?=");
  // 37 + 4 bytes: the emoji goes whole into the second.
  EXPECT_TRUE(words(bytes(37, 'x') + "😀").ends_with("\r\n =?UTF-8?B?8J+YgA==?="));
  // Not UTF-8, and still nothing is lost or loops.
  EXPECT_EQ(words(bytes(80, '\x80')).size(), 3 * 12 + 2 * 3 + 52 + 52 + 4U);
}

TEST(MimeText, AWalkComesBackByteForByte) {
  const std::string_view pieces[] = {"a",  "=",  ".", "From ", " ",    "\t",
                                     "\n", "\r", "é", "😀",     "\xff", "xxxxxxxx"};
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random{seed};
    bytes text;
    for (auto n = random() % 200; n > 0; --n)
      text += pieces[random() % std::size(pieces)];
    text += static_cast<char>(random() % 256);
    SCOPED_TRACE(seed);
    const bytes q = quoted_text(text);
    expect_lines_of(q, 76);
    // Its CR LFs are line ends, its own included.
    EXPECT_EQ(test::decode_quoted_printable(q), text);
    const bytes b = base64_text(text);
    expect_lines_of(b, 76);
    EXPECT_EQ(test::decode_base64(b), with_crlf(text));
  }
}

}  // namespace
}  // namespace otpd::mail
