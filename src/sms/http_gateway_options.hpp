#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "otp/ports.hpp"

namespace otpd::sms {

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
  std::string body;  // template: {to} {to_digits} {text} {from} {code}; values are escaped for the type
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
};

}  // namespace otpd::sms
