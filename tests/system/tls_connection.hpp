#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace otpd::test {

// A blocking TLS connection to 127.0.0.1 that trusts one authority.
class tls_connection {
 public:
  tls_connection(std::uint16_t port, const std::string& authority_pem);
  tls_connection(const tls_connection&) = delete;
  tls_connection& operator=(const tls_connection&) = delete;
  ~tls_connection();

  // The handshake succeeded, and the certificate is one of the authority's.
  [[nodiscard]] bool is_open() const noexcept;
  // The server's certificate, PEM; empty if not open.
  [[nodiscard]] std::string certificate() const;
  // Sends a request; the first bytes that come back (at least a status line), or nothing.
  [[nodiscard]] std::string exchange(const std::string& request);

 private:
  struct parts;
  std::unique_ptr<parts> x_parts;
};

}  // namespace otpd::test
