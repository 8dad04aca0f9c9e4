#include <gtest/gtest.h>

#include "net/client_socket.hpp"
#include "net/test_server.hpp"

namespace otpd::net::test {
namespace {

const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string canary = "GET /canary HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

TEST(Session, AnswersOneRequestAfterTheOther) {
  test_server server;
  client_socket client(server.port());
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    ASSERT_TRUE(client.send(post(body)));
    const auto answer = client.read_answer();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(body_of(answer), "/p||" + body + "|h");
    EXPECT_EQ(header_of(answer, "Connection"), "");
    EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(answer, "Content-Type"), "text/plain");
    EXPECT_EQ(header_of(answer, "Date").size(), 29U);
    EXPECT_EQ(header_of(answer, "Server"), "");
  }
  const auto now = server.http().now();
  EXPECT_EQ(now.accepted, 1U);
  EXPECT_EQ(now.requests, 50U);
  EXPECT_EQ(now.connections, 1U);
}

TEST(Session, AnswersPipelinedRequestsInOrder) {
  test_server server;
  client_socket client(server.port());
  std::string all;
  for (int i = 0; i < 500; ++i)
    all += post(std::to_string(i));
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 500; ++i)
    ASSERT_EQ(body_of(client.read_answer()), "/p||" + std::to_string(i) + "|h");
}

TEST(Session, ReadsARequestByteByByte) {
  test_server server;
  client_socket client(server.port());
  for (const char c : post("body") + get)
    ASSERT_TRUE(client.send({&c, 1}));
  EXPECT_EQ(body_of(client.read_answer()), "/p||body|h");
  EXPECT_EQ(body_of(client.read_answer()), "/a|||h");
}

TEST(Session, ClosesWhenEitherSideAsks) {
  test_server server;
  for (const std::string request : {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                                    "GET /close HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n"}) {
    client_socket client(server.port());
    ASSERT_TRUE(client.send(request));
    EXPECT_EQ(header_of(client.read_answer(), "Connection"), "close") << request;
    EXPECT_EQ(client.read_all(), "") << request;
    EXPECT_EQ(client.ended(), client_socket::end::clean) << request;
  }
}

TEST(Session, KeepsAnOldClientIfItAsks) {
  test_server server;
  client_socket client(server.port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT_EQ(header_of(client.read_answer(), "Connection"), "keep-alive");
  }
}

TEST(Session, AnswersAClientThatHasFinishedSending) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send(get + get));
  client.finish_sending();
  EXPECT_EQ(status_of(client.read_answer()), 200);
  EXPECT_EQ(status_of(client.read_answer()), 200);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
}

TEST(Session, SendsNoBodyWhereThereIsNone) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\n\r\n" + get));
  EXPECT_EQ(header_of(client.read_answer(true), "Content-Length"), "6");
  EXPECT_EQ(status_of(client.read_answer()), 204);
  EXPECT_EQ(body_of(client.read_answer()), "/a|||h");
}

TEST(Session, SaysContinueToAClientThatWaits) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(
      client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.send("body"));
  EXPECT_EQ(body_of(client.read_answer()), "/p||body|h");
  // The body is here already: nobody waits.
  ASSERT_TRUE(
      client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody"));
  EXPECT_EQ(body_of(client.read_answer()), "/p||body|h");
  // Too large: the refusal comes instead.
  ASSERT_TRUE(
      client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(status_of(client.read_answer()), 413);
}

TEST(Session, WritesAnswersLargerThanTheSocketTakes) {
  test_server server;
  client_socket client(server.port());
  std::string all;
  for (int i = 0; i < 40; ++i)
    all += "GET /big HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_TRUE(client.send(all));
  server.settle();
  for (int i = 0; i < 40; ++i)
    ASSERT_EQ(body_of(client.read_answer()).size(), 256U * 1024);
  EXPECT_EQ(client.rest(), "");
}

TEST(Session, TellsThePeer) {
  server_options options;
  options.address.address(boost::asio::ip::address_v6::any());
  std::unique_ptr<test_server> server;
  try {
    server = std::make_unique<test_server>(options);
  } catch (const boost::system::system_error& e) {
    GTEST_SKIP() << "no IPv6 here: " << e.what();
  }
  client_socket client(server->port());
  ASSERT_TRUE(client.send("GET /peer HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(body_of(client.read_answer()), "127.0.0.1 plain");
}

TEST(Session, LetsTheAuthorityOfTheTargetWin) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send("GET http://other.example/x?y HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(body_of(client.read_answer()), "/x|y||other.example");
}

// What is refused is answered, the connection ends without a reset, and nothing behind it is executed.
TEST(Session, RefusesWithAnAnswerAndEndsTheConnection) {
  test_server server;
  const std::string head = "POST /p HTTP/1.1\r\nHost: h\r\n";
  struct {
    std::string request;
    int status;
    std::string_view code;
  } const cases[] = {
      {head + "Transfer-Encoding: gzip\r\n\r\n", 400, "malformed_request"},
      {head + "Transfer-Encoding: xchunked\r\n\r\n", 400, "malformed_request"},
      {head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400, "malformed_request"},
      {head + "Content-Length: 4, 4\r\n\r\nbody", 400, "malformed_request"},
      {head + "Transfer-Encoding: chunked\r\n\r\n0\r\nHost: x\r\n\r\n", 400, "malformed_request"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "malformed_request"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "malformed_request"},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400, "malformed_request"},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "malformed_request"},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", 431, "header_too_large"},
      {"GET /" + std::string(3000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 431, "header_too_large"},
      {head + "Content-Length: 16385\r\n\r\n" + std::string(16385, 'b'), 413, "body_too_large"},
      {head + "Content-Length: 100000\r\n\r\n" + std::string(100000, 'b'), 413, "body_too_large"},
      {head + "Transfer-Encoding: chunked\r\n\r\n4001\r\n", 413, "body_too_large"},
  };
  for (const auto& c : cases) {
    client_socket client(server.port());
    ASSERT_TRUE(client.send(c.request + canary + canary));
    const auto answer = client.read_answer();
    EXPECT_EQ(status_of(answer), c.status) << c.request.substr(0, 200);
    EXPECT_EQ(body_of(answer), c.code) << c.request.substr(0, 200);
    EXPECT_EQ(header_of(answer, "Connection"), "close");
    EXPECT_EQ(client.read_all(), "") << c.request.substr(0, 200);
    EXPECT_EQ(client.ended(), client_socket::end::clean) << c.request.substr(0, 200);
  }
  EXPECT_TRUE(server.log().lines().empty());
  const auto refused = server.http().now().refused;
  EXPECT_EQ(refused[static_cast<std::size_t>(refusal::malformed)], 9U);
  EXPECT_EQ(refused[static_cast<std::size_t>(refusal::header_too_large)], 2U);
  EXPECT_EQ(refused[static_cast<std::size_t>(refusal::body_too_large)], 3U);
}

TEST(Session, AnswersWhatCameBeforeTheRefused) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send(get + "BAD\r\n\r\n" + canary));
  EXPECT_EQ(status_of(client.read_answer()), 200);
  EXPECT_EQ(status_of(client.read_answer()), 400);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(server.log().lines(), std::vector<std::string>{"GET /a"});
}

TEST(Session, AnswersFiveHundredForAnException) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send(get + "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n" + canary));
  EXPECT_EQ(status_of(client.read_answer()), 200);
  const auto answer = client.read_answer();
  EXPECT_EQ(status_of(answer), 500);
  EXPECT_EQ(body_of(answer), "internal_error");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
  EXPECT_EQ(server.reports(), std::vector<std::string>{"thrown by the handler"});
  client_socket other(server.port());
  ASSERT_TRUE(other.send(get));
  EXPECT_EQ(status_of(other.read_answer()), 200);
}

TEST(Session, EndsWithAClientThatGoesAway) {
  test_server server;
  for (const std::string part :
       {"", "GET / HT", "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nbo"}) {
    client_socket client(server.port());
    ASSERT_TRUE(client.send(part));
    server.settle();
    client.close();
  }
  client_socket gone(server.port());
  ASSERT_TRUE(gone.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
  server.log().wait_for(1);
  gone.close();
  server.release();
  EXPECT_TRUE(server.stop());
  EXPECT_EQ(server.http().now().connections, 0U);
}

}  // namespace
}  // namespace otpd::net::test
