#include "config/provider_kind.hpp"

namespace otpd {
namespace {

constexpr std::array<config_key<provider_config>, 1> keys{{
    {"allow_remote_console",
     [](const config_value& v, provider_config& p) { p.allow_remote_console = v.boolean(); }},
}};

}  // namespace

constinit const provider_kind console_provider{"console", provider_type::console, keys};
constinit const provider_kind null_provider{"null", provider_type::null, {}};
constinit const provider_kind inbox_provider{"inbox", provider_type::inbox, breaker_keys};

}  // namespace otpd
