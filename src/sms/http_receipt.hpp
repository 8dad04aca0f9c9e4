#pragma once

// The receipt of a gateway that is described by configuration: POST, JSON or a form. It is proven by a secret
// in a header of the configuration's choice, or as Standard Webhooks has it:
//
//   webhook-id:        names the message, the same on every attempt
//   webhook-timestamp: Unix seconds, within receipt_skew of now
//   webhook-signature: list, parted by spaces, of  v1,base64( HMAC-SHA256( key, id "." timestamp "." body ) )
//
// where `key` is what the base64 after "whsec_" stands for; entries of another version are passed over.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

#include <string>
#include <vector>

#include "net/form.hpp"
#include "sms/receipt.hpp"
#include "sms/receipt_options.hpp"

namespace otpd::sms {

// Neither proof covers the query, so nothing is read from it. The shared secret proves who asks, not what is
// said, and knows no time; neither remembers what it has seen: a replay brings old news.
class http_receipt final : public receipt_reader {
 public:
  // Throws std::invalid_argument that begins with the option's name.
  explicit http_receipt(const http_receipt_options& options);

  [[nodiscard]] boost::system::result<receipt> read(const net::request& in,
                                                    std::chrono::sys_seconds now) const override;

 private:
  // Fails with not_expected, forged or stale.
  [[nodiscard]] boost::system::result<void> prove(const net::request& in, std::chrono::sys_seconds now) const;
  [[nodiscard]] otp::delivery state_of(std::string_view status) const noexcept;

  std::string reference_;
  std::string status_;
  std::vector<std::string> delivered_;
  std::vector<std::string> failed_;
  std::string webhook_key_;  // empty: by the shared secret
  std::string secret_header_;
  std::string secret_;
};

}  // namespace otpd::sms
