#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace otpd::net {

// Why a connection or a request was turned away by the transport itself.
enum class refusal : std::uint8_t {
  malformed,              // 400
  header_too_large,       // 431
  body_too_large,         // 413
  late,                   // 408
  handler_failed,         // 500: an exception escaped the handler
  answer_late,            // the handler took too long: closed
  too_many,               // the server's connections are all taken: 503
  too_many_from_address,  // the address has its share of connections: closed
  handshake_failed,       // TLS
};
inline constexpr std::array<std::string_view, 9> refusal_names{
    "malformed", "header_too_large",      "body_too_large",  "late", "handler_failed", "answer_late",
    "too_many",  "too_many_from_address", "handshake_failed"};

// What one loop of a server has done. Written by the loop, read by anyone; each value by itself is exact.
struct counters {
  std::atomic<std::uint64_t> connections{0};  // open now
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> requests{0};  // given to the handler
  std::array<std::atomic<std::uint64_t>, refusal_names.size()> refused{};

  void count(refusal why) noexcept {
    refused[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
  }
};

// The sum over the loops of a server.
struct gauges {
  std::uint64_t connections = 0;
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;
  std::array<std::uint64_t, refusal_names.size()> refused{};

  void add(const counters& c) noexcept {
    connections += c.connections.load(std::memory_order_relaxed);
    accepted += c.accepted.load(std::memory_order_relaxed);
    requests += c.requests.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < refused.size(); ++i)
      refused[i] += c.refused[i].load(std::memory_order_relaxed);
  }
};

}  // namespace otpd::net
