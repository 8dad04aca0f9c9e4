#include "api/client_address.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <ranges>
#include <stdexcept>

namespace otpd::api {

namespace {
namespace ip = boost::asio::ip;

constexpr std::size_t longest_address = 45;

ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The entry at `place`, counted from the right and from 1. Repeated lines are one list (RFC 9110, 5.3): a
// proxy appends an entry to the last line, or, as HAProxy does, a line of its own.
std::string_view forwarded_from_right(const net::request& from, unsigned place) {
  for (const net::field& line : from.fields | std::views::reverse) {
    if (!boost::beast::iequals(line.name, "X-Forwarded-For")) continue;
    std::string_view list = line.value;
    for (auto comma = list.rfind(','); comma != std::string_view::npos; comma = list.rfind(',')) {
      if (--place == 0) return trim(list.substr(comma + 1));
      list = list.substr(0, comma);
    }
    if (--place == 0) return trim(list);
  }
  return {};
}

}  // namespace

trusted_proxies::trusted_proxies(const std::vector<std::string>& blocks, unsigned hops)
    : hops_(std::max(hops, 1u)) {
  for (const std::string& block : blocks) {
    const bool is_block = block.find('/') != std::string::npos;
    const bool is_v6 = block.find(':') != std::string::npos;
    boost::system::error_code ec;
    if (is_v6) {
      v6_.push_back(ip::make_network_v6(is_block ? block : block + "/128", ec));
    } else {
      v4_.push_back(ip::make_network_v4(is_block ? block : block + "/32", ec));
    }
    if (ec) throw std::invalid_argument(block + " is neither an address nor a CIDR block");
  }
}

bool trusted_proxies::trusts(const ip::address& peer) const {
  // A network that holds only the peer is a part of the block, or the block itself.
  const auto holds = [&](const auto& block, const auto& host) {
    return host == block || host.is_subnet_of(block);
  };
  if (peer.is_v4()) {
    const ip::network_v4 host(peer.to_v4(), 32);
    return std::ranges::any_of(v4_, [&](const auto& block) { return holds(block.canonical(), host); });
  }
  const ip::network_v6 host(peer.to_v6(), 128);
  return std::ranges::any_of(v6_, [&](const auto& block) { return holds(block.canonical(), host); });
}

ip::address trusted_proxies::client_of(const net::request& from) const {
  const ip::address peer = unmapped(from.peer);
  if (!trusts(peer)) return peer;
  const auto client = parse_address(forwarded_from_right(from, hops_));
  return client ? unmapped(*client) : peer;
}

bool trusted_proxies::is_encrypted(const net::request& from) const {
  if (from.encrypted) return true;
  constexpr std::string_view field = "X-Forwarded-Proto";
  return trusts(unmapped(from.peer)) && from.field_count(field) == 1 &&
         boost::beast::iequals(from.field_value(field), "https");
}

otp::caller::network network_of(const ip::address& address) {
  const ip::address plain = unmapped(address);
  if (plain.is_v4()) return {plain.to_v4().to_uint(), false};
  const auto bytes = plain.to_v6().to_bytes();
  std::uint64_t upper = 0;
  for (std::size_t i = 0; i < 8; ++i)
    upper = upper << 8 | bytes[i];
  return {upper, true};
}

std::optional<ip::address> parse_address(std::string_view text) {
  // Neither a zone nor a NUL, at which the system would stop reading.
  if (text.size() > longest_address ||
      text.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
    return std::nullopt;
  boost::system::error_code ec;
  const ip::address address = ip::make_address(text, ec);
  if (ec) return std::nullopt;
  return address;
}

}  // namespace otpd::api
