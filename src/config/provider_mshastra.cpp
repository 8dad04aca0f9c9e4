#include "config/provider_kind.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<config_key<provider_config>, 3> own_keys{{
    {"user", [](const value& v, provider_config& p) { p.mshastra.user = v.text_or_secret(200); }},
    {"password", [](const value& v, provider_config& p) { p.mshastra.password = read_secret(v, 200); }},
    {"sender", [](const value& v, provider_config& p) { p.mshastra.sender = v.text(1, 100); }},
}};

constexpr auto keys =
    both(both(own_keys, breaker_keys),
         endpoint_keys<[](provider_config& p) -> sms::endpoint_options& { return p.mshastra.endpoint; }>);

void check(const value& table, const provider_config& p, std::vector<std::string>& warnings) {
  refuse_fault(table, fault_of(p.mshastra));
  warn_of_plain_http(table, p.mshastra.endpoint.url, warnings);
}

}  // namespace

constinit const provider_kind mshastra_provider{"mshastra", provider_type::mshastra, keys, check};

}  // namespace otpd
