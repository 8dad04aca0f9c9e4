#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "csv_reader.hpp"

namespace otpd {

// One line of a table of accounts, checked.
struct account_line {
  std::size_t number = 0;  // of the line, from 1
  std::string phone;       // E.164; empty: none
  std::string email;       // empty: none; one of the two is there
  std::optional<bool> phone_verified;
  std::optional<bool> email_verified;

  [[nodiscard]] bool operator==(const account_line&) const = default;
};

// A table of accounts: CSV whose first record names the columns, in any order and either case: phone or
// phone_number, email, is_phone_verified or phone_verified, is_email_verified or email_verified. Others are
// left alone.
class account_sheet {
 public:
  static constexpr std::size_t max_lines = 1'000'000;

  enum class status { line, end, wrong_line, unreadable };

  // `region`: as in otp::parse_phone(). `in` outlives the sheet.
  account_sheet(std::istream& in, std::string region);

  // The next line. wrong_line: fault() says what is wrong with it, and the next one can be read. unreadable:
  // fault() says why nothing more can be.
  [[nodiscard]] status next(account_line& into);
  // "line 12: what is wrong".
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
  // The names of the columns that are left alone; known after the first call of next().
  [[nodiscard]] const std::vector<std::string>& other_columns() const noexcept { return others_; }

 private:
  enum class column { phone, email, phone_verified, email_verified, other };

  [[nodiscard]] bool read_header();
  [[nodiscard]] bool read_line(account_line& into);
  [[nodiscard]] bool read_field(column what, const std::string& text, account_line& into);
  [[nodiscard]] bool fail(const std::string& what);

  csv_reader reader_;
  std::string region_;
  std::vector<column> columns_;
  std::vector<std::string> others_;
  std::vector<std::string> fields_;
  std::string fault_;
  std::size_t lines_ = 0;
};

// What is wrong with a whole table, line by line, and what is in it.
struct sheet_findings {
  static constexpr std::size_t most_told = 20;

  std::vector<std::string> faults;  // the first of them
  std::size_t fault_count = 0;
  std::size_t lines = 0;
  std::vector<std::string> other_columns;
};

// Reads all of it: each line by itself, and that no two have an address in common.
[[nodiscard]] sheet_findings check_sheet(std::istream& in, const std::string& region);

}  // namespace otpd
