#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/message.hpp"
#include "otp/budgets.hpp"

namespace otpd::api {

// Which proxies may say whom they speak for.
class trusted_proxies {
 public:
  // `blocks`: addresses or CIDR blocks, as the configuration has checked them. `hops`: how many of them
  // append to X-Forwarded-For, at least 1. Throws std::invalid_argument for what is neither.
  trusted_proxies(const std::vector<std::string>& blocks, unsigned hops);

  // The peer, unless it is a trusted proxy: then the address `hops` entries from the right of
  // X-Forwarded-For, if that is one.
  [[nodiscard]] boost::asio::ip::address client_of(const net::request& from) const;
  // Whether the client's side is TLS: the connection itself, or as a trusted proxy says with
  // X-Forwarded-Proto.
  [[nodiscard]] bool is_encrypted(const net::request& from) const;

 private:
  [[nodiscard]] bool trusts(const boost::asio::ip::address& peer) const;

  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
  unsigned hops_;
};

// What limits count: an IPv4 address (mapped ones too), or the /64 of an IPv6 one.
[[nodiscard]] otp::caller::network network_of(const boost::asio::ip::address& address);

// A textual address, strictly; nothing for anything else.
[[nodiscard]] std::optional<boost::asio::ip::address> parse_address(std::string_view text);

}  // namespace otpd::api
