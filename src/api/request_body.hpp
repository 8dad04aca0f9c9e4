#pragma once

#include <span>
#include <string>
#include <string_view>

#include "json/object.hpp"
#include "net/message.hpp"

namespace otpd::api {

// How every handler reads a JSON body. Each function answers the problem itself where it returns false.

// The body as an object that has no members but the allowed ones. The media type is asked for because a
// browser sends it to another site only after asking, and we never agree.
[[nodiscard]] bool read_body(const net::request& in, std::span<const std::string_view> allowed,
                             json::object& into, net::response& out);
// A string member; `into` is left alone where it is absent.
[[nodiscard]] bool read_text(const json::object& body, std::string_view name, std::string& into,
                             net::response& out);
[[nodiscard]] bool read_required(const json::object& body, std::string_view name, std::string& into,
                                 net::response& out);
// Answers that a member is wrong. Always false.
[[nodiscard]] bool refuse_member(std::string_view code, std::string_view member, net::response& out);

}  // namespace otpd::api
