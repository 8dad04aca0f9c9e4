#include "mail/mime_message.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "mail/mime_text.hpp"
#include "otp/email.hpp"
#include "sms/segments.hpp"

namespace otpd::mail {

namespace {

using std::string_view;

constexpr string_view boundary = "=_otpd_alternative";  // "=_" occurs in neither encoding
constexpr std::size_t longest_plain = 60;               // fits on a line with its field's name

bool is_printable_ascii(string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_unique_name(string_view text) noexcept {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= longest_plain && std::ranges::all_of(text, fits);
}

// Nobody will read it as an encoded word, fold it or trim it.
bool stands_for_itself(string_view text) noexcept {
  return is_printable_ascii(text) && text.size() <= longest_plain && text.find("=?") == string_view::npos &&
         !text.starts_with(' ') && !text.ends_with(' ');
}

void append_subject(std::string& out, string_view subject) {
  if (subject.empty()) return;
  out += "Subject: ";
  if (stands_for_itself(subject))
    out += subject;
  else
    append_encoded_words(out, subject);
  out += "\r\n";
}

void append_from(std::string& out, const mail_author& author) {
  out += "From: ";
  if (author.name.empty()) {
    out.append(author.address).append("\r\n");
    return;
  }
  if (stands_for_itself(author.name)) {
    out += '"';
    for (const char c : author.name) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  } else {
    append_encoded_words(out, author.name);
  }
  out.append("\r\n <").append(author.address).append(">\r\n");
}

// RFC 5322, 3.3.
void append_date(std::string& out, std::chrono::sys_seconds at) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "Date: %s, %02u %s %04d %02d:%02d:%02d +0000\r\n",
                weekdays[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  out += text.data();
}

void append_part(std::string& out, string_view type, string_view text) {
  out.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
  // What is mostly ASCII stays readable; of the rest base64 makes less.
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const auto others = text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_ascii));
  if (others * 6 <= text.size()) {
    out += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
    append_quoted_printable(out, text);
  } else {
    out += "Content-Transfer-Encoding: base64\r\n\r\n";
    append_base64_lines(out, text);
  }
}

void append_content(std::string& out, const sms::rendered_message& message) {
  if (message.html.empty()) {
    append_part(out, "text/plain", message.text);
    return;
  }
  out.append("Content-Type: multipart/alternative;\r\n boundary=\"").append(boundary).append("\"\r\n\r\n");
  out.append("--").append(boundary).append("\r\n");
  append_part(out, "text/plain", message.text);
  out.append("\r\n--").append(boundary).append("\r\n");
  append_part(out, "text/html", message.html);
  out.append("\r\n--").append(boundary).append("--\r\n");
}

}  // namespace

bool is_header_text(string_view utf8) noexcept {
  while (!utf8.empty()) {
    const bool is_replacement = utf8.starts_with("\xef\xbf\xbd");
    const char32_t c = sms::take_code_point(utf8);
    const bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
    if (is_control || (c == 0xfffd && !is_replacement)) return false;
  }
  return true;
}

boost::system::result<std::string> write_message(const mail_author& author,
                                                 const sms::rendered_message& message, string_view unique) {
  const string_view id = message.reference.empty() ? unique : message.reference;
  const bool is_sound = otp::parse_email(author.address) && otp::parse_email(message.to) &&
                        is_header_text(author.name) && is_header_text(message.subject) && is_unique_name(id);
  if (!is_sound) return make_error_code(boost::system::errc::invalid_argument);

  std::string out;
  out.reserve(1024 + 4 * (message.text.size() + message.html.size()));  // never moved: it holds a code
  append_from(out, author);
  out.append("To: ").append(message.to).append("\r\n");
  append_subject(out, message.subject);
  append_date(out, message.at);
  const string_view domain = author.address.substr(author.address.find('@') + 1);
  out.append("Message-ID: <").append(id).append("@").append(domain).append(">\r\n");
  out += "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n";
  append_content(out, message);
  return out;
}

}  // namespace otpd::mail
