#pragma once

#include <span>
#include <string>
#include <string_view>

#include "net/message.hpp"

namespace otpd::api {

// What keeps other sites, open in the same browser, away from pages that ask for no key.

// True if the request's only Host is a loopback address, localhost, or one of `ours` (with or without a port,
// which is not compared). Where `ours` has an unspecified address ("0.0.0.0:8081", "[::]:8081") any address
// will do: a site that lets its name point here (DNS rebinding) has a name, not an address.
[[nodiscard]] bool is_own_host(const net::request& in, std::span<const std::string> ours);

// True if a page of ours sent it, by Sec-Fetch-Site and Origin; without either, `unless_told`.
[[nodiscard]] bool is_own_page(const net::request& in, bool unless_told);

}  // namespace otpd::api
