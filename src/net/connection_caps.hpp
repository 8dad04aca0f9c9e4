#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "net/limits.hpp"

namespace otpd::net {

// IPv4-mapped IPv6 as IPv4.
[[nodiscard]] boost::asio::ip::address folded(const boost::asio::ip::address& a);

// Counts open connections of a server over all loops and per address. Bounded by the total: an address
// without connections is not kept.
class connection_caps {
 public:
  enum class verdict : std::uint8_t {
    admitted,
    too_many,               // the total is reached
    too_many_from_address,  // this address, or this IPv6 /64, has its share
  };

  // A counted connection; gives its place back when destroyed, on any thread. The caps outlive it.
  class ticket {
   public:
    ticket() = default;
    ticket(ticket&& other) noexcept : x_caps(std::exchange(other.x_caps, nullptr)), x_key(other.x_key) {}
    ticket& operator=(ticket&& other) noexcept {
      std::swap(x_caps, other.x_caps);
      std::swap(x_key, other.x_key);
      return *this;
    }
    ~ticket() {
      if (x_caps != nullptr) x_caps->release(x_key);
    }

   private:
    friend class connection_caps;
    ticket(connection_caps& caps, std::uint64_t key) : x_caps(&caps), x_key(key) {}
    connection_caps* x_caps = nullptr;
    std::uint64_t x_key = 0;
  };

  explicit connection_caps(connection_limits limits);
  connection_caps(const connection_caps&) = delete;
  connection_caps& operator=(const connection_caps&) = delete;

  // A ticket is set with `admitted` only.
  [[nodiscard]] verdict admit(const boost::asio::ip::address& peer, ticket& place);
  [[nodiscard]] std::size_t open() const;

 private:
  struct hash {
    std::uint64_t seed;
    std::size_t operator()(std::uint64_t key) const noexcept;
  };

  void release(std::uint64_t key) noexcept;

  const connection_limits x_limits;
  mutable std::mutex x_mutex;
  std::size_t x_open = 0;
  std::unordered_map<std::uint64_t, std::uint32_t, hash> x_by_address;
};

}  // namespace otpd::net
