#include "otp/vault.hpp"

#include <algorithm>
#include <cstring>

namespace otpd::otp {

namespace {
// Sends are counted from 1; 0 is the address.
crypto::sealer::nonce words_nonce(std::uint8_t send) {
  crypto::sealer::nonce out{};
  out[0] = send;
  return out;
}
}  // namespace

vault::vault(const crypto::key_ring& ring)
    : index_(ring.index),
      code_(ring.code),
      seal_(ring.seal),
      identity_(ring.identity),
      limit_(ring.limit),
      reference_(ring.reference) {}

record_key vault::record_of(const recipient& to) const {
  return row_of_mac(table::recipients, index_.sign(to.mailbox));
}

std::uint32_t vault::tag_of(const recipient& to, std::string_view variant) const {
  if (to.address == to.mailbox && variant.empty()) return 0;
  std::string what = "address " + to.address;
  if (!variant.empty()) what.append(1, '\0').append(variant);
  const crypto::digest mac = index_.sign(what);
  std::uint32_t tag = 0;
  std::memcpy(&tag, mac.data(), sizeof tag);
  return tag;
}

// Each verification seals under a key of its own: its address with nonce zero, the words of its sends with
// the send's number.
crypto::secret_key vault::verification_key(const record_key& record, std::uint64_t nonce) const {
  std::array<std::uint8_t, 24> message{};
  std::ranges::copy(record.bytes, message.begin());
  std::memcpy(message.data() + record.bytes.size(), &nonce, sizeof nonce);
  return crypto::secret_key(seal_.sign(message));
}

std::string vault::seal_address(const record_key& record, std::uint64_t nonce, std::string_view address) {
  const crypto::secret_key key = verification_key(record, nonce);
  return sealer_.seal(key.bytes(), crypto::sealer::nonce{}, address);
}

std::string vault::seal_words(const record_key& record, std::uint64_t nonce, std::uint8_t send,
                              std::string_view words) {
  const crypto::secret_key key = verification_key(record, nonce);
  return sealer_.seal(key.bytes(), words_nonce(send), words);
}

std::optional<std::string> vault::open_words(const record_key& record, std::uint64_t nonce, std::uint8_t send,
                                             std::string_view sealed) {
  const crypto::secret_key key = verification_key(record, nonce);
  return sealer_.open(key.bytes(), words_nonce(send), sealed);
}

std::optional<recipient> vault::open_address(const record_key& record, const verification& one) {
  const crypto::secret_key key = verification_key(record, one.nonce);
  auto address = sealer_.open(key.bytes(), crypto::sealer::nonce{}, one.sealed_address);
  if (!address) return std::nullopt;
  recipient to;
  // Not the verification's: that says how the code went.
  to.channel = address->find('@') == std::string::npos ? channel::sms : channel::email;
  to.address = *std::move(address);
  return to;
}

code vault::code_of(const record_key& record, std::uint64_t nonce, std::uint8_t generation,
                    const profile& policy) const {
  return derive_code(code_, record, nonce, generation, policy.alphabet, policy.code_length);
}

std::array<std::uint8_t, 16> vault::bucket_name(limit_kind kind, bool is_v6, std::uint64_t what) {
  crypto::block name{};
  name[0] = static_cast<std::uint8_t>(kind);
  name[1] = is_v6 ? 1 : 0;
  std::memcpy(name.data() + 8, &what, sizeof what);
  return limit_.encrypt(name);
}

}  // namespace otpd::otp
