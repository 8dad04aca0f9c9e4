#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "net/client_fixture.hpp"
#include "net/client_tls.hpp"
#include "net/http_client.hpp"
#include "net/scripted_server.hpp"
#include "net/test_certificates.hpp"

namespace otpd::net {
namespace {

using test::always;
using test::authority;
using test::call_to;
using test::client_fixture;
using test::identity;
using test::scripted_server;
using peer = scripted_server::peer;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// A file with this text, for as long as it lives.
class temporary_file {
 public:
  explicit temporary_file(const std::string& text) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("otpd-client-tls-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::ofstream{path_} << text;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

std::shared_ptr<const client_tls> trust(const authority& whom) {
  const temporary_file file{whom.certificate()};
  return std::make_shared<const client_tls>(file.path());
}

test::answer_result send(client_fixture& with, const scripted_server& server,
                         std::shared_ptr<const client_tls> tls, const std::string& host = "localhost") {
  auto call = call_to(server.port(), "https", host);
  call.tls = std::move(tls);
  return with.send(std::move(call));
}

TEST(HttpClientTls, TalksToATrustedServerOverAKeptConnection) {
  const authority ours;
  const identity server_identity = ours.issue("DNS:localhost");
  scripted_server server{always(ok), &server_identity};
  const auto tls = trust(ours);
  client_fixture with;
  for (int i = 0; i < 5; ++i) {
    const auto answer = send(with, server, tls);
    ASSERT_TRUE(answer) << answer.error();
    EXPECT_EQ(answer->body, "ok");
  }
  EXPECT_EQ(server.accepted(), 1U);
}

TEST(HttpClientTls, LargeBodiesPass) {
  const authority ours;
  const identity server_identity = ours.issue("DNS:localhost");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + std::string(65536, 'x')),
                         &server_identity};
  client_fixture with;
  auto call = call_to(server.port(), "https", "localhost");
  call.tls = trust(ours);
  call.body.assign(300'000, 'y');
  const auto answer = with.send(std::move(call));
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(answer->body.size(), 65536U);
}

TEST(HttpClientTls, RefusesEveryCertificateThatDoesNotProveTheHost) {
  const authority ours;
  const authority strangers;
  struct row {
    const char* what;
    identity who;
    const char* host;
    bool accepted;
  };
  const row rows[] = {
      {"right name", ours.issue("DNS:localhost"), "localhost", true},
      {"right address", ours.issue("IP:127.0.0.1"), "127.0.0.1", true},
      {"wrong name", ours.issue("DNS:example.com"), "localhost", false},
      {"partial wildcard", ours.issue("DNS:local*"), "localhost", false},
      {"address for a name", ours.issue("IP:127.0.0.1"), "localhost", false},
      {"name for an address", ours.issue("DNS:127.0.0.1"), "127.0.0.1", false},
      {"expired", ours.issue("DNS:localhost", -60), "localhost", false},
      {"stranger", strangers.issue("DNS:localhost"), "localhost", false},
  };
  for (const row& each : rows) {
    scripted_server server{always(ok), &each.who};
    client_fixture with;
    const auto answer = send(with, server, trust(ours), each.host);
    EXPECT_EQ(answer.has_value(), each.accepted) << each.what;
    if (each.accepted) continue;
    EXPECT_EQ(answer.error(), http_errc::certificate_refused) << each.what;
    EXPECT_TRUE(request_not_sent(answer.error()));
  }
}

TEST(HttpClientTls, SystemTrustDoesNotIncludeUs) {
  const authority ours;
  const identity server_identity = ours.issue("DNS:localhost");
  scripted_server server{always(ok), &server_identity};
  client_fixture with;
  EXPECT_EQ(send(with, server, std::make_shared<const client_tls>()).error(), http_errc::certificate_refused);
}

TEST(HttpClientTls, AServerWithoutTlsSeesNoRequest) {
  std::string seen;
  {
    scripted_server server{[&](peer& p) {
      p.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      seen = p.read_request();
    }};
    client_fixture with;
    const authority ours;
    const auto answer = send(with, server, trust(ours));
    EXPECT_EQ(answer.error(), http_errc::tls_failed);
    EXPECT_TRUE(request_not_sent(answer.error()));
  }
  EXPECT_EQ(seen.find("hello"), std::string::npos);
}

TEST(HttpClientTls, AHandshakeThatHangsEndsInTime) {
  scripted_server server{[](peer& p) { p.wait_for_close(); }};
  const authority ours;
  client_fixture with;
  auto call = call_to(server.port(), "https", "localhost");
  call.tls = trust(ours);
  call.connect_timeout = std::chrono::milliseconds{100};
  EXPECT_EQ(with.send(std::move(call)).error(), http_errc::tls_failed);
}

TEST(HttpClientTls, WithoutTrustThereIsNoCall) {
  client_fixture with;
  EXPECT_EQ(with.send(call_to(1, "https")).error(), http_errc::tls_failed);
}

TEST(HttpClientTls, ATruncatedAnswerIsNotAnEnd) {
  const authority ours;
  const identity server_identity = ours.issue("DNS:localhost");
  // The script's end closes the socket without close_notify.
  scripted_server server{[](peer& p) {
                           p.read_request();
                           p.write("HTTP/1.1 200 OK\r\n\r\nhalf of it");
                         },
                         &server_identity};
  client_fixture with;
  EXPECT_EQ(send(with, server, trust(ours)).error(), http_errc::reset);
}

TEST(HttpClientTls, LeavesAConnectionThatThePeerClosedWhileIdle) {
  const authority ours;
  const identity server_identity = ours.issue("DNS:localhost");
  scripted_server server{[](peer& p) {
                           p.read_request();
                           p.write(ok);
                         },
                         &server_identity};
  const auto tls = trust(ours);
  client_fixture with;
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_TRUE(send(with, server, tls));
    server.wait_until_closed(i);
  }
}

TEST(HttpClientTls, AFileWithoutCertificatesIsRefusedAtStart) {
  const temporary_file empty{"nothing here\n"};
  EXPECT_THROW(client_tls{empty.path()}, std::runtime_error);
  EXPECT_THROW(client_tls{"/nonexistent/ca.pem"}, std::runtime_error);
}

}  // namespace
}  // namespace otpd::net
