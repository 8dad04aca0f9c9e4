#include "api/own_site.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <optional>

#include "net/ascii.hpp"
#include "net/request_target.hpp"

namespace otpd::api {

namespace {

using boost::asio::ip::address;

// The host of `authority`, brackets removed; empty if it is none.
std::string_view host_of(std::string_view authority) {
  if (!net::is_valid_authority(authority)) return {};
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

std::optional<address> address_of(std::string_view host) {
  boost::system::error_code ec;
  const address out = boost::asio::ip::make_address(std::string{host}, ec);
  if (ec) return std::nullopt;
  return out;
}

}  // namespace

bool is_own_host(const net::request& in, std::span<const std::string> ours) {
  if (in.field_count("Host") != 1) return false;
  const std::string_view host = host_of(in.field_value("Host"));
  if (host.empty()) return false;
  const auto literal = address_of(host);
  if (literal ? literal->is_loopback() : net::equal_without_case(host, "localhost")) return true;
  return std::ranges::any_of(ours, [&](const std::string& each) {
    const std::string_view own = host_of(each);
    const auto own_literal = address_of(own);
    if (own_literal && literal) return own_literal->is_unspecified() || *own_literal == *literal;
    return !own_literal && !literal && !own.empty() && net::equal_without_case(own, host);
  });
}

bool is_own_page(const net::request& in, bool unless_told) {
  const std::size_t sites = in.field_count("Sec-Fetch-Site");
  const std::size_t origins = in.field_count("Origin");
  if (sites > 1 || origins > 1) return false;
  if (sites == 1 && in.field_value("Sec-Fetch-Site") != "same-origin") return false;
  if (origins == 0) return sites == 1 || unless_told;
  std::string_view origin = in.field_value("Origin");
  const auto scheme = origin.find("://");
  if (scheme == origin.npos) return false;
  origin.remove_prefix(scheme + 3);
  return net::equal_without_case(origin, in.field_value("Host"));
}

}  // namespace otpd::api
