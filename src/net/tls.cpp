#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/error.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace otpd::net {
namespace {

namespace ssl = boost::asio::ssl;

constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that offers protocols, but not ours, is refused (RFC 7301, 3.2): nobody is to be led to speak
// another protocol to us.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, http_1_1, sizeof http_1_1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// False if this OpenSSL does not know what we ask for.
bool restrict_to_modern(SSL_CTX* c) {
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                             SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_early_data(c, 0);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK") == 1 &&
         SSL_CTX_set_ciphersuites(
             c, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1 &&
         SSL_CTX_set1_groups_list(c, "X25519:P-256:P-384") == 1;
}

}  // namespace

boost::system::result<std::shared_ptr<ssl::context>, std::string> make_tls_context(const tls_files& files) {
  boost::system::error_code ec;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  ERR_clear_error();
  if (!restrict_to_modern(context->native_handle())) return std::string("this OpenSSL lacks ECDHE with AEAD");
  context->use_certificate_chain_file(files.certificate_chain, ec);
  if (ec) return files.certificate_chain + ": " + ec.message();
  context->use_private_key_file(files.private_key, ssl::context::pem, ec);
  if (ec) return files.private_key + ": " + ec.message();
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return files.private_key + ": is not the key of " + files.certificate_chain;
  }
  return context;
}

tls_contexts::tls_contexts(tls_files files) : files_(std::move(files)) {
  auto first = make_tls_context(files_);
  if (!first) throw std::runtime_error(first.error());
  current_.store(std::move(*first));
}

std::string tls_contexts::reload() {
  auto next = make_tls_context(files_);
  if (!next) return next.error();
  current_.store(std::move(*next));
  return {};
}

}  // namespace otpd::net
