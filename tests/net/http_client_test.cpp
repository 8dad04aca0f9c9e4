#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "net/client_fixture.hpp"
#include "net/scripted_server.hpp"

namespace otpd::net {
namespace {

using std::chrono::milliseconds;
using test::always;
using test::answer_result;
using test::call_to;
using test::client_fixture;
using test::scripted_server;
using peer = scripted_server::peer;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// The error of a call to a server that does `play`.
boost::system::error_code error_of(scripted_server::script play) {
  scripted_server server{std::move(play)};
  client_fixture with;
  return with.send(call_to(server.port())).error();
}

TEST(HttpClient, SendsWhatTheCallSaysAndReturnsTheAnswer) {
  std::string seen;
  answer_result answer;
  std::uint16_t port = 0;
  {
    scripted_server server{[&](peer& p) {
      seen = p.read_request();
      p.write("HTTP/1.1 418 Teapot\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nshort");
    }};
    port = server.port();
    client_fixture with;
    answer = with.send(call_to(port));
    server.wait_until_closed(1);
  }
  EXPECT_EQ(seen, "POST /send?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                      "\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 418U);
  EXPECT_EQ(answer->field_value("x-id"), "7");
  EXPECT_EQ(answer->body, "short");
}

TEST(HttpClient, ReadsChunkedAndUnframedAnswers) {
  const std::string answers[] = {
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\no\n\r\n1\r\nk\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\no\nk"};
  for (const std::string& each : answers) {
    scripted_server server{[&](peer& p) {
      p.read_request();
      for (const char byte : each)
        p.write({&byte, 1});
    }};
    client_fixture with;
    const auto answer = with.send(call_to(server.port()));
    ASSERT_TRUE(answer) << answer.error();
    EXPECT_EQ(answer->body, "o\nk");
  }
}

TEST(HttpClient, LargeRequestsAndAnswersArrive) {
  std::size_t seen = 0;
  scripted_server server{[&](peer& p) {
    seen = p.read_request().size();
    p.write("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + std::string(65536, 'x'));
  }};
  client_fixture with;
  auto call = call_to(server.port());
  call.body.assign(8'000'000, 'y');
  const auto answer = with.send(std::move(call));
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(answer->body.size(), 65536U);
  EXPECT_GT(seen, 8'000'000U);
}

TEST(HttpClient, FollowsNoRedirect) {
  scripted_server elsewhere{always(ok)};
  scripted_server server{always("HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:" +
                                std::to_string(elsewhere.port()) + "/\r\nContent-Length: 0\r\n\r\n")};
  client_fixture with;
  EXPECT_EQ(with.send(call_to(server.port()))->status, 307U);
  EXPECT_EQ(elsewhere.accepted(), 0U);
}

TEST(HttpClient, ObeysNoProxyVariable) {
  scripted_server proxy{always(ok)};
  scripted_server server{always(ok)};
  ::setenv("http_proxy", ("http://127.0.0.1:" + std::to_string(proxy.port())).c_str(), 1);
  client_fixture with;
  EXPECT_TRUE(with.send(call_to(server.port())));
  ::unsetenv("http_proxy");
  EXPECT_EQ(proxy.accepted(), 0U);
}

TEST(HttpClient, ASilentServerCostsTheTimeOutAndNoMore) {
  for (const char* said :
       {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"}) {
    scripted_server server{[&](peer& p) {
      p.read_request();
      p.write(said);
      p.wait_for_close();
    }};
    client_fixture with;
    auto call = call_to(server.port());
    call.timeout = milliseconds{80};
    const auto start = std::chrono::steady_clock::now();
    const auto answer = with.send(std::move(call));
    EXPECT_EQ(answer.error(), http_errc::timed_out);
    EXPECT_FALSE(request_not_sent(answer.error()));
    EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds{80});
    server.wait_until_closed(1);
  }
}

TEST(HttpClient, APeerThatDoesNotReadCostsTheTimeOut) {
  std::promise<void> over;
  scripted_server server{[&](peer&) { over.get_future().wait(); }};
  client_fixture with;
  auto call = call_to(server.port());
  call.body.assign(16'000'000, 'x');
  call.timeout = milliseconds{80};
  EXPECT_EQ(with.send(std::move(call)).error(), http_errc::timed_out);
  over.set_value();
}

TEST(HttpClient, BrokenAnswersAreToldApart) {
  const auto answers = [](std::string bytes) {
    return error_of([bytes = std::move(bytes)](peer& p) {
      p.read_request();
      p.write(bytes);
    });
  };
  EXPECT_EQ(answers(""), http_errc::reset);
  EXPECT_EQ(answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"), http_errc::reset);
  EXPECT_EQ(answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), http_errc::reset);
  EXPECT_EQ(answers("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n"), http_errc::bad_response);
  EXPECT_EQ(answers("HTTP/1.1 200 OK\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"), http_errc::too_large);
  EXPECT_EQ(answers("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n"), http_errc::too_large);
  EXPECT_EQ(answers("HTTP/1.1 200 OK\r\n\r\n" + std::string(70000, 'x')), http_errc::too_large);
  EXPECT_EQ(answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n"), http_errc::too_large);
  EXPECT_EQ(error_of([](peer& p) {
              p.read_request();
              p.reset();
            }),
            http_errc::reset);
  for (const auto code :
       {http_errc::reset, http_errc::bad_response, http_errc::too_large, http_errc::timed_out})
    EXPECT_FALSE(request_not_sent(code));
}

TEST(HttpClient, RefusedAndHangingConnectionsSentNothing) {
  client_fixture with;
  const test::refused_port refused;
  EXPECT_EQ(with.send(call_to(refused.port())).error(), http_errc::not_connected);

  const test::hanging_port hanging;
  auto call = call_to(hanging.port());
  call.connect_timeout = milliseconds{80};
  EXPECT_EQ(with.send(std::move(call)).error(), http_errc::not_connected);
  call = call_to(hanging.port());
  call.timeout = milliseconds{80};
  EXPECT_EQ(with.send(std::move(call)).error(), http_errc::not_connected);
  EXPECT_TRUE(request_not_sent(http_errc::not_connected));
}

TEST(HttpClient, NamesAreResolved) {
  scripted_server server{always(ok)};
  client_fixture with;
  const auto answer = with.send(call_to(server.port(), "http", "localhost"));
  EXPECT_TRUE(answer) << answer.error();
  // No label has 64 letters, so nobody is asked.
  const auto nobody = with.send(call_to(server.port(), "http", std::string(64, 'a') + ".invalid"));
  EXPECT_EQ(nobody.error(), http_errc::not_resolved);
  EXPECT_TRUE(request_not_sent(nobody.error()));
}

TEST(HttpClient, LiteralAddressesStartNoThread) {
  const auto threads = [] {
    const std::filesystem::directory_iterator first{"/proc/self/task"};
    return std::distance(first, std::filesystem::directory_iterator{});
  };
  const test::refused_port refused;
  const auto before = threads();
  client_fixture with;
  EXPECT_FALSE(with.send(call_to(refused.port())));
  EXPECT_FALSE(with.send(call_to(refused.port(), "http", "[::1]")));
  EXPECT_EQ(threads(), before);
}

}  // namespace
}  // namespace otpd::net
