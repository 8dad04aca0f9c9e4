#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/message.hpp"

namespace otpd::api {

// Which other sites' pages may call us (Fetch Standard, 3.2), by exact origin.
class cors {
 public:
  // "https://app.example.com"; none: no other site's.
  explicit cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // True if a page of another origin sent it, by Sec-Fetch-Site or else by Origin, and that is not among
  // ours. False for what is no browser.
  [[nodiscard]] bool is_foreign(const net::request& in) const noexcept;
  // Adds the fields by which an allowed origin's page may read the answer; nothing for anybody else.
  void allow(const net::request& in, net::response& out) const;
  // True if it was an allowed origin's question before a request (a preflight): it is answered. `methods` as
  // in Access-Control-Allow-Methods.
  [[nodiscard]] bool preflight(const net::request& in, std::string_view methods, net::response& out) const;

 private:
  [[nodiscard]] bool allows(const net::request& in) const noexcept;

  std::vector<std::string> origins_;
};

}  // namespace otpd::api
