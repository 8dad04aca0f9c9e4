#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "auth/refusal.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/bucket.hpp"
#include "otp/budgets.hpp"
#include "otp/ports.hpp"
#include "otp/recipient.hpp"

namespace otpd::auth {

// How many attempts may fail. Each bound holds by itself.
struct attempt_policy {
  std::uint16_t in_a_row = 3;  // failures without a success between them, and then:
  std::optional<otp::milliseconds>
      block;                          // so long nothing is judged; nothing: until an administrator unlocks
  std::optional<otp::rate> failures;  // all in all
};

// Failed attempts, counted durably (table `sessions`). An attempt is charged before it is judged, so parallel
// ones cannot exceed the bounds, nor can those across a crash. One per event loop.
class attempts {
 public:
  attempts(otp::store& records, const otp::clock& time, const crypto::key_ring& ring);

  // Whose attempts: a client's, or those at an account, which need not exist. `scope` keeps apart what is
  // counted for different reasons.
  [[nodiscard]] otp::record_key of_client(std::string_view scope, const otp::caller::network& client) const;
  [[nodiscard]] otp::record_key of_address(std::string_view scope, const otp::recipient& who) const;

  // Charges one failure. Refuses with blocked, and then charges nothing.
  task<outcome<void>> charge(otp::record_key whose, attempt_policy policy);
  // It succeeded: the failures in a row are forgotten, and the block with them.
  task<outcome<void>> succeed(otp::record_key whose, attempt_policy policy);
  // It was not judged after all: the charge is taken back.
  task<outcome<void>> give_back(otp::record_key whose, attempt_policy policy);

 private:
  otp::store& store_;
  const otp::clock& clock_;
  crypto::mac_key names_;
};

}  // namespace otpd::auth
