#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
//
// An address belongs to an account if its row leads there and the account names it: an interrupted change may
// leave one without the other, and then the address is free.
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
  // Puts another hash of the same password in the place of `old`; where that is not its hash any more,
  // nothing.
  task<outcome<void>> renew_hash(std::string_view realm, otp::recipient who, std::string old,
                                 std::string made);
  // Makes or changes an account. Refuses with address_taken where another account has an address of the
  // entry, or the account has another one of its kind.
  task<outcome<account>> put(account_entry entry);
  // Forgets an account, by any of its addresses; its tokens are dead. False: there was none.
  task<outcome<bool>> remove(std::string_view realm, otp::recipient who);

 private:
  // Whom an address leads to, as it was read.
  struct sight {
    otp::record_key own;                 // the row of the address itself
    std::optional<std::string> row;      // what stands there
    otp::record_key place;               // of the account; of one still to be made: its own
    std::optional<auth::account> known;  // nothing: nobody is registered under it
  };
  using change = std::function<outcome<void>(account&, otp::instant)>;

  // Of a change that others overtake again and again.
  static constexpr int most_tries = 8;
  static constexpr refusal overtaken{errc::overloaded, otp::milliseconds(1000)};

  task<outcome<std::optional<account>>> read(otp::record_key key);
  // Through the alias, if it is one.
  task<outcome<sight>> look(std::string_view realm, const otp::recipient& who);
  // Changes the account that was seen, or makes it. Nothing: what was seen is not so any more.
  task<outcome<std::optional<account>>> write(const sight& seen, std::string_view realm, change rule);
  // Makes the address lead to the account at `to`, and `seen` what stands there then. False: what was seen is
  // not so any more.
  task<outcome<bool>> claim(sight& seen, otp::record_key to);
  // The account at `place` does not name the address any more, unless it leads there.
  task<outcome<void>> give_up(otp::record_key place, otp::record_key address);
  // Deletes an alias that is still as it was read.
  task<outcome<void>> release(otp::record_key alias, std::string row);
  // Both addresses of an entry, or the one it has.
  task<outcome<std::vector<sight>>> look_at_all(const account_entry& entry);
  // One try of put(). Nothing: somebody else was faster.
  task<outcome<std::optional<account>>> try_put(const account_entry& entry);
  // Whether the account says itself that the address of this row is its own.
  [[nodiscard]] bool names(const account& one, const otp::record_key& address) const;
  [[nodiscard]] account_vault::nonce fresh_nonce();

  otp::store& store_;
  const otp::clock& clock_;
  otp::entropy& random_;
  account_vault vault_;
};

}  // namespace otpd::auth
