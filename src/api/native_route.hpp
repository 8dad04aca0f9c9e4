#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/message.hpp"

namespace otpd::api {

// What a path of the native API names.
enum class resource : std::uint8_t {
  description,  // /openapi.yaml
  collection,   // /v1/verifications
  check,        // /v1/verifications/check
  one,          // /v1/verifications/{id}
  one_check,    // /v1/verifications/{id}/check
  one_resend,   // /v1/verifications/{id}/resend
};

struct native_path {
  api::resource resource;
  std::string_view id;  // of one, one_check, one_resend
};

struct native_route {
  net::method method;
  api::resource resource;
  std::string_view path;  // as docs/openapi.yaml writes it
};

// Everything that is served. A test holds it against docs/openapi.yaml.
inline constexpr std::array native_routes{
    native_route{net::method::get, resource::description, "/openapi.yaml"},
    native_route{net::method::post, resource::collection, "/v1/verifications"},
    native_route{net::method::post, resource::check, "/v1/verifications/check"},
    native_route{net::method::get, resource::one, "/v1/verifications/{id}"},
    native_route{net::method::del, resource::one, "/v1/verifications/{id}"},
    native_route{net::method::post, resource::one_check, "/v1/verifications/{id}/check"},
    native_route{net::method::post, resource::one_resend, "/v1/verifications/{id}/resend"},
};

[[nodiscard]] std::optional<native_path> parse_native_path(std::string_view path);
[[nodiscard]] bool is_served(net::method method, resource what);
// The value of Allow: "GET, HEAD, DELETE"; whoever serves GET serves HEAD.
[[nodiscard]] std::string allowed_methods(resource what);

}  // namespace otpd::api
