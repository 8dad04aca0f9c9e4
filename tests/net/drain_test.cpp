#include <gtest/gtest.h>

#include <thread>

#include "net/client_socket.hpp"
#include "net/test_server.hpp"

namespace otpd::net::test {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(Drain, ClosesIdleConnectionsAndThePort) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send(get));
  EXPECT_EQ(status_of(client.read_answer()), 200);
  const auto port = server.port();
  server.settle();
  server.http().drain(10s);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(client.ended(), client_socket::end::clean);
  client.close();
  EXPECT_TRUE(server.stop());
  EXPECT_FALSE(client_socket(port).connected());
}

TEST(Drain, FinishesWhatWasBegun) {
  test_server server;
  client_socket held(server.port());
  client_socket partial(server.port());
  client_socket pipelined(server.port());
  ASSERT_TRUE(held.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
  ASSERT_TRUE(partial.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo"));
  ASSERT_TRUE(pipelined.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + get + get));
  server.log().wait_for(2);
  server.settle();
  server.http().drain(10s);
  server.settle();
  server.release();
  ASSERT_TRUE(partial.send("dy"));
  const auto late = held.read_answer();
  EXPECT_EQ(status_of(late), 200);
  EXPECT_EQ(header_of(late, "Connection"), "close");
  const auto rest = partial.read_answer();
  EXPECT_EQ(body_of(rest), "/p||body|h");
  EXPECT_EQ(header_of(rest, "Connection"), "close");
  for (const std::string_view connection : {"", "", "close"}) {
    const auto answer = pipelined.read_answer();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(header_of(answer, "Connection"), connection);
  }
  for (auto* c : {&held, &partial, &pipelined}) {
    EXPECT_EQ(c->read_all(), "");
    EXPECT_EQ(c->ended(), client_socket::end::clean);
    c->close();
  }
  EXPECT_TRUE(server.stop());
}

TEST(Drain, AnswersAConnectionThatWasJustMade) {
  test_server server;
  client_socket fresh(server.port());
  server.http().drain(10s);
  server.settle();
  ASSERT_TRUE(fresh.send(get));
  const auto answer = fresh.read_answer();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(header_of(answer, "Connection"), "close");
}

// The loop is busy while a request arrives on an idle connection and the drain is asked for: the drain comes
// first, and still the request counts as read.
TEST(Drain, AnswersARequestThatArrivesInThatVeryMoment) {
  test_server server;
  client_socket client(server.port());
  ASSERT_TRUE(client.send(get));
  EXPECT_EQ(status_of(client.read_answer()), 200);
  server.settle();
  auto busy = server.keep_busy();
  ASSERT_TRUE(client.send(get));
  server.http().drain(10s);
  busy.set_value();
  EXPECT_EQ(header_of(client.read_answer(), "Connection"), "close");
  EXPECT_EQ(server.log().lines().size(), 2U);
}

TEST(Drain, CutsOffWhatTakesTooLong) {
  still_clock clock;
  server_options options;
  options.clock = clock.function();
  test_server server(options);
  client_socket half(server.port());
  ASSERT_TRUE(half.send("GET / HT"));
  server.settle();
  server.http().drain(3s);
  server.settle();
  ASSERT_FALSE(half.wait_readable(0));
  clock.advance(3s);
  EXPECT_EQ(half.read_all(), "");
  EXPECT_TRUE(server.http().join());
}

TEST(Drain, SaysIfAHandlerIsStillAtWork) {
  test_server server;
  client_socket held(server.port());
  ASSERT_TRUE(held.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n"));
  server.log().wait_for(1);
  server.http().drain(0s);
  EXPECT_EQ(held.read_all(), "");
  EXPECT_FALSE(server.http().join());
  server.release();
  server.http().drain(10s);
  EXPECT_TRUE(server.http().join());
}

// Clients that ask as fast as they can, while one server after the other takes over the port.
struct load {
  std::uint64_t answers = 0;
  std::uint64_t resets = 0;      // on a connection that had been answered, or within an answer
  std::uint64_t unanswered = 0;  // a first request on its connection that found a clean end
  std::uint64_t reconnects = 0;
};

load ask_until(std::uint16_t port, const std::atomic<bool>& enough) {
  load seen;
  while (!enough) {
    client_socket client(port);
    ++seen.reconnects;
    for (bool first = true; !enough && client.connected(); first = false) {
      if (!client.send(get)) break;  // the server has closed an idle connection
      const auto answer = client.read_answer();
      if (answer.empty()) {
        const bool partly = !client.rest().empty();
        if (client.ended() != client_socket::end::clean && (partly || !first)) ++seen.resets;
        if (first) ++seen.unanswered;
        break;
      }
      ++seen.answers;
      if (header_of(answer, "Connection") == "close") break;
    }
  }
  return seen;
}

TEST(Drain, LosesNothingUnderLoad) {
  constexpr int handovers = 40;
  auto current = std::make_unique<test_server>(server_options{}, 2);
  server_options same_port;
  same_port.address.port(current->port());

  std::atomic<bool> enough{false};
  std::vector<load> seen(6);
  std::vector<std::thread> clients;
  for (auto& s : seen)
    clients.emplace_back([&s, &enough, port = same_port.address.port()] { s = ask_until(port, enough); });

  std::uint64_t handled = 0;
  for (int i = 0; i < handovers; ++i) {
    auto next = std::make_unique<test_server>(same_port, 2);
    current->log().wait_for(1000);
    EXPECT_TRUE(current->stop()) << i;
    handled += current->http().now().requests;
    EXPECT_EQ(current->http().now().connections, 0U);
    current = std::move(next);
  }
  current->log().wait_for(100);
  enough = true;
  for (auto& c : clients)
    c.join();
  EXPECT_TRUE(current->stop());
  handled += current->http().now().requests;

  load all;
  for (const auto& s : seen) {
    all.answers += s.answers;
    all.resets += s.resets;
    all.unanswered += s.unanswered;
    all.reconnects += s.reconnects;
  }
  EXPECT_EQ(all.resets, 0U);
  EXPECT_EQ(all.answers, handled);
  EXPECT_GT(all.reconnects, seen.size());
  std::cout << all.answers << " answers over " << all.reconnects << " connections, " << all.unanswered
            << " connections ended before their first request was read\n";
}

}  // namespace
}  // namespace otpd::net::test
