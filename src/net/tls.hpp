#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/result.hpp>
#include <memory>
#include <string>

namespace otpd::net {

struct tls_files {
  std::string certificate_chain;  // PEM, the server's certificate first
  std::string private_key;        // PEM, not encrypted
};

// A server context from files: TLS 1.2 and 1.3, ECDHE with AEAD only, no renegotiation, no compression, no
// early data, ALPN http/1.1. The error text names the file and says what OpenSSL said.
[[nodiscard]] boost::system::result<std::shared_ptr<boost::asio::ssl::context>, std::string> make_tls_context(
    const tls_files& files);

// The context that new connections use. Session tickets are sealed with keys that OpenSSL makes for each
// context, so a reload also rotates them: call it at least daily. Connections keep the context they began
// with.
class tls_contexts {
 public:
  using context_pointer = std::shared_ptr<boost::asio::ssl::context>;

  // Throws std::runtime_error with the error text if there is no valid first context.
  explicit tls_contexts(tls_files files);
  tls_contexts(const tls_contexts&) = delete;
  tls_contexts& operator=(const tls_contexts&) = delete;

  // From any thread.
  [[nodiscard]] context_pointer current() const { return current_.load(); }
  // Reads the files again. Empty if the new context is in use; otherwise why not, and the old one stays. From
  // any thread.
  [[nodiscard]] std::string reload();

 private:
  const tls_files files_;
  std::atomic<context_pointer> current_;
};

}  // namespace otpd::net
