#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/cipher.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/code.hpp"
#include "otp/limiter.hpp"
#include "otp/profile.hpp"
#include "otp/recipient.hpp"
#include "otp/record.hpp"
#include "otp/send_reference.hpp"
#include "otp/verification_id.hpp"
#include "otp/verification_uuid.hpp"

namespace otpd::otp {

// The keyed functions of the rules: what leads from a recipient to its record, its codes and its ids. One per
// event loop.
class vault {
 public:
  explicit vault(const crypto::key_ring& ring);

  // HMAC-SHA256(index key, mailbox)[0..16].
  [[nodiscard]] record_key record_of(const recipient& to) const;
  // Tells the verifications of one subject apart: by the address of the mailbox, and by the caller's variant.
  // 0 where the address is the mailbox and there is no variant.
  [[nodiscard]] std::uint32_t tag_of(const recipient& to, std::string_view variant = {}) const;
  // The name of a verification for a caller who also knows its recipient (verification_uuid.hpp).
  [[nodiscard]] std::string uuid_of(const verification_id& id) const { return to_uuid(index_, id); }
  [[nodiscard]] std::optional<std::uint64_t> nonce_of(const record_key& record, std::string_view uuid) const {
    return nonce_of_uuid(index_, record, uuid);
  }

  [[nodiscard]] std::string seal_address(const record_key& record, std::uint64_t nonce,
                                         std::string_view address);
  // The recipient's channel and address only; nothing if it was altered.
  [[nodiscard]] std::optional<recipient> open_address(const record_key& record, const verification& one);

  [[nodiscard]] code code_of(const record_key& record, std::uint64_t nonce, std::uint8_t generation,
                             const profile& policy) const;

  [[nodiscard]] std::string seal_id(const verification_id& id) { return otp::seal_id(identity_, id); }
  [[nodiscard]] std::optional<verification_id> open_id(std::string_view text) {
    return otp::open_id(identity_, text);
  }

  // The words of one send of a verification: sealed once, since a send is put into the outbox once.
  [[nodiscard]] std::string seal_words(const record_key& record, std::uint64_t nonce, std::uint8_t send,
                                       std::string_view words);
  [[nodiscard]] std::optional<std::string> open_words(const record_key& record, std::uint64_t nonce,
                                                      std::uint8_t send, std::string_view sealed);

  [[nodiscard]] std::string seal_reference(const send_reference& name) {
    return otp::seal_reference(reference_, name);
  }
  [[nodiscard]] std::optional<send_reference> open_reference(std::string_view text) {
    return otp::open_reference(reference_, text);
  }

  // The name of a bucket outside the record.
  [[nodiscard]] std::array<std::uint8_t, 16> bucket_name(limit_kind kind, bool is_v6, std::uint64_t what);

 private:
  [[nodiscard]] crypto::secret_key verification_key(const record_key& record, std::uint64_t nonce) const;

  crypto::mac_key index_;
  crypto::mac_key code_;
  crypto::mac_key seal_;
  crypto::block_cipher identity_;
  crypto::block_cipher limit_;
  crypto::block_cipher reference_;
  crypto::sealer sealer_;
};

}  // namespace otpd::otp
