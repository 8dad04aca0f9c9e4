#include "config/provider_kind.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<config_key<provider_config>, 3> own_keys{{
    {"api_key", [](const value& v, provider_config& p) { p.vonage.api_key = v.text_or_secret(200); }},
    {"api_secret", [](const value& v, provider_config& p) { p.vonage.api_secret = read_secret(v, 200); }},
    {"from", [](const value& v, provider_config& p) { p.vonage.from = v.text(1, 100); }},
}};

constexpr auto keys = both(
    own_keys, endpoint_keys<[](provider_config& p) -> sms::endpoint_options& { return p.vonage.endpoint; }>);

void check(const value& table, const provider_config& p, std::vector<std::string>& warnings) {
  refuse_fault(table, fault_of(p.vonage));
  warn_of_plain_http(table, p.vonage.endpoint.url, warnings);
}

}  // namespace

constinit const provider_kind vonage_provider{"vonage", provider_type::vonage, keys, check};

}  // namespace otpd
