#pragma once

#include <memory>

#include "config.hpp"
#include "sms/provider.hpp"

namespace otpd {

// The codec of a provider that is spoken to over HTTP, with whom it trusts; nothing for another type. Throws
// std::invalid_argument if the options cannot be, std::runtime_error if its ca_file cannot be read.
[[nodiscard]] std::unique_ptr<sms::provider> make_codec(const provider_config& from);

}  // namespace otpd
