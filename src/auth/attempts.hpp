#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "auth/attempt_policy.hpp"
#include "auth/attempt_rules.hpp"
#include "auth/refusal.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/budgets.hpp"
#include "otp/ports.hpp"
#include "otp/recipient.hpp"

namespace otpd::auth {

// Failed attempts, counted durably (attempt_rules.hpp). An attempt is charged before it is judged and settled
// before anybody is told, so parallel ones cannot exceed the bounds, nor can those across a crash. One per
// event loop.
class attempts {
 public:
  // All outlive it.
  attempts(otp::store& records, const otp::clock& time, const crypto::key_ring& ring);

  // Whose attempts: a client's, or those at an account, which need not exist. The address counts with its
  // "+tag", as accounts do: a success at one must not forget the failures at another. `scope` keeps apart
  // what is counted for different reasons.
  [[nodiscard]] otp::record_key of_client(std::string_view scope, const otp::caller::network& client) const;
  [[nodiscard]] otp::record_key of_address(std::string_view scope, const otp::recipient& who) const;

  // Charges an attempt. Refuses with blocked and overloaded, and then charges nothing.
  task<outcome<void>> charge(otp::record_key whose, attempt_policy policy);
  // It failed.
  task<outcome<void>> fail(otp::record_key whose, attempt_policy policy);
  // It succeeded: the failures in a row are forgotten, and the block with them.
  task<outcome<void>> succeed(otp::record_key whose, attempt_policy policy);
  // It was not judged after all: the charge is taken back.
  task<outcome<void>> give_back(otp::record_key whose, attempt_policy policy);
  // Forgets everything: an administrator's word.
  task<outcome<void>> unlock(otp::record_key whose);

 private:
  using change = std::function<outcome<void>(attempt_record&, otp::instant)>;

  [[nodiscard]] otp::record_key key_of(const std::string& what) const;
  task<outcome<void>> update(otp::record_key whose, change rule);

  otp::store& store_;
  const otp::clock& clock_;
  otp::instant running_since_;
  crypto::mac_key names_;
};

// The scope of passwords tried at an account of `realm`.
[[nodiscard]] std::string password_scope(std::string_view realm);

}  // namespace otpd::auth
