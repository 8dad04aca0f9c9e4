#include "mail/mime_reader.hpp"

#include <cstdint>
#include <stdexcept>

namespace otpd::test {

namespace {

using std::string_view;

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error("not a message: " + why);
}

std::string with_lf(string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || text.substr(i, 2) != "\r\n") out += text[i];
  return out;
}

unsigned hex(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  fail("a hexadecimal digit");
}

std::string lower(string_view text) {
  std::string out{text};
  for (char& c : out)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

struct entity {
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  [[nodiscard]] std::string field(string_view name) const {
    for (const auto& [key, value] : fields)
      if (key == name) return value;
    return {};
  }
};

entity parse_entity(string_view text) {
  entity out;
  while (!text.starts_with('\n')) {
    const auto end = text.find('\n');
    if (end == text.npos) fail("no empty line");
    const string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (out.fields.empty()) fail("a fold before the first field");
      out.fields.back().second += line;
      continue;
    }
    const auto colon = line.find(": ");
    if (colon == line.npos) fail("a line of the header");
    out.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  out.body = text.substr(1);
  return out;
}

std::string decoded_body(const entity& part) {
  const std::string how = part.field("Content-Transfer-Encoding");
  if (how == "base64") return with_lf(decode_base64(part.body));
  if (how == "quoted-printable") return decode_quoted_printable(part.body);
  fail("encoding " + how);
}

void take_part(const entity& part, read_mail& out) {
  const std::string type = part.field("Content-Type");
  if (type == "text/plain; charset=utf-8")
    out.text = decoded_body(part);
  else if (type == "text/html; charset=utf-8")
    out.html = decoded_body(part);
  else
    fail("type " + type);
}

}  // namespace

std::string decode_base64(string_view text) {
  constexpr string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '=') continue;
    const auto value = digits.find(c);
    if (value == digits.npos) fail("base64");
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

std::string decode_quoted_printable(string_view text) {
  const std::string lines = with_lf(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != '=') {
      out += lines[i];
    } else if (lines.substr(i + 1, 1) == "\n") {
      i += 1;
    } else {
      if (i + 2 >= lines.size()) fail("an escape");
      out += static_cast<char>(hex(lines[i + 1]) << 4 | hex(lines[i + 2]));
      i += 2;
    }
  }
  return out;
}

std::string read_mail::field(string_view name) const {
  for (const auto& [key, value] : fields)
    if (lower(key) == lower(name)) return value;
  return {};
}

std::string read_mail::decoded(string_view name) const {
  const std::string raw = field(name);
  string_view rest = raw;
  std::string out;
  for (;;) {
    const auto begin = rest.find("=?UTF-8?B?");
    if (begin == rest.npos) return out.append(rest);
    const auto end = rest.find("?=", begin);
    if (end == rest.npos) fail("an encoded word");
    // RFC 2047, 6.2: white space between two of them is not there.
    if (rest.substr(0, begin) != " " || out.empty()) out += rest.substr(0, begin);
    out += decode_base64(rest.substr(begin + 10, end - begin - 10));
    rest.remove_prefix(end + 2);
  }
}

read_mail parse_mail(string_view message) {
  const entity whole = parse_entity(with_lf(message));
  read_mail out;
  out.fields = whole.fields;
  const std::string type = whole.field("Content-Type");
  const auto mark = type.find("boundary=\"");
  if (!type.starts_with("multipart/alternative;")) {
    take_part(whole, out);
    return out;
  }
  if (mark == type.npos || !type.ends_with('"')) fail("the boundary");
  const std::string delimiter = "\n--" + type.substr(mark + 10, type.size() - mark - 11);
  const std::string body = "\n" + whole.body;
  auto at = body.find(delimiter + "\n");
  if (at == body.npos) fail("no part");
  for (;;) {
    const auto begin = at + delimiter.size() + 1;
    at = body.find(delimiter, begin);
    if (at == body.npos) fail("no end");
    take_part(parse_entity(body.substr(begin, at - begin)), out);
    if (body.substr(at + delimiter.size()).starts_with("--\n")) return out;
  }
}

}  // namespace otpd::test
