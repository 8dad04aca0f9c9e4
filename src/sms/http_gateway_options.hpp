#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "otp/ports.hpp"
#include "sms/http_auth_options.hpp"

namespace otpd::sms {

// What the templates of an HTTP gateway may name.
enum class http_gateway_name : std::uint8_t {
  to,         // E.164 or the e-mail address
  to_digits,  // without the '+'
  text,       // the whole message
  from,       // the route's sender, else the gateway's own
  code,
  reference,  // of the send, the same on every attempt; may be empty
  callback,   // where receipts are awaited; may be empty
  locale,
  subject,   // of an e-mail; else empty
  lifetime,  // what is left of the code's, in seconds
};
inline constexpr std::array<std::string_view, 10> http_gateway_names = {
    "to", "to_digits", "text", "from", "code", "reference", "callback", "locale", "subject", "lifetime"};

// What an HTTP gateway's refusal means: the first rule whose every condition holds.
struct failure_rule {
  std::string status;         // "4xx", "503", "400-499"; empty: any
  std::string body_contains;  // empty: any
  otp::failure failure = otp::failure::unknown;
};

// An HTTP gateway by configuration alone.
struct http_gateway_options {
  std::string url;  // https://, or http:// to loopback or where `insecure` is true
  std::string method = "POST";
  std::map<std::string, std::string> headers;  // values may name {to}, {text}, ...
  std::string content_type = "json";           // json | form | a literal media type
  std::string body;                            // template, see http_gateway; values are escaped for the type
  std::string from;
  std::string success_status = "2xx";  // list: "200,201" or "2xx"
  std::string success_body_contains;   // empty: any
  std::string success_json_pointer;    // RFC 6901; with success_json_value
  std::string success_json_value;
  std::string message_id_json_pointer;
  std::vector<failure_rule> failures;
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds timeout{10000};
  std::uint32_t max_connections = 64;  // per event loop
  std::filesystem::path ca_file;       // empty: the system's
  bool insecure = false;               // allow http:// to other than loopback
  http_auth_options auth;
};

}  // namespace otpd::sms
