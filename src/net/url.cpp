#include "net/url.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

#include "net/ascii.hpp"

namespace otpd::net {

namespace asio = boost::asio;

namespace {

bool is_alnum(char c) noexcept {
  const char low = to_lower(c);
  return is_digit(c) || (low >= 'a' && low <= 'z');
}

bool consume_scheme(std::string_view& text, std::string_view scheme) noexcept {
  if (text.size() < scheme.size()) return false;
  if (!std::equal(scheme.begin(), scheme.end(), text.begin(),
                  [](char a, char b) { return a == to_lower(b); }))
    return false;
  text.remove_prefix(scheme.size());
  return true;
}

// The rule of the URL Standard: such a host means an IPv4 address, in whatever spelling.
bool ends_in_a_number(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string_view label = host.substr(host.rfind('.') + 1);
  if (label.starts_with("0x")) return true;
  return !label.empty() && std::all_of(label.begin(), label.end(), is_digit);
}

bool is_host_name(std::string_view host) noexcept {
  if (host.empty() || host.size() > 253 || host.front() == '.') return false;
  return host.find("..") == std::string_view::npos && std::all_of(host.begin(), host.end(), [](char c) {
           return is_alnum(c) || c == '-' || c == '.' || c == '_';
         });
}

std::optional<std::string> parse_host(std::string_view text) {
  std::string host{text};
  std::transform(host.begin(), host.end(), host.begin(), to_lower);
  boost::system::error_code ec;
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return std::nullopt;
    host = host.substr(1, host.size() - 2);
    if (host.find('%') != std::string::npos) return std::nullopt;
    asio::ip::make_address_v6(host, ec);
    return ec ? std::nullopt : std::optional{host};
  }
  if (!is_host_name(host)) return std::nullopt;
  if (ends_in_a_number(host)) {
    asio::ip::make_address_v4(host, ec);
    if (ec) return std::nullopt;
  }
  return host;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (ec != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

boost::system::result<url> parse_url(std::string_view text) {
  const auto refusal = boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
  if (text.size() > 4096) return refusal;
  if (!std::all_of(text.begin(), text.end(),
                   [](char c) { return c > ' ' && c < 0x7f && c != '#' && c != '\\'; }))
    return refusal;

  url out;
  out.encrypted = consume_scheme(text, "https://");
  if (!out.encrypted && !consume_scheme(text, "http://")) return refusal;
  out.port = out.encrypted ? 443 : 80;

  const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, authority_end);
  const std::string_view target = text.substr(authority_end);
  if (authority.find('@') != std::string_view::npos) return refusal;

  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const auto port = parse_port(authority.substr(colon + 1));
    if (!port) return refusal;
    out.port = *port;
    authority = authority.substr(0, colon);
  }
  auto host = parse_host(authority);
  if (!host) return refusal;
  out.host = std::move(*host);
  out.target = target.starts_with('/') ? std::string{target} : "/" + std::string{target};
  return out;
}

bool is_loopback(const url& where) noexcept {
  if (where.host == "localhost") return true;
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(where.host, ec);
  return !ec && address.is_loopback();
}

}  // namespace otpd::net
