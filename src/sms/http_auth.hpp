#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sms/http_auth_options.hpp"

namespace otpd::sms {

// RFC 7617: "Basic dXNlcjpwYXNz". `user` has no colon.
[[nodiscard]] std::string basic_credentials(std::string_view user, std::string_view password);

// The header fields, name and value, that say so; not those of a signature, which differ from message to
// message. `options` are without fault.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> auth_fields(const http_auth_options& options);

// True if these options write a header field of this name themselves, a signature's included. Any case.
[[nodiscard]] bool writes_field(const http_auth_options& options, std::string_view name);

}  // namespace otpd::sms
