#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/account.hpp"
#include "auth/refusal.hpp"
#include "crypto/cipher.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/ports.hpp"
#include "otp/recipient.hpp"

namespace otpd::auth {

// What an administrator says of an account. A member without a value leaves things as they are.
struct account_entry {
  std::string realm;
  std::optional<otp::recipient> phone;
  std::optional<otp::recipient> email;  // phone, email or both: the first of them finds the account
  std::optional<bool> phone_verified;
  std::optional<bool> email_verified;
  std::optional<bool> disabled;  // true also ends every token of the account
};

// How an address was proven.
struct proof {
  std::string_view realm;
  const otp::recipient& who;
  bool makes_account = true;            // false: refused with no_account if nobody is registered
  std::string_view password_hash = {};  // takes effect with the proof; empty: the password stays as it is
};

// The accounts, in the store's table of them (account_format.hpp). Every use case fails with
// store_unavailable or overloaded. What it returns is durable. One per event loop; views passed in live until
// the task ends.
class accounts {
 public:
  // All outlive it.
  accounts(otp::store& records, const otp::clock& time, const crypto::key_ring& ring, otp::entropy& random);

  // By address; nothing if nobody is registered under it.
  task<outcome<std::optional<account>>> find(std::string_view realm, otp::recipient who);
  // By account::id; nothing if it is none, or the account is gone.
  task<outcome<std::optional<account>>> find_id(std::string_view id);
  // Marks the address as verified. Refuses with no_account and account_disabled.
  task<outcome<account>> prove(proof what);
  // Makes or changes an account. Refuses with address_taken.
  task<outcome<account>> put(account_entry entry);
  // Forgets an account, by any of its addresses; its tokens are dead. False: there was none.
  task<outcome<bool>> remove(std::string_view realm, otp::recipient who);

 private:
  otp::store& store_;
  const otp::clock& clock_;
  otp::entropy& random_;
};

}  // namespace otpd::auth
