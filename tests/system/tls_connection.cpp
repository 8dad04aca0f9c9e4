#include "system/tls_connection.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>

namespace otpd::test {

namespace {

using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

}  // namespace

struct tls_connection::parts {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free};
  std::unique_ptr<BIO, decltype(&BIO_free_all)> stream{nullptr, &BIO_free_all};
  SSL* ssl = nullptr;  // of the stream
  bool open = false;
};

tls_connection::tls_connection(std::uint16_t port, const std::string& authority_pem)
    : x_parts(std::make_unique<parts>()) {
  const bio_ptr text{BIO_new_mem_buf(authority_pem.data(), static_cast<int>(authority_pem.size())),
                     &BIO_free};
  const certificate_ptr authority{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free};
  X509_STORE_add_cert(SSL_CTX_get_cert_store(x_parts->context.get()), authority.get());
  SSL_CTX_set_verify(x_parts->context.get(), SSL_VERIFY_PEER, nullptr);
  x_parts->stream.reset(BIO_new_ssl_connect(x_parts->context.get()));
  const std::string address = "127.0.0.1:" + std::to_string(port);
  BIO_set_conn_hostname(x_parts->stream.get(), address.c_str());
  BIO_get_ssl(x_parts->stream.get(), &x_parts->ssl);
  x_parts->open = BIO_do_connect(x_parts->stream.get()) == 1 && BIO_do_handshake(x_parts->stream.get()) == 1;
}

tls_connection::~tls_connection() = default;

bool tls_connection::is_open() const noexcept {
  return x_parts->open;
}

std::string tls_connection::certificate() const {
  if (!x_parts->open) return {};
  const certificate_ptr theirs{SSL_get1_peer_certificate(x_parts->ssl), &X509_free};
  const bio_ptr text{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_X509(text.get(), theirs.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string tls_connection::exchange(const std::string& request) {
  if (!x_parts->open ||
      BIO_write(x_parts->stream.get(), request.data(), static_cast<int>(request.size())) <= 0)
    return {};
  std::array<char, 4096> bytes{};
  const int n = BIO_read(x_parts->stream.get(), bytes.data(), static_cast<int>(bytes.size()));
  return n > 0 ? std::string(bytes.data(), static_cast<std::size_t>(n)) : std::string();
}

}  // namespace otpd::test
