#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <utility>

namespace otpd::bench {

// Owns a file descriptor.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

// An IPv4 address in dotted form and a port. Throws std::invalid_argument.
[[nodiscard]] sockaddr_in address_of(const std::string& host, std::uint16_t port);

// A connected, non-blocking socket without delay. Waits at most five seconds. Throws std::system_error.
[[nodiscard]] descriptor connect_to(const sockaddr_in& address);

// A listening, non-blocking socket. Throws std::system_error.
[[nodiscard]] descriptor listen_on(const sockaddr_in& address);

// An epoll instance. Throws std::system_error.
[[nodiscard]] descriptor make_epoll();

// Watches for input, edge-triggered: read until it is drained. Throws std::system_error.
void watch(const descriptor& epoll, int fd, void* tag);

}  // namespace otpd::bench
