#pragma once

#include <netinet/in.h>

#include <atomic>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "mailbox.hpp"
#include "socket.hpp"

namespace otpd::bench {

// Finds the recipient and the code in the body of a gateway request, form or JSON: of its runs of digits, the
// recipient is the one of 11 and the code the first of 4 to 8. False when either is missing.
[[nodiscard]] bool read_message(std::string_view body, std::uint64_t& number, packed_code& code);

// Plays the SMS gateway: an HTTP server on a thread of its own that answers 200 to every request and puts the
// code into the mailbox, which outlives it.
class sink {
 public:
  // Listens at once. Throws std::system_error.
  sink(const sockaddr_in& address, mailbox& inbox);
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;
  ~sink();

  // Requests in which no recipient or no code was found, or which were no HTTP.
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_.load(std::memory_order_relaxed); }
  // The processor time its thread has used.
  [[nodiscard]] std::uint64_t cpu_ns();

 private:
  struct peer;

  void run();
  void accept_all();
  // False when the peer is gone.
  bool serve(peer& from);
  bool answer_all(peer& from);
  void sweep();

  mailbox& inbox_;
  descriptor listener_;
  descriptor epoll_;
  std::vector<std::unique_ptr<peer>> peers_;
  std::atomic<std::uint64_t> unreadable_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace otpd::bench
