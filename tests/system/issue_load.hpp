#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "system/http_connection.hpp"

namespace otpd::test {

// A verification whose 201 has been read.
struct acknowledged {
  std::string id;
  std::string to;
  std::chrono::steady_clock::time_point at;  // when it was read
  std::chrono::sys_seconds expires;          // what it said, which leaves out what is less than a second
};

// Clients that issue verifications, each to a number of its own and one after another, until their connection
// ends.
class issue_load {
 public:
  struct plan {
    std::uint16_t port = 0;
    int clients = 1;
    std::chrono::milliseconds pace{0};  // between an answer and the next request
    int call_at = 0;                    // 0: never
    std::function<void()> call = {};    // on a client's thread, as it has read the `call_at`-th 201
  };

  // Takes its numbers from `next_number`, which outlives it.
  issue_load(const plan& how, std::atomic<int>& next_number);
  // Each client ends with its answer.
  void stop() noexcept { x_stopping = true; }
  // Once every client has ended.
  [[nodiscard]] std::vector<acknowledged> finish();

 private:
  void run();
  [[nodiscard]] bool issue(http_connection& over);

  const plan x_plan;
  std::atomic<int>& x_next;
  std::atomic<int> x_count{0};
  std::atomic<bool> x_stopping{false};
  std::mutex x_mutex;
  std::vector<acknowledged> x_acknowledged;
  std::vector<std::jthread> x_threads;
};

// The delivery states of verifications, in their order; "404" and so on where there is none, "" where there
// was no answer.
[[nodiscard]] std::vector<std::string> deliveries(std::uint16_t port, const std::vector<std::string>& ids);

}  // namespace otpd::test
