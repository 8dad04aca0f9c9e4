#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace otpd::mail {

enum class smtp_security : std::uint8_t {
  starttls,  // in the clear up to STARTTLS, and not one step further without it (RFC 3207)
  tls,       // TLS from the first byte (RFC 8314)
  none,      // all in the clear: to loopback, or where `insecure` is true
};

// A mail server that takes messages from us, and who we say we are.
struct smtp_options {
  std::string host;  // a name or a literal address, without brackets
  std::uint16_t port = 587;
  smtp_security security = smtp_security::starttls;
  std::string user;  // empty: no AUTH
  std::string password;
  std::string from;                  // an address: the sender, also where failures are reported to
  std::string from_name;             // UTF-8 that readers see beside it; may be empty
  std::string helo = "[127.0.0.1]";  // how we greet: a host name or an address literal
  std::chrono::milliseconds connect_timeout{5000};  // name, TCP, TLS, greeting and AUTH together
  std::chrono::milliseconds timeout{20000};         // for a whole message, the connection included
  std::uint32_t max_connections = 4;                // per event loop
  std::chrono::seconds keep_idle{30};               // an idle connection is closed after that
  std::filesystem::path ca_file;                    // empty: the system's
  bool insecure = false;                            // allow security = none to other than loopback
};

}  // namespace otpd::mail
