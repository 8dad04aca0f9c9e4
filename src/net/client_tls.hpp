#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <string>

namespace otpd::net {

// Whom outgoing TLS connections trust. Loads its certificates once; afterwards it is shared by every loop.
// TLS 1.2 or newer, the peer's chain and host name always verified.
class client_tls {
 public:
  // Trusts the certificates of a PEM file; the system's bundle if `ca_file` is empty (SSL_CERT_FILE overrides
  // it, as OpenSSL documents). Throws std::runtime_error that names the file if there is nothing to trust.
  explicit client_tls(const std::filesystem::path& ca_file = {});
  client_tls(const client_tls&) = delete;
  client_tls& operator=(const client_tls&) = delete;

  // For new streams only; never changed through it.
  [[nodiscard]] boost::asio::ssl::context& context() const noexcept { return context_; }

 private:
  mutable boost::asio::ssl::context context_;
};

// Prepares a client's stream: SNI and the name (or literal address) that the certificate must carry. False if
// `host` cannot be one.
[[nodiscard]] bool expect_host(SSL* stream, const std::string& host) noexcept;

}  // namespace otpd::net
