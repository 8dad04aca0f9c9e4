#include "config/provider_kind.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<config_key<provider_config>, 6> own_keys{{
    {"account_sid", [](const value& v, provider_config& p) { p.twilio.account_sid = v.text_or_secret(100); }},
    {"auth_token", [](const value& v, provider_config& p) { p.twilio.auth_token = read_secret(v, 200); }},
    {"api_key_sid", [](const value& v, provider_config& p) { p.twilio.api_key_sid = v.text_or_secret(100); }},
    {"api_key_secret",
     [](const value& v, provider_config& p) { p.twilio.api_key_secret = read_secret(v, 200); }},
    {"from", [](const value& v, provider_config& p) { p.twilio.from = v.text(1, 100); }},
    {"messaging_service_sid",
     [](const value& v, provider_config& p) { p.twilio.messaging_service_sid = v.text(1, 100); }},
}};

constexpr auto keys =
    both(both(own_keys, breaker_keys),
         endpoint_keys<[](provider_config& p) -> sms::endpoint_options& { return p.twilio.endpoint; }>);

void check(const value& table, const provider_config& p, std::vector<std::string>& warnings) {
  refuse_fault(table, fault_of(p.twilio));
  warn_of_plain_http(table, p.twilio.endpoint.url, warnings);
}

}  // namespace

constinit const provider_kind twilio_provider{"twilio", provider_type::twilio, keys, check};

}  // namespace otpd
