#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "net/client_tls.hpp"
#include "net/http_call.hpp"
#include "sms/endpoint_options.hpp"

namespace otpd::sms {

// What every call of a codec has in common: a POST of `media_type` to `path` of the vendor's API, which
// answers JSON. Throws std::invalid_argument that begins with the option's name, also if the URL is https and
// `tls` is missing. Reads no file.
[[nodiscard]] net::http_call blank_call(const endpoint_options& options, std::string_view path,
                                        std::string_view media_type,
                                        std::shared_ptr<const net::client_tls> tls);

// Throws std::invalid_argument, "option: why", if a check of options found something.
inline void refuse_fault(const option_check& fault) {
  if (fault) throw std::invalid_argument(std::string{fault->option}.append(": ").append(fault->why));
}

}  // namespace otpd::sms
