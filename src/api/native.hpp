#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/api_keys.hpp"
#include "api/client_address.hpp"
#include "api/json_object.hpp"
#include "api/message_parameters.hpp"
#include "api/observer.hpp"
#include "api/problem.hpp"
#include "net/message.hpp"
#include "otp/verifier.hpp"

namespace otpd::api {

// What the handlers of every loop share. All outlive them.
struct native_parts {
  const api_keys& keys;
  const std::function<std::int64_t(otp::instant)>& unix_ms;  // a moment of the life clock on the wall
};

// The native API, v1 (docs/api.md). One per event loop.
class native final : public net::handler {
 public:
  native(const native_parts& parts, otp::verifier& verifier, observer& watch)
      : parts_(parts), verifier_(verifier), watch_(watch) {}

  task<void> handle(const net::request& in, net::response& out) override;
  void refuse(unsigned status, std::string_view code, net::response& out) override;

 private:
  // Who asks; nothing: refused, `out` says why.
  [[nodiscard]] std::optional<otp::caller> identify(const net::request& in, net::response& out) const;

  task<void> issue(const net::request& in, net::response& out, otp::caller by);
  task<void> check(const net::request& in, std::string_view id, net::response& out, otp::caller by);
  task<void> check_recipient(const net::request& in, net::response& out, otp::caller by);
  task<void> resend(const net::request& in, std::string_view id, net::response& out, otp::caller by);
  task<void> find(std::string_view id, net::response& out);
  task<void> cancel(std::string_view id, net::response& out);

  using time = std::chrono::steady_clock::time_point;
  // Each writes the answer and reports it; `began` is when the request was understood.
  void answer(operation what, time began, unsigned status, const otp::outcome<otp::verification_view>& result,
              net::response& out);
  void answer_check(time began, const otp::outcome<otp::check_view>& result, net::response& out);
  void report(operation what, time began, std::string_view result, const otp::verification_view* about) const;

  native_parts parts_;
  otp::verifier& verifier_;
  observer& watch_;
  json_object body_{parameters_member};  // valid until the next await
};

}  // namespace otpd::api
