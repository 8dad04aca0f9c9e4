#include "config/provider_kind.hpp"

#include "net/url.hpp"

namespace otpd {

bool carries(provider_type type, otp::channel channel) {
  switch (type) {
    case provider_type::twilio:
    case provider_type::mshastra:
    case provider_type::vonage:
      return channel == otp::channel::sms;
    case provider_type::smtp:
      return channel == otp::channel::email;
    case provider_type::inbox:
    case provider_type::console:
    case provider_type::null:
    case provider_type::http:
      return true;
  }
  return false;
}

std::string read_secret(const config_value& v, std::size_t high) {
  if (!v.is_secret()) v.refuse("must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}");
  return v.text_or_secret(high);
}

void refuse_fault(const config_value& table, const sms::option_check& fault) {
  if (!fault) return;
  const auto dot = fault->option.find('.');
  if (dot == std::string_view::npos) table.at(fault->option).refuse(fault->why);
  table.at(fault->option.substr(0, dot)).at(fault->option.substr(dot + 1)).refuse(fault->why);
}

void warn_of_plain_http(const config_value& table, const std::string& url,
                        std::vector<std::string>& warnings) {
  const auto parsed = net::parse_url(url);
  if (!parsed || parsed->encrypted || net::is_loopback(*parsed)) return;
  warnings.push_back(table.at("url").located("insecure: codes and credentials travel unencrypted"));
}

}  // namespace otpd
