#include "net/client_tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <stdexcept>

namespace otpd::net {

namespace ssl = boost::asio::ssl;

namespace {

// Where distributions keep the bundle. OpenSSL's own default is that of the machine it was built for.
constexpr std::array system_bundles = {
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",              // openSUSE
    "/etc/ssl/cert.pem",                   // Alpine
};

bool trusts_anyone(const ssl::context& context) noexcept {
  X509_STORE* store = SSL_CTX_get_cert_store(const_cast<ssl::context&>(context).native_handle());
  return sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) > 0;
}

void trust_system(ssl::context& context) {
  boost::system::error_code ec;
  context.set_default_verify_paths(ec);
  for (const char* bundle : system_bundles) {
    if (trusts_anyone(context)) return;
    context.load_verify_file(bundle, ec);
  }
  if (!trusts_anyone(context))
    throw std::runtime_error("no CA bundle on this system: install ca-certificates or set ca_file");
}

}  // namespace

client_tls::client_tls(const std::filesystem::path& ca_file) : context_(ssl::context::tls_client) {
  SSL_CTX* handle = context_.native_handle();
  SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
  SSL_CTX_set_options(handle, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  context_.set_verify_mode(ssl::verify_peer);
  if (ca_file.empty()) {
    trust_system(context_);
    return;
  }

  boost::system::error_code ec;
  context_.load_verify_file(ca_file.string(), ec);
  if (ec || !trusts_anyone(context_)) throw std::runtime_error("no CA certificate in " + ca_file.string());
}

bool expect_host(SSL* stream, const std::string& host) noexcept {
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  if (!ec) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream), host.c_str()) == 1;
  SSL_set_hostflags(stream, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(stream, host.c_str()) == 1 && SSL_set_tlsext_host_name(stream, host.c_str()) == 1;
}

}  // namespace otpd::net
