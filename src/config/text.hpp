#pragma once

// The small grammars of the configuration: pure functions from text to value. Nothing: the text is not of the
// grammar.

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "otp/bucket.hpp"

namespace otpd {

// "500ms", "300s", "5m", "1h", "30d"; at most 10 digits.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// In the largest unit that is exact.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds value);
// "10/1h", "10/h", within the bounds of otp::rate.
[[nodiscard]] std::optional<otp::rate> parse_rate(std::string_view text);

struct listen_address {
  boost::asio::ip::address address;
  std::uint16_t port = 0;  // 0: any free one
};
// "127.0.0.1:8080", "[::1]:8080"
[[nodiscard]] std::optional<listen_address> parse_listen_address(std::string_view text);

// What is wrong with an address or CIDR block; nothing: it is right.
[[nodiscard]] std::optional<std::string> network_fault(std::string_view text);

// "2xx", "200", "200-204"
[[nodiscard]] bool is_status_pattern(std::string_view text);
// type/subtype, parameters may follow (RFC 9110, section 8.3.1)
[[nodiscard]] bool is_media_type(std::string_view text);
// RFC 5646 in shape: subtags of letters and digits, the first of letters, at most 35 characters.
[[nodiscard]] bool is_language_tag(std::string_view text);
// An assigned ISO 3166-1 alpha-2 code, or one that has telephone numbers all the same (AC, TA, XK).
[[nodiscard]] bool is_country(std::string_view text);
// 1..32 of a-z 0-9 _ -
[[nodiscard]] bool is_name(std::string_view text);
// True if UTF-8 `text` has a control character (C0, DEL, C1) other than those of `allowed`.
[[nodiscard]] bool has_control(std::string_view text, std::string_view allowed = "");

// Fit for a message: quoted, cut at 60 bytes, nothing that a terminal would act on.
[[nodiscard]] std::string in_quotes(std::string_view text);
// The candidate with the least edit distance; `candidates` is not empty.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates);
// "a, b, c"
[[nodiscard]] std::string joined(std::span<const std::string_view> parts);

}  // namespace otpd
