#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "sms/option_fault.hpp"

namespace otpd::sms {

// Where a vendor's API is and how patiently it is called.
struct endpoint_options {
  std::string url;  // the API's base without its path: https://, or http:// to loopback or where `insecure`
                    // is true; a path of its own, as of a proxy, comes first
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds timeout{10000};
  std::uint32_t max_connections = 64;  // per event loop
  std::filesystem::path ca_file = {};  // empty: the system's
  bool insecure = false;               // allow http:// to other than loopback
};

[[nodiscard]] option_check fault_of(const endpoint_options& options);

}  // namespace otpd::sms
