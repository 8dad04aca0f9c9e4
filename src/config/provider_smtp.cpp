#include "config/provider_kind.hpp"
#include "config/sections.hpp"
#include "config/smtp_keys.hpp"

namespace otpd {
namespace {

template <std::size_t... I>
constexpr auto of_provider(std::index_sequence<I...>) {
  return std::array<config_key<provider_config>, sizeof...(I)>{
      {{smtp_keys[I].name,
        [](const config_value& v, provider_config& p) { smtp_keys[I].read(v, p.smtp); }}...}};
}

constexpr auto keys = both(of_provider(std::make_index_sequence<smtp_keys.size()>{}), breaker_keys);

void check(const config_value& table, const provider_config& p, std::vector<std::string>& warnings) {
  check_smtp(table, p.smtp, warnings);
}

}  // namespace

constinit const provider_kind smtp_provider{"smtp", provider_type::smtp, keys, check};

}  // namespace otpd
