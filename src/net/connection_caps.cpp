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
    : limits_(limits),
      by_address_(64, hash{std::uint64_t{std::random_device{}()} << 32 | std::random_device{}()}) {}

connection_caps::verdict connection_caps::admit(const boost::asio::ip::address& peer, ticket& place) {
  const auto key = key_of(peer);
  {
    const std::lock_guard lock(mutex_);
    if (open_ >= limits_.total) return verdict::too_many;
    const auto known = by_address_.find(key);
    const bool has_share = limits_.counts_loopback || !folded(peer).is_loopback();
    if (has_share && (known == by_address_.end() ? 0 : known->second) >= limits_.per_address)
      return verdict::too_many_from_address;
    ++by_address_[key];
    ++open_;
  }
  place = ticket(*this, key);
  return verdict::admitted;
}

void connection_caps::release(std::uint64_t key) noexcept {
  const std::lock_guard lock(mutex_);
  --open_;
  const auto found = by_address_.find(key);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

std::size_t connection_caps::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

}  // namespace otpd::net
