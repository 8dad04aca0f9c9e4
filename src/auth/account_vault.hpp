#pragma once

// How accounts stand in the store, table `accounts`:
//
//   key    HMAC-SHA256(account key, "key " ‖ realm ‖ 00 ‖ address in lower case)[0..16]
//   value  an account:  01 | nonce 12 | AES-256-GCM( created 8 | tokens from 8 | flags 1 | realm | phone |
//   email | hash )
//          an alias:    02 | key 16 of the account that has this as its further address | nonce 12
//
// Texts have a length byte. Flags: 1 phone verified, 2 e-mail verified, 4 disabled. Each account is sealed
// under a key of its own, with a fresh nonce in each write. An account's id is its key, encrypted, so an id
// leads to its row.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/account.hpp"
#include "crypto/cipher.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/ports.hpp"
#include "otp/recipient.hpp"

namespace otpd::auth {

struct account_alias {
  otp::record_key leads_to;
  crypto::sealer::nonce once{};  // fresh in each write, so that no two are alike
};
using account_row = std::variant<account, account_alias>;

// An address as keys have it, in lower case.
[[nodiscard]] std::string folded_address(std::string_view address);

// The keyed functions of accounts. One per event loop.
class account_vault {
 public:
  using nonce = crypto::sealer::nonce;

  explicit account_vault(const crypto::key_ring& ring);

  // Of an address as otp::recipient has it. "+tag" counts: only limits leave it out (RELIABILITY A16).
  [[nodiscard]] otp::record_key key_of(std::string_view realm, std::string_view address) const;
  // 36 characters in the form of a UUID.
  [[nodiscard]] std::string id_of(const otp::record_key& key);
  // Nothing: not as id_of() writes one. What is, and was never made, leads nowhere.
  [[nodiscard]] std::optional<otp::record_key> key_of_id(std::string_view id);

  // `once` is fresh in each write. The account's id is not stored.
  [[nodiscard]] std::string encode(const otp::record_key& key, const account& one, const nonce& once);
  [[nodiscard]] std::string encode(const account_alias& one) const;
  // Nothing: another format, or altered.
  [[nodiscard]] std::optional<account_row> decode(const otp::record_key& key, std::string_view value);

 private:
  [[nodiscard]] crypto::secret_key seal_key(const otp::record_key& key) const;

  crypto::mac_key mac_;
  crypto::block_cipher ids_;
  crypto::sealer sealer_;
};

}  // namespace otpd::auth
