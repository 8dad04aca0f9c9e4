#include "sms/escape.hpp"

namespace otpd::sms {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

void append_hex(std::string& out, unsigned char byte) {
  out.push_back(hex_digits[byte >> 4]);
  out.push_back(hex_digits[byte & 0xf]);
}

bool is_unreserved(unsigned char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_plain_in_header(unsigned char c) noexcept {
  return c >= ' ' && c < 0x7f && c != '%';
}

void append_json(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    default:
      break;
  }
  if (c >= 0x20 && c != 0x7f) {
    out.push_back(static_cast<char>(c));
    return;
  }
  out.append("\\u00");
  append_hex(out, c);
}

void append_xml(std::string& out, unsigned char c) {
  switch (c) {
    case '<':
      out.append("&lt;");
      return;
    case '>':
      out.append("&gt;");
      return;
    case '&':
      out.append("&amp;");
      return;
    case '"':
      out.append("&quot;");
      return;
    case '\'':
      out.append("&#39;");
      return;
    default:
      out.push_back(static_cast<char>(c));
  }
}

void append_percent(std::string& out, unsigned char c, bool plain) {
  if (plain) {
    out.push_back(static_cast<char>(c));
    return;
  }
  out.push_back('%');
  append_hex(out, c);
}

}  // namespace

void append_escaped(std::string& out, std::string_view value, escape how) {
  if (how == escape::none) {
    out.append(value);
    return;
  }
  for (const char each : value) {
    const auto c = static_cast<unsigned char>(each);
    switch (how) {
      case escape::json:
        append_json(out, c);
        break;
      case escape::xml:
        append_xml(out, c);
        break;
      case escape::percent:
        append_percent(out, c, is_unreserved(c));
        break;
      case escape::header:
        append_percent(out, c, is_plain_in_header(c));
        break;
      case escape::none:
        break;
    }
  }
}

escape escape_for(std::string_view media_type) noexcept {
  std::string_view essence = media_type.substr(0, media_type.find(';'));
  while (essence.ends_with(' '))
    essence.remove_suffix(1);
  if (essence == "application/json" || essence.ends_with("+json")) return escape::json;
  if (essence == "application/xml" || essence == "text/xml" || essence.ends_with("+xml")) return escape::xml;
  return essence == "application/x-www-form-urlencoded" ? escape::percent : escape::none;
}

}  // namespace otpd::sms
