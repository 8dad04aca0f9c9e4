#pragma once

#include <optional>
#include <string_view>

#include "net/message.hpp"

namespace otpd::net {

// A request target taken apart (RFC 9112, 3.2). Views into the target.
struct request_target {
  std::string_view path;       // begins with '/', or is "*" for OPTIONS
  std::string_view query;      // what follows '?'
  std::string_view authority;  // of the absolute form; empty in the origin form
};

// Nothing if the target is neither origin-form, nor an absolute http or https URI with a valid authority, nor
// `*` with OPTIONS; nor if it has a fragment or a byte outside of printable ASCII. CONNECT's authority form
// is refused too.
[[nodiscard]] std::optional<request_target> split_target(method m, std::string_view target) noexcept;

// uri-host [ ":" port ] of RFC 9110, 7.2: a non-empty registered name, an IPv4 address or an IP literal in
// brackets. No user information.
[[nodiscard]] bool is_valid_authority(std::string_view text) noexcept;

}  // namespace otpd::net
