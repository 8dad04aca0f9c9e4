#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace otpd::net {

// An absolute http or https URL, split as a client needs it.
struct url {
  bool encrypted = false;    // https
  std::string host;          // lower case; an IPv6 literal without its brackets
  std::uint16_t port = 0;    // 80 or 443 if the text names none
  std::string target = "/";  // origin-form path with the query, as it goes on the wire

  [[nodiscard]] bool operator==(const url&) const = default;
};

// RFC 3986, narrowed to what a request line may carry: visible ASCII only, no user information, no fragment.
// A host whose last label is numeric must be a dotted quad, so that no other spelling of an address
// ("0x7f.1", "2130706433") is taken for a name. Fails with boost::system::errc::invalid_argument.
[[nodiscard]] boost::system::result<url> parse_url(std::string_view text);

// True for "localhost" and literal addresses of the loopback networks.
[[nodiscard]] bool is_loopback(const url& where) noexcept;

}  // namespace otpd::net
