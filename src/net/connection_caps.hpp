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
    ticket(ticket&& other) noexcept : caps_(std::exchange(other.caps_, nullptr)), key_(other.key_) {}
    ticket& operator=(ticket&& other) noexcept {
      std::swap(caps_, other.caps_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~ticket() {
      if (caps_ != nullptr) caps_->release(key_);
    }

   private:
    friend class connection_caps;
    ticket(connection_caps& caps, std::uint64_t key) : caps_(&caps), key_(key) {}
    connection_caps* caps_ = nullptr;
    std::uint64_t key_ = 0;
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

  const connection_limits limits_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t, hash> by_address_;
};

}  // namespace otpd::net
