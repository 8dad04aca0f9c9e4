// CSV as RFC 4180 has it, and what files make of it.

#include "csv_reader.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace otpd {
namespace {

using records = std::vector<std::vector<std::string>>;
using status = csv_reader::status;

// All records of a text, and how it ended.
std::pair<records, status> read(const std::string& text) {
  std::istringstream in(text);
  csv_reader reader(in);
  records out;
  std::vector<std::string> fields;
  for (;;) {
    const status each = reader.next(fields);
    if (each != status::record) return {out, each};
    out.push_back(fields);
  }
}

TEST(Csv, IsReadAsTheRfcHasIt) {
  const std::pair<std::string, records> table[] = {
      {"", {}},
      {"\xef\xbb\xbf", {}},
      {"a", {{"a"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"\xef\xbb\xbf\"a\",b\r\n", {{"a", "b"}}},
      {"\"\xef\xbb\xbf\",b", {{"\xef\xbb\xbf", "b"}}},
      {",,\r\n", {{"", "", ""}}},
      {"\"\",x", {{"", "x"}}},
      {"\"a\"\"b\",\"\"\"\"", {{"a\"b", "\""}}},
      {"\"a,b\",\"c\r\nd\"\r\ne,f", {{"a,b", "c\r\nd"}, {"e", "f"}}},
      {" a , b ", {{" a ", " b "}}},
      {"\r\n\r\na\n\n", {{"a"}}},
      {"a,\xc3\xa9", {{"a", "\xc3\xa9"}}},
  };
  for (const auto& [text, expected] : table)
    EXPECT_EQ(read(text), std::pair(expected, status::end)) << text;
}

TEST(Csv, IsRefusedWhereItIsNone) {
  const std::pair<std::string, status> table[] = {
      {"a\"b", status::stray_quote},     {"\"a\"b", status::stray_quote},
      {"\"a\" ,b", status::stray_quote}, {"a\rb", status::stray_return},
      {"a\r", status::stray_return},     {"\"a\"\r,", status::stray_return},
      {"\"a", status::unclosed},         {"\"a\r\nb,c\r\n", status::unclosed},
      {"\"a\"\"", status::unclosed},     {"a,\"", status::unclosed},
  };
  for (const auto& [text, expected] : table) {
    EXPECT_EQ(read(text).second, expected) << text;
    EXPECT_NE(to_text(expected), "");
  }
  EXPECT_EQ(to_text(status::end), "");
}

TEST(Csv, HasRecordsOf4KiBAtMost) {
  const std::string longest(csv_reader::max_record - 1, 'x');
  EXPECT_EQ(read(longest + "\n").second, status::end);
  EXPECT_EQ(read("a\n" + longest + "x\n"), std::pair(records{{"a"}}, status::too_long));
  EXPECT_EQ(read("\"" + std::string(1'000'000, '\n')).second, status::too_long);
  EXPECT_EQ(read(std::string(1'000'000, ',')).second, status::too_long);
}

TEST(Csv, KnowsTheLineThatARecordBeginsOn) {
  std::istringstream in("a\r\n\r\n\"b\r\nc\nd\"\r\ne\n");
  csv_reader reader(in);
  std::vector<std::string> fields;
  std::vector<std::size_t> lines;
  while (reader.next(fields) == status::record)
    lines.push_back(reader.line());
  EXPECT_EQ(lines, (std::vector<std::size_t>{1, 3, 6}));
}

}  // namespace
}  // namespace otpd
