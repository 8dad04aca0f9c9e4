#include "csv_reader.hpp"

#include <streambuf>
#include <string_view>

namespace otpd {

namespace {
constexpr int no_more = std::char_traits<char>::eof();
}

std::string to_text(csv_reader::status what) {
  switch (what) {
    case csv_reader::status::too_long:
      return "the line is longer than 4096 bytes";
    case csv_reader::status::stray_quote:
      return "a quote stands where none may be; fields with quotes are quoted, and their quotes doubled";
    case csv_reader::status::stray_return:
      return "a carriage return stands without its line feed";
    case csv_reader::status::unclosed:
      return "a quoted field has no end";
    case csv_reader::status::record:
    case csv_reader::status::end:
      break;
  }
  return {};
}

void csv_reader::skip_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  for (const char each : mark) {
    if (in_.sgetc() != static_cast<unsigned char>(each)) return;
    in_.sbumpc();
  }
}

csv_reader::status csv_reader::next(std::vector<std::string>& fields) {
  if (!is_begun_) skip_mark();
  is_begun_ = true;
  for (;;) {
    const status out = read(fields);
    const bool is_empty_line = fields.size() == 1 && fields.front().empty();
    if (out != status::record || !is_empty_line) return out;
  }
}

csv_reader::status csv_reader::read(std::vector<std::string>& fields) {
  fields.assign(1, {});
  begin_ = line_;
  place at = place::field_start;
  for (std::size_t size = 0;; ++size) {
    const int next = in_.sbumpc();
    if (next == no_more) {
      if (size == 0) return status::end;
      return at == place::quoted ? status::unclosed : status::record;
    }
    if (size == max_record) return status::too_long;
    const char c = static_cast<char>(next);
    if (c == '\n') ++line_;
    if (at == place::quoted) {
      if (c == '"') {
        at = place::after_quote;
      } else {
        fields.back() += c;
      }
      continue;
    }
    if (c == '\n') return status::record;
    if (c == '\r') {
      if (in_.sgetc() != '\n') return status::stray_return;
    } else if (c == ',') {
      fields.emplace_back();
      at = place::field_start;
    } else if (c == '"') {
      if (at == place::plain) return status::stray_quote;
      if (at == place::after_quote) fields.back() += c;
      at = place::quoted;
    } else {
      if (at == place::after_quote) return status::stray_quote;
      fields.back() += c;
      at = place::plain;
    }
  }
}

}  // namespace otpd
