#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace otpd::test {

// Follows what otpd's log says of its providers while it is written: its own time stamps are whole seconds,
// so each line gets the moment at which it was seen, some milliseconds after its writing.
class provider_log {
 public:
  using time = std::chrono::steady_clock::time_point;

  struct line {
    time at{};
    bool is_breaker = false;  // else an attempt that failed
    std::string provider;
    std::string to, why;                // of a breaker: the new state and the reason
    std::chrono::milliseconds wait{0};  // of a breaker that opens
    std::string outcome, error;         // of an attempt
    std::chrono::microseconds took{0};  // likewise
  };

  explicit provider_log(const std::filesystem::path& file);

  [[nodiscard]] std::vector<line> lines() const;
  // How a breaker came into a state, each time.
  [[nodiscard]] std::vector<line> breaker(const std::string& provider, const std::string& state) const;

 private:
  void follow(const std::filesystem::path& file, const std::stop_token& stop);
  void keep(const std::string& text);

  mutable std::mutex x_mutex;
  std::vector<line> x_lines;
  std::jthread x_thread;
};

}  // namespace otpd::test
