#include "config/provider_kind.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> signature_methods{
    {{"md5hash", "md5hash"}, {"md5", "md5"}, {"sha1", "sha1"}, {"sha256", "sha256"}, {"sha512", "sha512"}}};

constexpr std::array<config_key<provider_config>, 5> own_keys{{
    {"api_key", [](const value& v, provider_config& p) { p.vonage.api_key = v.text_or_secret(200); }},
    {"api_secret", [](const value& v, provider_config& p) { p.vonage.api_secret = read_secret(v, 200); }},
    {"from", [](const value& v, provider_config& p) { p.vonage.from = v.text(1, 100); }},
    {"signature_secret",
     [](const value& v, provider_config& p) { p.vonage_receipts.signature_secret = read_secret(v, 200); }},
    {"signature_method",
     [](const value& v, provider_config& p) {
       p.vonage_receipts.signature_method = v.one_of(signature_methods);
     }},
}};

constexpr auto keys =
    both(both(own_keys, breaker_keys),
         endpoint_keys<[](provider_config& p) -> sms::endpoint_options& { return p.vonage.endpoint; }>);

void check(const value& table, const provider_config& p, std::vector<std::string>& warnings) {
  refuse_fault(table, fault_of(p.vonage));
  warn_of_plain_http(table, p.vonage.endpoint.url, warnings);
}

}  // namespace

constinit const provider_kind vonage_provider{"vonage", provider_type::vonage, keys, check};

}  // namespace otpd
