#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "net/message.hpp"
#include "otp/refusal.hpp"

namespace otpd::api {

// Problem details (RFC 9457). Every refusal of the native API is one of these; docs/api.md lists them.
struct problem {
  std::string_view code;         // stable name
  std::string_view member = {};  // the offending member, of invalid input
  std::string_view limit = {};   // the limit that is reached
  std::string_view id = {};      // the verification it is about
  std::int64_t retry_after_s = 0;
};

// Answers with the status that belongs to `what.code`; an unknown code is a bug.
void answer_problem(const problem& what, net::response& out);
// The problem of a refused use case.
void answer_refusal(const otp::refusal& why, net::response& out);
// What never became a request (net::handler::refuse); the connection ends. Of a code that is not of this
// status, or that we do not know, the status alone is told.
void answer_refused_request(unsigned status, std::string_view code, net::response& out);

// All stable names, in the order of docs/api.md.
[[nodiscard]] std::span<const std::string_view> problem_codes();
// The stable name of a use case's refusal.
[[nodiscard]] std::string_view problem_code(otp::errc code);

}  // namespace otpd::api
