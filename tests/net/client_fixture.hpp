#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.hpp"

namespace otpd::test {

using answer_result = boost::system::result<net::http_answer>;

// A client on an event loop that the test turns by hand.
struct client_fixture {
  explicit client_fixture(net::http_client_options options = {}) : client(loop.get_executor(), options) {}

  // Starts a call; `into` is filled once it ends.
  void start(net::http_call call, std::optional<answer_result>& into) {
    boost::asio::co_spawn(loop.get_executor(), client.send(std::move(call)),
                          [&into](std::exception_ptr error, answer_result result) {
                            if (error) std::rethrow_exception(error);
                            into.emplace(std::move(result));
                          });
  }
  // Turns the loop until `done` has a value.
  template <class T>
  void run_until(const std::optional<T>& done) {
    loop.restart();
    while (!done)
      loop.run_one();
  }
  answer_result send(net::http_call call) {
    std::optional<answer_result> result;
    start(std::move(call), result);
    run_until(result);
    return *result;
  }

  boost::asio::io_context loop{1};
  net::http_client client;
};

// A POST with generous deadlines.
inline net::http_call call_to(std::uint16_t port, const std::string& scheme = "http",
                              const std::string& host = "127.0.0.1") {
  net::http_call call;
  call.url = *net::parse_url(scheme + "://" + host + ":" + std::to_string(port) + "/send?a=b");
  call.add_field("Content-Type", "text/plain");
  call.body = "hello";
  call.connect_timeout = std::chrono::seconds{20};
  call.timeout = std::chrono::seconds{20};
  return call;
}

}  // namespace otpd::test
