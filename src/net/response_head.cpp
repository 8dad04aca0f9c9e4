#include "net/response_head.hpp"

#include <charconv>
#include <cstdio>

#include "net/ascii.hpp"

namespace otpd::net {
namespace {

void append_number(std::string& out, std::size_t n) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  out.append(digits, end);
}

bool has_field(std::string_view lines, std::string_view name) noexcept {
  while (lines.size() > name.size()) {
    if (lines[name.size()] == ':' && equal_without_case(lines.substr(0, name.size()), name)) return true;
    const auto end = lines.find('\n');
    if (end == lines.npos) return false;
    lines.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::string_view http_date::text(std::time_t now) noexcept {
  if (now != second_) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::snprintf(text_, sizeof text_, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[utc.tm_wday],
                  utc.tm_mday % 100U, months[utc.tm_mon], (utc.tm_year + 1900U) % 10000U, utc.tm_hour % 100U,
                  utc.tm_min % 100U, utc.tm_sec % 100U);
    second_ = now;
  }
  return {text_, 29};
}

std::string_view reason_phrase(unsigned status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 423:
      return "Locked";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 507:
      return "Insufficient Storage";
    default:
      return "Status";
  }
}

void append_answer(std::string& out, const response& answer, answer_form form, std::string_view date) {
  const bool bodiless = answer.status == 204 || answer.status == 304;
  out.append("HTTP/1.1 ");
  append_number(out, answer.status);
  out.append(" ").append(reason_phrase(answer.status)).append("\r\nDate: ").append(date);
  if (!answer.content_type.empty() && !bodiless) out.append("\r\nContent-Type: ").append(answer.content_type);
  if (!bodiless) {
    out.append("\r\nContent-Length: ");
    append_number(out, answer.body.size());
  }
  if (!form.keep_alive) {
    out.append("\r\nConnection: close");
  } else if (!form.version_1_1) {
    out.append("\r\nConnection: keep-alive");
  }
  out.append("\r\nX-Content-Type-Options: nosniff\r\n");
  if (!has_field(answer.fields, "cache-control")) out.append("Cache-Control: no-store\r\n");
  out.append(answer.fields).append("\r\n");
  if (!bodiless && !form.head_only) out.append(answer.body);
}

}  // namespace otpd::net
