#include "net/connection_caps.hpp"

#include <random>

namespace otpd::net {
namespace {

// IPv4 below 2^32; IPv6 by its upper 64 bits, which for no routable prefix are below that.
std::uint64_t key_of(const boost::asio::ip::address& peer) {
  const auto a = folded(peer);
  if (a.is_v4()) return a.to_v4().to_uint();
  const auto bytes = a.to_v6().to_bytes();
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i)
    key = key << 8 | bytes[i];
  return key == 0 ? ~std::uint64_t{0} : key;
}

}  // namespace

boost::asio::ip::address folded(const boost::asio::ip::address& a) {
  namespace ip = boost::asio::ip;
  if (!a.is_v6() || !a.to_v6().is_v4_mapped()) return a;
  return ip::make_address_v4(ip::v4_mapped, a.to_v6());
}

// SplitMix64's finish: the seed keeps anyone from choosing prefixes that share a bucket.
std::size_t connection_caps::hash::operator()(std::uint64_t key) const noexcept {
  std::uint64_t z = key ^ seed;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

connection_caps::connection_caps(connection_limits limits)
    : x_limits(limits),
      x_by_address(64, hash{std::uint64_t{std::random_device{}()} << 32 | std::random_device{}()}) {}

connection_caps::verdict connection_caps::admit(const boost::asio::ip::address& peer, ticket& place) {
  const auto key = key_of(peer);
  {
    const std::lock_guard lock(x_mutex);
    if (x_open >= x_limits.total) return verdict::too_many;
    const auto known = x_by_address.find(key);
    const bool has_share = x_limits.counts_loopback || !folded(peer).is_loopback();
    if (has_share && (known == x_by_address.end() ? 0 : known->second) >= x_limits.per_address)
      return verdict::too_many_from_address;
    ++x_by_address[key];
    ++x_open;
  }
  place = ticket(*this, key);
  return verdict::admitted;
}

void connection_caps::release(std::uint64_t key) noexcept {
  const std::lock_guard lock(x_mutex);
  --x_open;
  const auto found = x_by_address.find(key);
  if (found != x_by_address.end() && --found->second == 0) x_by_address.erase(found);
}

std::size_t connection_caps::open() const {
  const std::lock_guard lock(x_mutex);
  return x_open;
}

}  // namespace otpd::net
