#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "net/client_socket.hpp"
#include "net/test_certificates.hpp"
#include "net/test_server.hpp"
#include "net/tls.hpp"

namespace otpd::net::test {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

class tls_directory {
 public:
  tls_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "otpd-tls-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~tls_directory() { std::filesystem::remove_all(path_); }

  void write(const otpd::test::identity& id) const {
    std::ofstream(files().certificate_chain) << id.certificate;
    std::ofstream(files().private_key) << id.key;
  }
  [[nodiscard]] tls_files files() const { return {path_ / "chain.pem", path_ / "key.pem"}; }

 private:
  std::filesystem::path path_;
};

// A TLS client over a client_socket, with what it offers.
struct tls_offer {
  int lowest = TLS1_2_VERSION;
  int highest = TLS1_3_VERSION;
  const char* ciphers = nullptr;
  std::string alpn;
};

class tls_client {
 public:
  tls_client(std::uint16_t port, const std::string& trusted, const tls_offer& offer = {})
      : socket_(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    BIO* bio = BIO_new_mem_buf(trusted.data(), static_cast<int>(trusted.size()));
    X509* ca = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), ca);
    X509_free(ca);
    BIO_free(bio);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), offer.lowest);
    SSL_CTX_set_max_proto_version(context_.get(), offer.highest);
    if (offer.ciphers != nullptr) SSL_CTX_set_cipher_list(context_.get(), offer.ciphers);
    if (!offer.alpn.empty()) {
      SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(offer.alpn.data()),
                              static_cast<unsigned>(offer.alpn.size()));
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_.fd());
    connected_ = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  bool send(const std::string& bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  // What one read gives; empty at the end.
  std::string read() {
    std::string bytes(65536, ' ');
    const int n = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    ERR_clear_error();
    return bytes;
  }
  [[nodiscard]] long serial() const {
    X509* certificate = SSL_get_peer_certificate(ssl_.get());
    const long serial = ASN1_INTEGER_get(X509_get_serialNumber(certificate));
    X509_free(certificate);
    return serial;
  }

 private:
  client_socket socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  bool connected_ = false;
};

class TlsServer : public testing::Test {
 protected:
  TlsServer() {
    directory.write(ca.issue("IP:127.0.0.1"));
    contexts = std::make_shared<tls_contexts>(directory.files());
    options.tls = contexts;
    options.clock = clock.function();
    server = std::make_unique<test_server>(options);
  }

  tls_directory directory;
  otpd::test::authority ca;
  std::shared_ptr<tls_contexts> contexts;
  still_clock clock;
  server_options options;
  std::unique_ptr<test_server> server;
};

TEST_F(TlsServer, AnswersOverTls) {
  tls_client client(server->port(), ca.certificate());
  ASSERT_TRUE(client.connected());
  EXPECT_STREQ(SSL_get_version(client.ssl()), "TLSv1.3");
  ASSERT_TRUE(client.send(get));
  const auto answer = client.read();
  EXPECT_EQ(status_of(answer), 200);
  const std::size_t answer_size = answer.size();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(client.send(get + get));
    std::string both;
    while (both.size() < 2 * answer_size) {
      const auto more = client.read();
      ASSERT_FALSE(more.empty());
      both += more;
    }
    EXPECT_EQ(both.size(), 2 * answer_size);
    EXPECT_EQ(body_of(both.substr(answer_size)), "/a|||h");
  }
}

TEST_F(TlsServer, TellsTheHandler) {
  tls_client client(server->port(), ca.certificate());
  ASSERT_TRUE(client.send("GET /peer HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(body_of(client.read()), "127.0.0.1 encrypted");
}

TEST_F(TlsServer, WritesMuch) {
  tls_client client(server->port(), ca.certificate());
  ASSERT_TRUE(client.send("GET /big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  std::string all;
  for (auto more = client.read(); !more.empty(); more = client.read())
    all += more;
  EXPECT_EQ(body_of(all).size(), 256U * 1024);
  EXPECT_EQ(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN,
            SSL_RECEIVED_SHUTDOWN);  // close_notify, not just the end
}

TEST_F(TlsServer, SpeaksOnlyModernTls) {
  EXPECT_TRUE(tls_client(server->port(), ca.certificate(), {TLS1_2_VERSION, TLS1_2_VERSION, nullptr, {}})
                  .connected());
  EXPECT_FALSE(
      tls_client(server->port(), ca.certificate(), {TLS1_VERSION, TLS1_1_VERSION, "ALL:@SECLEVEL=0", {}})
          .connected());
  for (const char* weak :
       {"AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256",
        "ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES256-SHA", "DHE-RSA-AES128-GCM-SHA256", "aNULL:@SECLEVEL=0"}) {
    EXPECT_FALSE(
        tls_client(server->port(), ca.certificate(), {TLS1_2_VERSION, TLS1_2_VERSION, weak, {}}).connected())
        << weak;
  }
}

TEST_F(TlsServer, RefusesRenegotiationAndEarlyData) {
  tls_client client(server->port(), ca.certificate(), {TLS1_2_VERSION, TLS1_2_VERSION, nullptr, {}});
  ASSERT_TRUE(client.connected());
  SSL_renegotiate(client.ssl());
  const bool renegotiated = SSL_do_handshake(client.ssl()) == 1 &&
                            SSL_renegotiate_pending(client.ssl()) == 0 && client.send(get) &&
                            !client.read().empty() && SSL_num_renegotiations(client.ssl()) > 0;
  EXPECT_FALSE(renegotiated);
  ERR_clear_error();

  tls_client fresh(server->port(), ca.certificate());
  ASSERT_TRUE(fresh.send(get));
  ASSERT_FALSE(fresh.read().empty());
  SSL_SESSION* session = SSL_get1_session(fresh.ssl());
  EXPECT_EQ(SSL_SESSION_get_max_early_data(session), 0U);
  SSL_SESSION_free(session);
}

TEST_F(TlsServer, SpeaksHttp11AndNothingElse) {
  EXPECT_TRUE(tls_client(server->port(), ca.certificate(),
                         {TLS1_2_VERSION, TLS1_3_VERSION, nullptr, "\x02h2\x08http/1.1"})
                  .connected());
  EXPECT_FALSE(
      tls_client(server->port(), ca.certificate(), {TLS1_2_VERSION, TLS1_3_VERSION, nullptr, "\x02h2"})
          .connected());
}

TEST_F(TlsServer, UsesANewCertificateAfterReload) {
  tls_client before(server->port(), ca.certificate());
  const otpd::test::authority other;
  directory.write(other.issue("IP:127.0.0.1"));
  EXPECT_EQ(contexts->reload(), "");
  EXPECT_TRUE(tls_client(server->port(), other.certificate()).connected());
  EXPECT_FALSE(tls_client(server->port(), ca.certificate()).connected());
  // A connection lives on with the context it began with.
  ASSERT_TRUE(before.send(get));
  EXPECT_EQ(status_of(before.read()), 200);
}

TEST_F(TlsServer, KeepsTheOldCertificateIfTheNewIsBad) {
  const auto good = ca.issue("IP:127.0.0.1");
  const auto foreign = ca.issue("IP:127.0.0.1");
  for (const otpd::test::identity& bad :
       {otpd::test::identity{"garbage", good.key}, otpd::test::identity{good.certificate, ""},
        otpd::test::identity{good.certificate, foreign.key}}) {
    directory.write(bad);
    const auto error = contexts->reload();
    EXPECT_NE(error.find(".pem: "), std::string::npos) << error;
    EXPECT_TRUE(tls_client(server->port(), ca.certificate()).connected());
  }
  EXPECT_THROW(tls_contexts second(directory.files()), std::runtime_error);
}

TEST_F(TlsServer, ClosesWhoDoesNotShakeHands) {
  client_socket silent(server->port());
  client_socket plain(server->port());
  ASSERT_TRUE(plain.send(get));
  EXPECT_EQ(status_of(plain.read_all()), 0);
  server->settle();
  clock.advance(5s);
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_EQ(silent.ended(), client_socket::end::clean);
  EXPECT_TRUE(server->stop());
  EXPECT_EQ(server->http().now().refused[static_cast<std::size_t>(refusal::handshake_failed)], 2U);
}

TEST_F(TlsServer, SaysRequestTimeoutOverTls) {
  tls_client client(server->port(), ca.certificate());
  ASSERT_TRUE(client.send("GET / HT"));
  server->settle();
  clock.advance(5s);
  EXPECT_EQ(status_of(client.read()), 408);
}

TEST_F(TlsServer, DrainsIdleConnections) {
  tls_client client(server->port(), ca.certificate());
  ASSERT_TRUE(client.send(get));
  EXPECT_EQ(status_of(client.read()), 200);
  server->settle();
  server->http().drain(10s);
  EXPECT_EQ(client.read(), "");
  EXPECT_EQ(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
  SSL_shutdown(client.ssl());
  EXPECT_TRUE(server->stop());
}

}  // namespace
}  // namespace otpd::net::test
