#include "csv_reader.hpp"

#include <cstdio>

namespace otpd {

csv_reader::csv_reader(std::istream& in) : in_(in) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  for (std::size_t i = 0; i < mark.size(); ++i) {
    if (in_.peek() != static_cast<unsigned char>(mark[i])) return;
    in_.get();
  }
}

bool csv_reader::refuse(std::string why) {
  fault_ = std::move(why);
  return false;
}

int csv_reader::take() {
  const int c = in_.get();
  if (c == '\n') ++next_line_;
  if (c != EOF) ++taken_;
  return c;
}

// The rest of a field after its opening quote.
bool csv_reader::read_quoted(std::string& into) {
  for (;;) {
    const int c = take();
    if (c == EOF) return refuse("a quoted field does not end");
    if (taken_ > max_record) return refuse("a record is longer than 4096 bytes");
    if (c != '"') {
      into += static_cast<char>(c);
    } else if (in_.peek() == '"') {
      into += static_cast<char>(take());
    } else {
      break;
    }
  }
  const int after = in_.peek();
  if (after == EOF || after == ',' || after == '\r' || after == '\n') return true;
  return refuse("text follows a quoted field");
}

bool csv_reader::read_field(std::string& into) {
  if (in_.peek() == '"') {
    static_cast<void>(take());
    return read_quoted(into);
  }
  for (int c = in_.peek(); c != EOF && c != ',' && c != '\r' && c != '\n'; c = in_.peek()) {
    if (c == '"') return refuse("a quote stands within a field that is not quoted");
    if (taken_ >= max_record) return refuse("a record is longer than 4096 bytes");
    into += static_cast<char>(take());
  }
  return true;
}

bool csv_reader::next(std::vector<std::string>& into) {
  if (!fault_.empty()) return false;
  into.clear();
  while (in_.peek() == '\r' || in_.peek() == '\n')
    static_cast<void>(take());
  if (in_.peek() == EOF) return false;
  line_ = next_line_;
  taken_ = 0;
  for (;;) {
    if (into.size() == max_fields) return refuse("a record has more than 64 fields");
    if (!read_field(into.emplace_back())) return false;
    if (in_.peek() != ',') break;
    static_cast<void>(take());
  }
  if (in_.peek() == '\r') static_cast<void>(take());
  if (in_.peek() != EOF && take() != '\n') return refuse("a carriage return stands alone");
  return true;
}

}  // namespace otpd
