#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace otpd {

// Records of a CSV text (RFC 4180), one after the other. Fields may be quoted, lines may end with CR LF or
// LF, a byte order mark at the beginning and empty lines are passed over.
class csv_reader {
 public:
  static constexpr std::size_t max_record = 4096;  // bytes
  static constexpr std::size_t max_fields = 64;

  // The stream outlives the reader.
  explicit csv_reader(std::istream& in);

  // False at the end, or at what is no CSV: then fault() says why.
  [[nodiscard]] bool next(std::vector<std::string>& into);
  // Where the last record began, from 1.
  [[nodiscard]] std::size_t line() const noexcept { return line_; }
  // Empty: none.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  [[nodiscard]] bool refuse(std::string why);
  [[nodiscard]] int take();
  [[nodiscard]] bool read_field(std::string& into);
  [[nodiscard]] bool read_quoted(std::string& into);

  std::istream& in_;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  std::size_t taken_ = 0;  // bytes of the record
  std::string fault_;
};

}  // namespace otpd
