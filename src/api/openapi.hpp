#pragma once

#include <string_view>

namespace otpd::api {

// docs/openapi.yaml, as it was when the binary was built.
[[nodiscard]] std::string_view openapi_text();

}  // namespace otpd::api
