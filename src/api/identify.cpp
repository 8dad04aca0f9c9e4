#include "api/identify.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "api/client_address.hpp"
#include "api/problem.hpp"

namespace otpd::api {

namespace {

// Whether a proxy has left a trace of itself.
bool is_forwarded(const net::request& in) {
  return std::ranges::any_of(in.fields, [](const net::field& each) {
    constexpr std::string_view family = "X-Forwarded-";
    return boost::beast::iequals(each.name.substr(0, family.size()), family) ||
           boost::beast::iequals(each.name, "Forwarded") || boost::beast::iequals(each.name, "X-Real-IP") ||
           boost::beast::iequals(each.name, "Via");
  });
}

}  // namespace

std::optional<otp::caller> identify(const api_keys& keys, const net::request& in, net::response& out) {
  otp::caller by;
  if (!keys.empty()) {
    const auto number =
        in.field_count("Authorization") == 1 ? keys.identify(in.field_value("Authorization")) : std::nullopt;
    if (!number) {
      answer_problem({"unauthorized"}, out);
      return std::nullopt;
    }
    by.api_key = *number;
    return by;
  }
  // Whom a proxy serves it may not say.
  if (!in.peer.is_loopback() || is_forwarded(in)) {
    answer_problem({"loopback_only"}, out);
    return std::nullopt;
  }
  by.client = network_of(in.peer);
  return by;
}

}  // namespace otpd::api
