#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/account.hpp"
#include "auth/account_vault.hpp"
#include "auth/refusal.hpp"
#include "crypto/key_ring.hpp"
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

// The accounts, in the store's table of them (account_vault.hpp). Every use case fails with
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
  // Makes or changes an account. Refuses with address_taken where another account has an address of the
  // entry, or the account has another one of its kind.
  task<outcome<account>> put(account_entry entry);
  // Forgets an account, by any of its addresses; its tokens are dead. False: there was none.
  task<outcome<bool>> remove(std::string_view realm, otp::recipient who);

 private:
  // An account and where it stands.
  struct located {
    otp::record_key key;
    auth::account account;
  };

  task<outcome<std::optional<located>>> read(otp::record_key key);
  // Through the alias, if it is one.
  task<outcome<std::optional<located>>> locate(std::string_view realm, const otp::recipient& who);
  // Where an entry's account stands, or shall stand.
  task<outcome<otp::record_key>> place_of(const account_entry& entry);
  // Makes `alias` lead to the account at `to`.
  task<outcome<void>> claim(otp::record_key alias, otp::record_key to);
  // Whether the account says itself that the address of this row is its own.
  [[nodiscard]] bool names(const account& one, const otp::record_key& address) const;
  [[nodiscard]] account_vault::nonce fresh_nonce();

  otp::store& store_;
  const otp::clock& clock_;
  otp::entropy& random_;
  account_vault vault_;
};

}  // namespace otpd::auth
