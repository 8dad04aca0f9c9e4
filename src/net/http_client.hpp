#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "net/client_pool.hpp"
#include "net/http_call.hpp"
#include "net/name_resolver.hpp"

namespace otpd::net {

struct http_client_options {
  client_pool::bounds pool;  // of each origin
  answer_bounds answer;
  std::chrono::seconds keep_names{30};  // how long a resolved name is believed
};

// HTTP/1.1 to other servers, over kept connections. Follows no redirect, obeys no proxy variable, keeps no
// cookie. One instance per event loop, not thread-safe. It is destroyed before its loop; on a loop that still
// runs, only after its calls have ended.
class http_client {
 public:
  explicit http_client(loop_executor loop, http_client_options options = {});
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;
  ~http_client();

  // One request and its answer, whatever its status. Fails with an http_errc; request_not_sent() tells
  // whether the peer can have seen it. Tried again, once and on a new connection, only if a kept connection
  // broke before one byte was handed to the kernel. Cancelling the awaiting coroutine closes the connection.
  task<boost::system::result<http_answer>> send(http_call call);

  // Closes idle connections, so that the loop can run out of work. Calls under way end by themselves; new
  // ones get `busy`.
  void close() noexcept;

  // How many connections were opened so far: for tests and metrics.
  [[nodiscard]] std::uint64_t connections_opened() const noexcept { return opened_; }

 private:
  struct origin;

  origin& origin_of(const http_call& call);
  task<boost::system::result<http_answer>> send_to(origin& where, const http_call& call,
                                                   std::string_view request, steady_time deadline);
  task<boost::system::error_code> open(client_pool::lease& into, const http_call& call, steady_time until);

  loop_executor loop_;
  http_client_options options_;
  client_deadlines deadlines_;
  name_resolver names_;
  std::vector<std::unique_ptr<origin>> origins_;  // few: those that the configuration names
  std::uint64_t opened_ = 0;
  bool closed_ = false;
};

}  // namespace otpd::net
