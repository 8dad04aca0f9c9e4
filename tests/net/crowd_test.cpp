#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/client_socket.hpp"
#include "net/test_server.hpp"

namespace otpd::net::test {
namespace {

const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

server_options holding(connection_limits limits) {
  server_options options;
  options.connections = limits;
  return options;
}

bool is_served(client_socket& c) {
  return c.send(get) && status_of(c.read_answer()) == 200;
}

TEST(Crowd, IsToldThatTheServerIsFull) {
  test_server server(holding({2, 10}), 2);
  client_socket first(server.port());
  auto second = std::make_unique<client_socket>(server.port());
  ASSERT_TRUE(is_served(first));
  ASSERT_TRUE(is_served(*second));
  client_socket third(server.port());
  const auto answer = third.read_answer();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_EQ(header_of(answer, "Retry-After"), "1");
  EXPECT_EQ(header_of(answer, "Connection"), "close");
  EXPECT_EQ(third.read_all(), "");
  EXPECT_EQ(third.ended(), client_socket::end::clean);
  EXPECT_EQ(server.http().now().refused[static_cast<std::size_t>(refusal::too_many)], 1U);
  EXPECT_TRUE(is_served(first));

  second.reset();
  for (;;) {  // until the server has seen the end of the second
    client_socket again(server.port());
    if (is_served(again)) break;
  }
}

TEST(Crowd, FromOneAddressIsClosed) {
  test_server server(holding({10, 2}));
  client_socket first(server.port());
  client_socket second(server.port());
  ASSERT_TRUE(is_served(first));
  ASSERT_TRUE(is_served(second));
  client_socket third(server.port());
  EXPECT_EQ(third.read_all(), "");
  EXPECT_EQ(server.http().now().refused[static_cast<std::size_t>(refusal::too_many_from_address)], 1U);
  EXPECT_TRUE(is_served(first));
}

TEST(Crowd, OfTurnedAwayClientsIsBoundedToo) {
  test_server server(holding({0, 10}));
  std::vector<std::unique_ptr<client_socket>> crowd;
  for (int i = 0; i < 200; ++i)
    crowd.push_back(std::make_unique<client_socket>(server.port()));
  int told = 0;
  for (auto& c : crowd)
    told += status_of(c->read_answer()) == 503 ? 1 : 0;
  EXPECT_GE(told, 64);
  EXPECT_LE(server.http().now().connections, 64U);
  EXPECT_EQ(server.http().now().refused[static_cast<std::size_t>(refusal::too_many)], 200U);
}

// Nobody is lost while the process is out of file descriptors.
TEST(Crowd, WaitsWhenThereAreNoFileDescriptors) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan's check of a virtual call opens a pipe, and here it could not";
#endif
  test_server server;
  auto busy = server.keep_busy();
  client_socket client(server.port());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(client.fd()) + 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  busy.set_value();
  server.wait_for_report();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(is_served(client));
  EXPECT_EQ(server.reports(), std::vector<std::string>{"accept: Too many open files"});
}

TEST(Server, ServesSeveralOnTheSameLoops) {
  event_loops loops(2);
  struct quiet final : handler {
    explicit quiet(std::size_t loop) : loop_(loop) {}
    task<void> handle(const request&, response& out) override {
      out.body = std::to_string(loop_);
      co_return;
    }
    void refuse(unsigned status, std::string_view, response& out) override { out.status = status; }
    std::size_t loop_;
  };
  const auto factory = [](loop_executor, std::size_t loop) { return std::make_unique<quiet>(loop); };
  server_options options;
  options.address.address(boost::asio::ip::make_address("127.0.0.1"));
  server api(loops, options, factory);
  options.loop_count = 1;
  server admin(loops, options, factory);
  api.start();
  admin.start();
  loops.start();
  EXPECT_NE(api.port(), admin.port());
  for (int i = 0; i < 10; ++i) {
    client_socket client(admin.port());
    ASSERT_TRUE(client.send(get));
    EXPECT_EQ(body_of(client.read_answer()), "0");
  }
  std::string loops_seen;
  for (int i = 0; i < 200; ++i) {
    client_socket client(api.port());
    ASSERT_TRUE(client.send(get));
    const std::string body(body_of(client.read_answer()));
    if (loops_seen.find(body) == loops_seen.npos) loops_seen += body;
  }
  EXPECT_EQ(loops_seen.size(), 2U);
  api.drain(std::chrono::seconds(5));
  EXPECT_TRUE(api.join());
  client_socket still(admin.port());
  ASSERT_TRUE(still.send(get));
  EXPECT_EQ(status_of(still.read_answer()), 200);
  still.close();
  admin.drain(std::chrono::seconds(5));
  EXPECT_TRUE(admin.join());
}

TEST(Server, SaysThatItsAddressIsTaken) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor other(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
  event_loops loops(1);
  server_options options;
  options.address = other.local_endpoint();
  server taken(loops, options, [](loop_executor, std::size_t) { return std::unique_ptr<handler>(); });
  EXPECT_THROW(taken.start(), boost::system::system_error);
}

}  // namespace
}  // namespace otpd::net::test
