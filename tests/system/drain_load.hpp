#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "system/http_connection.hpp"

namespace otpd::test {

// Clients that issue verifications, one after another, until the server does not take any more; half of them
// keep their connection, the others make one for every request. Counts how each request ended whose every
// byte was sent.
class drain_load {
 public:
  struct result {
    int answered = 0;                     // wholly, with 201
    int refused = 0;                      // wholly, with 503
    int other = 0;                        // wholly, with anything else
    int closed_idle = 0;                  // a kept connection was closed, cleanly, without a byte
    int closed_new = 0;                   // the same on a new connection
    int reset_new = 0;                    // a new connection was reset: it had not been accepted
    int broken = 0;                       // cut or late; or a kept connection was reset
    std::vector<std::string> ids;         // of the answered ones
    std::vector<std::string> unanswered;  // recipients of requests that came to nothing
  };

  // Recipients are phone numbers from `first_number` on.
  drain_load(std::uint16_t port, int first_number, int clients);
  // Once every client has seen the end.
  [[nodiscard]] result finish();
  [[nodiscard]] int answered() const noexcept { return x_answered; }

 private:
  void keep_connection();
  void make_connections();
  // False: that was the last one.
  bool ask_on(http_connection& connection, bool is_new);
  void count(const http_answer& answer, const std::string& to, bool is_new);

  std::uint16_t x_port;
  std::atomic<int> x_next;
  std::atomic<int> x_answered{0};
  std::mutex x_mutex;
  result x_result;
  std::vector<std::jthread> x_threads;
};

}  // namespace otpd::test
