#include <gtest/gtest.h>
#include <sys/socket.h>

#include "net/client_socket.hpp"
#include "net/test_server.hpp"

namespace otpd::net::test {
namespace {

using namespace std::chrono_literals;

class SlowClient : public testing::Test {
 protected:
  static server_options with(still_clock& clock) {
    server_options options;
    options.clock = clock.function();
    return options;
  }
  // Lets the server see what was sent, then time passes, then the server looks at its deadlines.
  void pass(std::chrono::nanoseconds time) {
    server.settle();
    clock.advance(time);
    clock.wait_for_sweep();
    server.settle();
  }

  still_clock clock;
  test_server server{with(clock)};
  client_socket client{server.port()};
};

TEST_F(SlowClient, HasFiveSecondsForItsHeaderHoweverItTrickles) {
  const std::string endless = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(client.send(endless.substr(static_cast<std::size_t>(i), 1)));
    pass(500ms);
    ASSERT_FALSE(client.wait_readable(0)) << i;
  }
  ASSERT_TRUE(client.send("T"));
  pass(500ms);
  const auto answer = client.read_answer();
  EXPECT_EQ(status_of(answer), 408);
  EXPECT_EQ(body_of(answer), "request_timeout");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
}

TEST_F(SlowClient, HasFiveSecondsForItsBodyHoweverItTrickles) {
  ASSERT_TRUE(client.send("POST /p HTTP/1.1\r\n"));
  pass(4s);
  ASSERT_TRUE(client.send("Host: h\r\nContent-Length: 100\r\n\r\n"));
  for (int i = 0; i < 9; ++i) {
    pass(500ms);
    ASSERT_FALSE(client.wait_readable(0)) << i;
    ASSERT_TRUE(client.send("b"));
  }
  pass(500ms);
  EXPECT_EQ(status_of(client.read_answer()), 408);
  EXPECT_TRUE(server.log().lines().empty());
}

TEST_F(SlowClient, StartsAnewWithEachRequest) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\n"));
    pass(4s);
    ASSERT_TRUE(client.send("Host: h\r\n\r\n"));
    EXPECT_EQ(status_of(client.read_answer()), 200);
    pass(59s);
  }
}

TEST_F(SlowClient, IsClosedSilentlyWhenIdle) {
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(status_of(client.read_answer()), 200);
  pass(59s);
  ASSERT_FALSE(client.wait_readable(0));
  pass(1s);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
}

TEST_F(SlowClient, IsClosedIfItNeverBegins) {
  pass(60s);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
}

TEST_F(SlowClient, IsResetIfItDoesNotRead) {
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += "GET /big HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_TRUE(client.send(all));
  pass(9s);
  EXPECT_EQ(server.http().now().connections, 1U);
  pass(1s);
  EXPECT_EQ(server.http().now().connections, 0U);
  EXPECT_LT(server.log().lines().size(), 100U);
}

TEST_F(SlowClient, IsNotWaitedForAfterARefusal) {
  ASSERT_TRUE(client.send("BAD\r\n\r\n"));
  EXPECT_EQ(status_of(client.read_answer()), 400);
  EXPECT_EQ(client.read_all(), "");
  pass(1900ms);
  EXPECT_EQ(server.http().now().connections, 1U);
  pass(100ms);
  EXPECT_EQ(server.http().now().connections, 0U);
}

TEST_F(SlowClient, IsLetGoWhenTheHandlerIsTheSlowOne) {
  ASSERT_TRUE(client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
  server.log().wait_for(1);
  pass(29s);
  ASSERT_FALSE(client.wait_readable(0));
  pass(1s);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
  EXPECT_EQ(server.http().now().connections, 1U);
  server.release();
  EXPECT_TRUE(server.stop());
  EXPECT_EQ(server.http().now().connections, 0U);
  EXPECT_EQ(server.http().now().refused[static_cast<std::size_t>(refusal::answer_late)], 1U);
}

TEST_F(SlowClient, DoesNotHinderOthers) {
  std::vector<std::unique_ptr<client_socket>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<client_socket>(server.port()));
    ASSERT_TRUE(slow.back()->send(i % 2 == 0 ? "GET / HT"
                                             : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"));
  }
  // One turn of a loop accepts one of them, so a settled server may still have some to accept.
  for (int turn = 0; turn < 10'000 && server.http().now().connections < 201; ++turn)
    server.settle();
  ASSERT_EQ(server.http().now().connections, 201U);
  server.settle();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ASSERT_EQ(status_of(client.read_answer()), 200);
  }
  pass(5s);
  for (auto& s : slow)
    EXPECT_EQ(status_of(s->read_answer()), 408);
  EXPECT_EQ(server.http().now().refused[static_cast<std::size_t>(refusal::late)], 200U);
}

}  // namespace
}  // namespace otpd::net::test
