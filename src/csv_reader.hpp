#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace otpd {

// Reads CSV (RFC 4180), record by record: quoted fields with doubled quotes, commas and line breaks in them;
// CR LF or LF; a UTF-8 byte order mark. A record that is an empty line is passed over. Bounded, so that no
// file takes more memory than a record.
class csv_reader {
 public:
  static constexpr std::size_t max_record = 4096;  // bytes, with its line break

  enum class status {
    record,
    end,
    too_long,      // more than max_record bytes
    stray_quote,   // a quote inside of an unquoted field, or something after a quoted one
    stray_return,  // a CR that no LF follows
    unclosed,      // the file ends in a quoted field
  };

  // `in` outlives the reader.
  explicit csv_reader(std::istream& in) : in_(*in.rdbuf()) {}

  // The next record's fields. After a status of the last four nothing more can be read.
  [[nodiscard]] status next(std::vector<std::string>& fields);
  // Where the record of the last call begins, from 1.
  [[nodiscard]] std::size_t line() const noexcept { return begin_; }

 private:
  enum class place { field_start, plain, quoted, after_quote };

  void skip_mark();
  [[nodiscard]] status read(std::vector<std::string>& fields);

  std::streambuf& in_;
  std::size_t begin_ = 0;
  std::size_t line_ = 1;
  bool is_begun_ = false;
};

// What is wrong, in words; empty for `record` and `end`.
[[nodiscard]] std::string to_text(csv_reader::status what);

}  // namespace otpd
