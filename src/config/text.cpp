#include "config/text.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>
#include <numeric>
#include <utility>
#include <vector>

#include "net/field_syntax.hpp"

namespace otpd {
namespace {

using std::chrono::milliseconds;

struct unit {
  std::string_view name;
  std::int64_t in_ms;
};
constexpr std::array<unit, 5> units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::int64_t max_rate_count = 1'000'000'000;
constexpr milliseconds max_rate_window = std::chrono::hours{24 * 400};

// ISO 3166-1 as of tzdata 2024; then the three regions that libphonenumber adds.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
    "BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT "
    "JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
    "AC TA XK";

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}

// Digits only, no sign, at most ten of them.
std::optional<std::int64_t> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 10 || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto value = parse_number(text);
  if (!value || *value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*value);
}

std::optional<boost::asio::ip::address> parse_address(std::string_view text) {
  boost::system::error_code error;
  auto address = boost::asio::ip::make_address(std::string{text}, error);
  if (error) return std::nullopt;
  return address;
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  const auto number = parse_number(text.substr(0, digits));
  const auto found = std::ranges::find(units, text.substr(digits), &unit::name);
  if (!number || found == units.end()) return std::nullopt;
  return milliseconds{*number * found->in_ms};
}

std::string format_duration(milliseconds value) {
  if (value.count() == 0) return "0s";
  const auto exact = std::ranges::find_if(units, [&](const unit& u) { return value.count() % u.in_ms == 0; });
  return std::to_string(value.count() / exact->in_ms).append(exact->name);
}

std::optional<otp::rate> parse_rate(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto count = parse_number(text.substr(0, slash));
  std::string window{text.substr(slash + 1)};
  if (!window.empty() && !is_digit(window.front())) window.insert(0, "1");
  const auto duration = parse_duration(window);
  if (!count || *count < 1 || *count > max_rate_count) return std::nullopt;
  if (!duration || duration->count() < 1 || *duration > max_rate_window) return std::nullopt;
  return otp::rate{static_cast<std::uint32_t>(*count), *duration};
}

std::optional<listen_address> parse_listen_address(std::string_view text) {
  const bool is_bracketed = text.starts_with('[');
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (is_bracketed && !host.ends_with(']')) return std::nullopt;
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const auto address = parse_address(host);
  const auto port = parse_port(text.substr(colon + 1));
  if (!address || !port || address->is_v6() != is_bracketed) return std::nullopt;
  return listen_address{*address, *port};
}

std::optional<std::string> network_fault(std::string_view text) {
  const std::string shape = in_quotes(text) + " is not an address or a CIDR block such as \"10.0.0.0/8\"";
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address || (address->is_v6() && address->to_v6().scope_id() != 0)) return shape;
  if (slash == text.npos) return std::nullopt;
  const auto bits = parse_number(text.substr(slash + 1));
  if (!bits || *bits > (address->is_v4() ? 32 : 128)) return shape;
  const auto length = static_cast<unsigned short>(*bits);
  const std::string canonical =
      address->is_v4() ? boost::asio::ip::network_v4{address->to_v4(), length}.canonical().to_string()
                       : boost::asio::ip::network_v6{address->to_v6(), length}.canonical().to_string();
  const auto canonical_address = parse_address(std::string_view{canonical}.substr(0, canonical.find('/')));
  if (canonical_address == address) return std::nullopt;
  return in_quotes(text) + " has bits set beyond its prefix; the block is \"" + canonical + '"';
}

bool is_status_pattern(std::string_view text) {
  const auto is_class = [](char c) { return c >= '1' && c <= '5'; };
  const auto is_status = [&](std::string_view s) {
    return s.size() == 3 && is_class(s[0]) && is_digit(s[1]) && is_digit(s[2]);
  };
  if (text.size() == 3) return is_status(text) || (is_class(text[0]) && text.substr(1) == "xx");
  if (text.size() != 7 || text[3] != '-') return false;
  return is_status(text.substr(0, 3)) && is_status(text.substr(4)) && text.substr(0, 3) <= text.substr(4);
}

bool is_media_type(std::string_view text) {
  const auto type = text.substr(0, text.find(';'));
  const auto slash = type.find('/');
  if (slash == type.npos || !net::is_token(type.substr(0, slash)) || !net::is_token(type.substr(slash + 1)))
    return false;
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_language_tag(std::string_view text) {
  if (text.size() > 35) return false;
  bool is_first = true;
  for (;;) {
    const auto end = std::min(text.find('-'), text.size());
    const auto part = text.substr(0, end);
    if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, is_alnum)) return false;
    if (is_first && (part.size() < 2 || !std::ranges::all_of(part, is_letter))) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
    is_first = false;
  }
}

bool is_country(std::string_view text) {
  return text.size() == 2 && is_letter(text[0]) && is_letter(text[1]) &&
         countries.find(text) != countries.npos;
}

bool is_name(std::string_view text) {
  const auto is_allowed = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, is_allowed);
}

bool has_control(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 || byte == 0x7f) && allowed.find(text[i]) == allowed.npos) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

std::string in_quotes(std::string_view text) {
  std::string out{"\""};
  for (const char c : text.substr(0, 60))
    out += c >= 0x20 && c < 0x7f ? c : '?';
  return out.append(text.size() > 60 ? "...\"" : "\"");
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates) {
  const auto distance = [&](std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i + 1);
      for (std::size_t j = 0; j < other.size(); ++j) {
        const std::size_t replaced = diagonal + (text[i] == other[j] ? 0 : 1);
        diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
      }
    }
    return row.back();
  };
  return *std::ranges::min_element(candidates, {}, distance);
}

std::string joined(std::span<const std::string_view> parts) {
  std::string out;
  for (const auto part : parts)
    out.append(out.empty() ? "" : ", ").append(part);
  return out;
}

}  // namespace otpd
