#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <future>

#include "net/client_fixture.hpp"
#include "net/http_client.hpp"
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

TEST(HttpClientPool, UsesAConnectionAgain) {
  scripted_server server{always(ok)};
  client_fixture with;
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(with.send(call_to(server.port())));
  EXPECT_EQ(server.accepted(), 1U);
  EXPECT_EQ(with.client.connections_opened(), 1U);
}

TEST(HttpClientPool, LeavesAConnectionThatTheAnswerCloses) {
  scripted_server server{always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")};
  client_fixture with;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(with.send(call_to(server.port())));
  EXPECT_EQ(server.accepted(), 3U);
}

TEST(HttpClientPool, LeavesAConnectionThatThePeerClosedWhileIdle) {
  scripted_server server{[](peer& p) {
    p.read_request();
    p.write(ok);
    if (p.number == 1) p.reset();
  }};
  client_fixture with;
  for (std::size_t i = 1; i <= 3; ++i) {
    const auto answer = with.send(call_to(server.port()));
    EXPECT_TRUE(answer) << answer.error();
    server.wait_until_closed(i);
  }
  EXPECT_EQ(server.accepted(), 3U);
}

TEST(HttpClientPool, LeavesAConnectionWithBytesNobodyAskedFor) {
  scripted_server server{always(ok + ok)};
  client_fixture with;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(with.send(call_to(server.port()))->body, "ok");
  EXPECT_EQ(server.accepted(), 3U);
}

TEST(HttpClientPool, NeverRepeatsARequestThatAKeptConnectionLost) {
  std::atomic<int> requests = 0;
  scripted_server server{[&](peer& p) {
    while (!p.read_request().empty()) {
      if (++requests == 2) return;
      p.write(ok);
    }
  }};
  client_fixture with;
  EXPECT_TRUE(with.send(call_to(server.port())));
  EXPECT_EQ(with.send(call_to(server.port())).error(), http_errc::reset);
  EXPECT_TRUE(with.send(call_to(server.port())));
  EXPECT_EQ(requests, 3);
}

// The client's socket that is connected to `port`.
int socket_to(std::uint16_t port) {
  for (int socket = 3; socket < 1024; ++socket) {
    sockaddr_in peer_address{};
    socklen_t size = sizeof peer_address;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer_address), &size) == 0 &&
        ntohs(peer_address.sin_port) == port)
      return socket;
  }
  return -1;
}

TEST(HttpClientPool, RepeatsARequestOfWhichNoByteWasHandedOver) {
  std::atomic<int> requests = 0;
  std::promise<void> over;
  auto wait = over.get_future().share();
  scripted_server server{[&, wait](peer& p) {
    while (!p.read_request().empty()) {
      ++requests;
      p.write(ok);
    }
    wait.wait();  // or the client would see the end before it writes
  }};
  client_fixture with;
  EXPECT_TRUE(with.send(call_to(server.port())));
  ::shutdown(socket_to(server.port()), SHUT_WR);
  const auto answer = with.send(call_to(server.port()));
  EXPECT_TRUE(answer) << answer.error();
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(server.accepted(), 2U);
  over.set_value();
}

TEST(HttpClientPool, ClosesIdleConnectionsInTime) {
  scripted_server server{always(ok)};
  http_client_options options;
  options.pool.idle = milliseconds{1};
  client_fixture with{options};
  EXPECT_TRUE(with.send(call_to(server.port())));
  with.loop.restart();
  with.loop.run();  // until nothing is left to wait for
  server.wait_until_closed(1);
  EXPECT_TRUE(with.send(call_to(server.port())));
  EXPECT_EQ(server.accepted(), 2U);
}

TEST(HttpClientPool, OpensNoMoreConnectionsThanAllowed) {
  scripted_server server{always(ok)};
  client_fixture with;
  std::vector<std::optional<answer_result>> results(40);
  for (auto& each : results) {
    auto call = call_to(server.port());
    call.max_connections = 3;
    with.start(std::move(call), each);
  }
  for (auto& each : results) {
    with.run_until(each);
    EXPECT_TRUE(*each) << each->error();
  }
  EXPECT_EQ(server.accepted(), 3U);
}

TEST(HttpClientPool, AFullQueueRefusesAtOnceAndASlowOneInTime) {
  scripted_server server{[](peer& p) { p.wait_for_close(); }};
  http_client_options options;
  options.pool.waiting = 1;
  client_fixture with{options};
  std::optional<answer_result> taken, queued, refused, next;
  const auto start = [&](milliseconds timeout, std::optional<answer_result>& into) {
    auto call = call_to(server.port());
    call.max_connections = 1;
    call.timeout = timeout;
    with.start(std::move(call), into);
  };
  start(milliseconds{600}, taken);
  start(milliseconds{100}, queued);
  start(milliseconds{20000}, refused);
  with.run_until(refused);
  EXPECT_FALSE(taken || queued);
  EXPECT_EQ(refused->error(), http_errc::busy);
  with.run_until(queued);
  EXPECT_FALSE(taken);
  EXPECT_EQ(queued->error(), http_errc::busy);
  start(milliseconds{900}, next);
  with.run_until(taken);
  EXPECT_EQ(taken->error(), http_errc::timed_out);
  with.run_until(next);  // the slot was handed on, and a connection made for it
  EXPECT_EQ(next->error(), http_errc::timed_out);
  EXPECT_TRUE(request_not_sent(http_errc::busy));
}

TEST(HttpClientPool, NobodyWaitsForAConnectionLongerThanForMakingOne) {
  scripted_server server{[](peer& p) { p.wait_for_close(); }};
  client_fixture with;
  std::optional<answer_result> taken, queued;
  auto call = call_to(server.port());
  call.max_connections = 1;
  with.start(call, taken);
  call.connect_timeout = milliseconds{50};
  with.start(call, queued);
  with.run_until(queued);
  EXPECT_FALSE(taken);
  EXPECT_EQ(queued->error(), http_errc::busy);
}

TEST(HttpClientPool, WhatIsNotWantedAnyMoreWhenItsTurnComesIsNotSent) {
  std::atomic<int> requests = 0;
  scripted_server server{[&](peer& p) {
    while (!p.read_request().empty()) {
      ++requests;
      p.write(ok);
    }
  }};
  client_fixture with;
  std::optional<answer_result> taken, queued, next;
  auto call = call_to(server.port());
  call.max_connections = 1;
  with.start(call, taken);
  call.still_wanted = [] { return false; };
  with.start(call, queued);
  call.still_wanted = [] { return true; };
  with.start(call, next);
  with.run_until(next);
  EXPECT_TRUE(taken && *taken);
  EXPECT_TRUE(*next) << next->error();
  ASSERT_TRUE(queued);
  EXPECT_EQ(queued->error(), http_errc::called_off);
  EXPECT_TRUE(request_not_sent(queued->error()));
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(server.accepted(), 1U) << "the connection was passed on";
}

TEST(HttpClientPool, WhatIsNotWantedAnyMoreOnceConnectedLeavesTheConnection) {
  std::atomic<int> requests = 0;
  scripted_server server{[&](peer& p) {
    while (!p.read_request().empty()) {
      ++requests;
      p.write(ok);
    }
  }};
  client_fixture with;
  auto call = call_to(server.port());
  call.still_wanted = [] { return false; };
  EXPECT_EQ(with.send(call).error(), http_errc::called_off);
  EXPECT_TRUE(with.send(call_to(server.port())));
  EXPECT_EQ(requests, 1);
  EXPECT_EQ(server.accepted(), 1U);
}

TEST(HttpClientPool, CloseLetsCallsEndAndTheLoopRunDry) {
  scripted_server server{always(ok)};
  client_fixture with;
  EXPECT_TRUE(with.send(call_to(server.port())));
  std::optional<answer_result> running;
  with.start(call_to(server.port()), running);
  with.loop.poll_one();  // it has begun
  with.client.close();
  with.loop.restart();
  with.loop.run();
  ASSERT_TRUE(running);
  EXPECT_TRUE(*running);
  EXPECT_EQ(with.send(call_to(server.port())).error(), http_errc::busy);
}

TEST(HttpClientPool, CancellingTheCallerClosesTheConnection) {
  scripted_server server{[](peer& p) {
    p.read_request();
    p.wait_for_close();
  }};
  client_fixture with;
  boost::asio::cancellation_signal signal;
  std::optional<bool> failed;
  boost::asio::co_spawn(
      with.loop.get_executor(), with.client.send(call_to(server.port())),
      boost::asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr error, const answer_result& r) { failed = error || !r; }));
  while (with.client.connections_opened() == 0)
    with.loop.run_one();
  signal.emit(boost::asio::cancellation_type::terminal);
  with.run_until(failed);
  EXPECT_TRUE(*failed);
  server.wait_until_closed(1);
}

TEST(HttpClientPool, ALoopMayEndInTheMiddleOfCalls) {
  scripted_server server{[](peer& p) { p.wait_for_close(); }};
  std::vector<std::optional<answer_result>> results(4);
  client_fixture with;
  for (auto& each : results) {
    auto call = call_to(server.port());
    call.max_connections = 2;
    with.start(std::move(call), each);
  }
  while (with.client.connections_opened() < 2)
    with.loop.run_one();
  // The client goes, then the loop with the calls' frames: what the sanitizer sees is the expectation.
}

}  // namespace
}  // namespace otpd::net
