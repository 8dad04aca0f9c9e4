#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/request_parser.hpp"

namespace otpd::net::test {

// A good request, to stand behind a bad one.
inline const std::string canary = "GET /canary HTTP/1.1\r\nHost: a\r\n\r\n";

// What came out of a byte stream: "METHOD path?query [name=value]... {body}" for each request, with " last"
// if the connection ends with it; or "!status code" for a refusal, which ends the stream.
std::vector<std::string> parse_pieces(const parser_limits& limits,
                                      const std::vector<std::string_view>& pieces);
// Expects that the same comes out in one piece, byte by byte and cut at any place.
std::vector<std::string> parse_in_every_way(const std::string& stream, const parser_limits& limits = {});

}  // namespace otpd::net::test
