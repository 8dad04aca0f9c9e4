#include "api/hooks.hpp"

#include <cassert>

#include "api/problem.hpp"

namespace otpd::api {

namespace {

constexpr std::string_view root = "/hooks/";

// What a provider may be called in the configuration.
bool is_provider_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == text.npos;
}

void answer(receipt_result result, net::response& out) {
  switch (result) {
    case receipt_result::taken:
      out.status = 204;
      return;
    case receipt_result::refused:
      return answer_problem({"receipt_refused"}, out);
    case receipt_result::unknown_provider:
      return answer_problem({"not_found"}, out);
    case receipt_result::malformed:
      return answer_problem({"malformed_receipt"}, out);
    case receipt_result::unavailable:
      break;
  }
  answer_problem({"store_unavailable"}, out);
}

}  // namespace

task<void> hooks::handle(const net::request& in, net::response& out) {
  assert(serves(in.path));
  const std::string_view provider = in.path.substr(root.size());
  if (!is_provider_name(provider)) {
    answer_problem({"not_found"}, out);
    co_return;
  }
  if (in.method != net::method::get && in.method != net::method::post) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", "GET, POST");
    co_return;
  }
  const receipt_result result = co_await desk_.receive(provider, in);
  answer(result, out);
}

}  // namespace otpd::api
