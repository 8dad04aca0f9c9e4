#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/api_keys.hpp"
#include "api/desk.hpp"
#include "api/message_parameters.hpp"
#include "api/problem.hpp"
#include "api/yields.hpp"
#include "json/object.hpp"
#include "net/message.hpp"

namespace otpd::api {

// What the handlers of every loop share. All outlive them.
struct native_parts {
  const api_keys& keys;
  const std::function<std::int64_t(otp::instant)>& unix_ms;  // a moment of the life clock on the wall
};

// The native API, v1 (docs/api.md). One per event loop.
class native final : public net::handler {
 public:
  native(const native_parts& parts, api::desk& desk, api::yields& yields)
      : parts_(parts), desk_(desk), yields_(yields) {}

  // True for what certainly is the native API's; it answers every other path that nobody else serves, too.
  [[nodiscard]] static bool serves(std::string_view path) noexcept {
    return path.starts_with("/v1/verifications");
  }
  task<void> handle(const net::request& in, net::response& out) override;
  void refuse(unsigned status, std::string_view code, net::response& out) override;

 private:
  task<void> issue(const net::request& in, net::response& out, otp::caller by);
  task<void> check(const net::request& in, std::string_view id, net::response& out, otp::caller by);
  task<void> check_recipient(const net::request& in, net::response& out, otp::caller by);
  task<void> resend(const net::request& in, std::string_view id, net::response& out, otp::caller by);
  task<void> find(std::string_view id, net::response& out);
  task<void> cancel(std::string_view id, net::response& out);

  void answer(unsigned status, const otp::outcome<otp::verification_view>& result, net::response& out);
  // What came of a check, and what the approval yields.
  task<void> answer_check(otp::outcome<otp::check_view> result, net::response& out);
  void answer_judged(const otp::check_view& what, const yielded& extra, net::response& out) const;

  native_parts parts_;
  api::desk& desk_;
  api::yields& yields_;
  json::object body_{parameters_member};  // valid until the next await
};

}  // namespace otpd::api
