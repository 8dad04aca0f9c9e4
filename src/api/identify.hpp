#pragma once

#include <optional>

#include "api/api_keys.hpp"
#include "net/message.hpp"
#include "otp/budgets.hpp"

namespace otpd::api {

// Who asks, by API key; where there is no key at all, by being on this machine and no proxy's client.
// Nothing: refused, and `out` says why.
[[nodiscard]] std::optional<otp::caller> identify(const api_keys& keys, const net::request& in,
                                                  net::response& out);

}  // namespace otpd::api
