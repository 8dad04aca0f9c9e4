#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "config/sections.hpp"
#include "config/smtp_keys.hpp"
#include "config/text.hpp"
#include "mail/mime_message.hpp"
#include "net/url.hpp"
#include "otp/email.hpp"

namespace otpd {
namespace {

using mail::smtp_options;
using value = config_value;

bool is_host_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= 253 && text.front() != '.' && std::ranges::all_of(text, fits);
}

bool is_address(const std::string& text) {
  boost::system::error_code ec;
  boost::asio::ip::make_address(text, ec);
  return !ec;
}

bool is_loopback(const std::string& host) {
  net::url where;
  where.host = host;
  return net::is_loopback(where);
}

}  // namespace

void read_smtp_host(const value& v, smtp_options& out) {
  out.host = v.text(1, 253);
  if (!is_host_name(out.host) && !is_address(out.host))
    v.refuse(in_quotes(out.host) + " is not a host name or an address (without a port)");
}

void read_smtp_password(const value& v, smtp_options& out) {
  if (!v.is_secret()) v.refuse("must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}");
  out.password = v.text_or_secret(512);
}

void read_smtp_from(const value& v, smtp_options& out) {
  out.from = v.text(1, 254);
  if (!otp::parse_email(out.from))
    v.refuse(in_quotes(out.from) + " is not an address such as \"otp@example.com\"");
}

void read_smtp_from_name(const value& v, smtp_options& out) {
  out.from_name = v.text(0, 100);
  if (!mail::is_header_text(out.from_name)) v.refuse("must be one line");
}

// RFC 5321, 4.1.1.1: a domain, or an address literal in brackets.
void read_smtp_helo(const value& v, smtp_options& out) {
  out.helo = v.text(1, 253);
  const bool has_brackets = out.helo.size() > 2 && out.helo.front() == '[' && out.helo.back() == ']';
  std::string inside = has_brackets ? out.helo.substr(1, out.helo.size() - 2) : "";
  if (inside.starts_with("IPv6:")) inside.erase(0, 5);
  if (!is_host_name(out.helo) && !is_address(inside))
    v.refuse(in_quotes(out.helo) + " is not a host name or an address literal such as \"[192.0.2.1]\"");
}

void check_smtp(const config_value& table, const smtp_options& smtp, std::vector<std::string>& warnings) {
  for (const char* required : {"host", "from"})
    if (!table.at(required).is_written()) table.at(required).refuse("is missing");
  if (smtp.user.empty() != smtp.password.empty())
    table.at(smtp.user.empty() ? "user" : "password").refuse("is missing; both or neither");
  const value security = table.at("security");
  if (smtp.security != mail::smtp_security::none || is_loopback(smtp.host)) return;
  if (!smtp.insecure)
    security.refuse("is \"none\" to another machine; use \"starttls\" or \"tls\", or set insecure = true");
  warnings.push_back(security.located("insecure: codes and credentials travel unencrypted"));
}

}  // namespace otpd
