#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/test_certificates.hpp"
#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {

// The secrets that the tables below name by {env = ...}; what a stub holds requests against.
inline constexpr std::string_view twilio_sid = "AC0123456789abcdefABCDEF0123456789";
inline constexpr std::string_view twilio_token = "twilio-auth-token";
inline constexpr std::string_view vonage_secret = "vonage-api-secret";
inline constexpr std::string_view vonage_signing = "vonage-signature-secret";
inline constexpr std::string_view mshastra_password = "mshastra \"pass\" & word";
inline constexpr std::string_view gateway_password = "gateway-password";
inline constexpr std::string_view gateway_token = "gateway-token";
inline constexpr std::string_view gateway_secret = "gateway-shared-secret";
inline constexpr std::string_view webhook_secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
inline constexpr std::string_view older_webhook_secret = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";
inline constexpr std::string_view mail_password = "s3cr:et pass";

// A [providers.NAME] of each vendor but for its url and what trusts it: enough to send.
[[nodiscard]] std::string lines_of(std::string_view vendor);

// An otpd whose text messages go to providers of the test's choice. Everything is configured before start().
class delivery_server {
 public:
  // Whom its providers trust.
  [[nodiscard]] const authority& trusted() const noexcept { return x_trusted; }
  // Of `trusted`, for 127.0.0.1.
  [[nodiscard]] identity identity_of_stub() const { return x_trusted.issue("IP:127.0.0.1"); }
  [[nodiscard]] std::string ca_file() const;

  // [providers.NAME]: `lines` and whom to trust.
  void provider(const std::string& name, const std::string& lines);
  // The same with lines_of(vendor) and an url before `lines`.
  void provider(const std::string& name, std::string_view vendor, const std::string& url,
                const std::string& lines = {});
  // Numbers that begin so go to these, in this order.
  void route(const std::string& prefix, const std::vector<std::string>& providers,
             const std::string& from = {}, const std::string& channel = "sms");
  // More lines of [delivery].
  void delivery(const std::string& lines) { x_delivery += lines; }

  // More tables.
  void tables(const std::string& text) { x_providers += text; }

  // Throws unless it comes up.
  void start();
  [[nodiscard]] otpd_process& process() { return *x_process; }
  [[nodiscard]] std::uint16_t port() const { return x_process->port(); }

  [[nodiscard]] http_answer issue(std::string_view to) const { return ask(port(), issue_request(to)); }
  [[nodiscard]] http_answer check(std::string_view id, std::string_view code) const {
    return ask(port(), check_request(id, code));
  }
  [[nodiscard]] http_answer resend(std::string_view id) const;
  // The member `delivery` of a verification, as GET says.
  [[nodiscard]] std::string delivery_of(std::string_view id) const;
  // Attempts on a provider that ended so; -1 if there was none.
  [[nodiscard]] double attempts(const std::string& provider, std::string_view outcome) const;
  [[nodiscard]] double number(const std::string& name) const { return metric(x_process->admin_port(), name); }

 private:
  scratch_directory x_directory;
  authority x_trusted;
  std::string x_delivery;
  std::string x_routes;
  std::string x_providers;
  std::unique_ptr<otpd_process> x_process;
};

// The code in a message: its only run of six digits. Empty if there is none or more than one.
[[nodiscard]] std::string code_in(std::string_view text);

}  // namespace otpd::test
