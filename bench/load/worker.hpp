#pragma once

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "histogram.hpp"
#include "plan.hpp"
#include "socket.hpp"

namespace otpd::bench {

// Nanoseconds of the monotonic clock.
[[nodiscard]] std::uint64_t now_ns();

// When a phase sends. Counted is what happens from `measure` on; nothing starts from `stop` on.
struct schedule {
  std::uint64_t start_ns = 0;
  std::uint64_t measure_ns = 0;
  std::uint64_t stop_ns = 0;
  std::uint64_t patience_ns = 10'000'000'000;  // for an answer, and for a message
  // Open loop: the first intended start after start_ns, and the distance of the next ones. 0: closed loop.
  std::uint64_t offset_ns = 0;
  std::uint64_t interval_ns = 0;
};

struct outcome {
  tally counts;       // of the whole phase
  histogram latency;  // ns, from the intended start; of what started or ended within the window, see below
  std::uint64_t completed = 0;  // operations that ended within the window
  std::uint64_t last_ns = 0;    // when the last of them did
};

// One thread's connections: each carries one operation at a time. A closed loop begins the next one when one
// ends, and takes the latency of those that end within the window; an open loop begins them when they are
// due, on whichever connection is free, and takes the latency of those that were due within the window,
// however late they end.
class worker {
 public:
  // Connects. Throws std::system_error.
  worker(const sockaddr_in& server, std::size_t connections, plan& work);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker();

  // Runs the phase on the calling thread until its last answer.
  void run(const schedule& when);
  [[nodiscard]] const outcome& result() const { return result_; }

 private:
  struct connection;

  void begin_due(std::uint64_t now);
  void begin_next(connection& on, std::uint64_t now);
  void begin(connection& on, std::uint64_t intended, std::uint64_t now);
  void send_request(connection& on, std::uint64_t now);
  bool reopen(connection& on);
  void wait(std::uint64_t now);
  void on_event(connection& on, std::uint32_t events);
  void on_answer(connection& on, const http_text& answer, bool peer_closes);
  void end(connection& on, std::uint64_t now);
  // The operation under way came to nothing, which `count` counts.
  void fail(connection& on, std::uint64_t& count);
  void poll_parked(std::uint64_t now);
  void find_overdue(std::uint64_t now);
  void give_up_unsent(std::uint64_t now);
  [[nodiscard]] bool has_due() const;
  [[nodiscard]] bool has_more(std::uint64_t now) const;

  sockaddr_in server_;
  plan& plan_;
  descriptor epoll_;
  std::vector<std::unique_ptr<connection>> connections_;
  std::deque<connection*> free_;
  std::vector<connection*> parked_;  // waiting for their message
  schedule when_;
  std::uint64_t due_ns_ = 0;  // open loop: the next intended start
  std::size_t under_way_ = 0;
  std::size_t reopens_left_;  // at 0 the server counts as gone
  bool exhausted_ = false;    // the plan had nothing more
  std::uint64_t next_check_ns_ = 0;
  outcome result_;
};

}  // namespace otpd::bench
