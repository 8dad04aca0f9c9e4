#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sms/receipt.hpp"

namespace otpd::sms::test {

// A provider's callback that owns its text.
struct hook_request {
  net::method method = net::method::post;
  std::string path = "/hooks/provider";
  std::string query;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;

  // Replaces every field of this name.
  hook_request& set(const std::string& name, const std::string& value) {
    drop(name);
    fields.emplace_back(name, value);
    return *this;
  }
  hook_request& drop(const std::string& name) {
    std::erase_if(fields, [&](const auto& each) { return each.first == name; });
    return *this;
  }
};

// What the reader says of it: "delivered REFERENCE", or the error's text.
inline std::string told(const receipt_reader& reader, const hook_request& in, std::int64_t now = 0) {
  std::vector<net::field> views;
  for (const auto& [name, value] : in.fields)
    views.push_back({name, value});
  net::request view;
  view.method = in.method;
  view.path = in.path;
  view.query = in.query;
  view.body = in.body;
  view.fields = views;
  const auto result = reader.read(view, std::chrono::sys_seconds{std::chrono::seconds{now}});
  if (!result) return result.error().message();
  const std::string state = result->state == otp::delivery::delivered ? "delivered"
                            : result->state == otp::delivery::failed  ? "failed"
                            : result->state == otp::delivery::sent    ? "sent"
                                                                      : "?";
  return state + " " + result->reference;
}

inline std::string text_of(receipt_errc value) {
  return make_error_code(value).message();
}
inline const std::string malformed = text_of(receipt_errc::malformed);
inline const std::string forged = text_of(receipt_errc::forged);
inline const std::string stale = text_of(receipt_errc::stale);
inline const std::string not_expected = text_of(receipt_errc::not_expected);

}  // namespace otpd::sms::test
