#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace otpd::test {

// Clients that issue verifications at a fixed rate, whatever becomes of the answers: an open loop. Each issue
// is for a number of its own, on one of many connections that has no other request under way.
class steady_load {
 public:
  using time = std::chrono::steady_clock::time_point;

  struct issue {
    std::string to;
    time begun{};
    time answered{};
    int status = 0;  // 0: no whole answer came
    std::string id;
    std::string problem;  // the code of a refusal
  };
  struct result {
    std::vector<issue> issues;            // in no order
    std::size_t connections = 0;          // that were needed
    std::chrono::milliseconds latest{0};  // by how much the load fell behind its own schedule
  };

  steady_load(std::uint16_t port, int per_second);
  // Begins no more; once every answer has come.
  [[nodiscard]] result finish();

 private:
  void run(int number);

  std::uint16_t x_port;
  std::chrono::nanoseconds x_interval;  // of one thread
  time x_start = std::chrono::steady_clock::now();
  std::atomic<bool> x_stopped{false};
  std::mutex x_mutex;
  result x_result;
  std::vector<std::jthread> x_threads;
};

}  // namespace otpd::test
