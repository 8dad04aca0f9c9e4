#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sms/option_fault.hpp"

namespace otpd::sms {

enum class key_place : std::uint8_t {
  header,  // Name: key
  cookie,  // Cookie: name=key
};

// How an HTTP gateway knows its caller. What is empty is not used; what does not speak of the same header
// goes together.
struct http_auth_options {
  std::string user;  // Basic, RFC 7617
  std::string password;
  std::string token;     // Bearer, RFC 6750
  std::string key_name;  // an API key: the header's or the cookie's name
  std::string key;
  key_place key_in = key_place::header;
  std::vector<std::string> signing_secrets;  // Standard Webhooks: "whsec_..." each, see webhook_signer
};

[[nodiscard]] option_check fault_of(const http_auth_options& options);

}  // namespace otpd::sms
