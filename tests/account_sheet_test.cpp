// A table of accounts: which columns it knows, and what is wrong with a line.

#include "account_sheet.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace otpd {
namespace {

using status = account_sheet::status;

std::vector<account_line> lines_of(const std::string& text, const std::string& region = "US") {
  std::istringstream in(text);
  account_sheet sheet(in, region);
  std::vector<account_line> out;
  account_line line;
  while (sheet.next(line) == status::line)
    out.push_back(line);
  return out;
}

sheet_findings check(const std::string& text, const std::string& region = "US") {
  std::istringstream in(text);
  return check_sheet(in, region);
}

// The only thing that is wrong.
std::string fault_in(const std::string& text, const std::string& region = "US") {
  const auto found = check(text, region);
  EXPECT_EQ(found.fault_count, 1u) << text;
  return found.faults.empty() ? std::string() : found.faults.front();
}

TEST(AccountSheet, KnowsItsColumnsInAnyOrderAndEitherCase) {
  const auto read = lines_of(
      "Name,is_phone_verified,EMAIL, phone_number ,email_verified\r\n"
      "Jo,True,Jo@Example.com,(415) 555-2671,f\r\n"
      "\"Ann, B.\",0,,+4915112345601,\r\n"
      "Bob,,bob@example.org,,1\r\n");
  const std::vector<account_line> expected{
      {2, "+14155552671", "Jo@example.com", true, false},
      {3, "+4915112345601", "", false, std::nullopt},
      {4, "", "bob@example.org", std::nullopt, true},
  };
  EXPECT_EQ(read, expected);
  EXPECT_EQ(lines_of("phone,phone_verified\n+14155552671,yes\n"),
            (std::vector<account_line>{{2, "+14155552671", "", true, std::nullopt}}));
}

TEST(AccountSheet, NamesTheColumnsThatItLeavesAlone) {
  const auto found = check("id,phone,\"note, old\"\n1,+14155552671,x\n");
  EXPECT_EQ(found.other_columns, (std::vector<std::string>{"id", "note, old"}));
  EXPECT_EQ(found.fault_count, 0u);
  EXPECT_EQ(found.lines, 1u);
}

TEST(AccountSheet, SaysWhatIsWrongWithALineAndGoesOn) {
  const std::pair<const char*, const char*> table[] = {
      {"phone\n12\n", "line 2: this is no phone number"},
      {"phone\n+14155552671\nx\n", "line 3: this is no phone number"},
      {"email\njo@\n", "line 2: this is no e-mail address"},
      {"phone,email\n,\n", "line 2: there is neither a phone number nor an e-mail address"},
      {"phone,phone_verified\n+14155552671,maybe\n",
       "line 2: whether an address is verified is said as true or false"},
      {"phone,email\n+14155552671\n", "line 2: it has 1 fields where the header has 2"},
      {"phone\n+14155552671,x\n", "line 2: it has 2 fields where the header has 1"},
  };
  for (const auto& [text, expected] : table)
    EXPECT_EQ(fault_in(text), expected) << text;
  EXPECT_EQ(fault_in("phone\n015112345601\n", ""),
            "line 2: this is no phone number (national ones need --region)");
  const auto all = check("phone\nx\n+14155552671\ny\n");
  EXPECT_EQ(all.fault_count, 2u);
  EXPECT_EQ(all.lines, 3u);
}

TEST(AccountSheet, SaysWhyNothingMoreCanBeRead) {
  const std::pair<const char*, const char*> table[] = {
      {"", "line 1: the file is empty"},
      {"name,tel\nJo,+14155552671\n", "line 1: no column is called phone, phone_number or email"},
      {"phone,phone_number\n", "line 1: there are two columns like phone_number"},
      {"phone\n\"+14155552671\n", "line 2: a quoted field has no end"},
  };
  for (const auto& [text, expected] : table)
    EXPECT_EQ(fault_in(text), expected) << text;
}

TEST(AccountSheet, RefusesAnAddressThatIsThereTwice) {
  EXPECT_EQ(fault_in("phone,email\n+14155552671,\n,jo@example.com\n(415) 555-2671,\n"),
            "line 4: it has an address of line 2");
  EXPECT_EQ(fault_in("email\njo@example.com\nJO@Example.com\n"), "line 3: it has an address of line 2");
  EXPECT_EQ(check("email\njo@example.com\njo+a@example.com\n").fault_count, 0u);
}

TEST(AccountSheet, TellsTheFirstFaultsAndCountsTheRest) {
  std::string text = "phone\n";
  for (int i = 0; i < 1000; ++i)
    text += "x\n";
  const auto found = check(text);
  EXPECT_EQ(found.fault_count, 1000u);
  EXPECT_EQ(found.faults.size(), sheet_findings::most_told);
}

TEST(AccountSheet, HasAMillionLinesAtMost) {
  std::string text = "email\n";
  for (std::size_t i = 0; i < account_sheet::max_lines; ++i)
    text += "u" + std::to_string(i) + "@a.example\n";
  EXPECT_EQ(check(text).fault_count, 0u);
  EXPECT_EQ(fault_in(text + "last@a.example\n"), "line 1000002: a file has at most 1,000,000 lines");
}

}  // namespace
}  // namespace otpd
