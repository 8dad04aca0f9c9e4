#pragma once

#include <filesystem>
#include <string_view>

#include "crypto/secret.hpp"

namespace otpd::crypto {

// The keys of one installation, each derived from the master key (HKDF-SHA256, RFC 5869) under a label of its
// own, so that none tells anything of another.
struct key_ring {
  explicit key_ring(const secret_key& master);

  secret_key index;      // record keys: a stolen store names no recipient
  secret_key code;       // codes
  secret_key identity;   // verification ids
  secret_key reference;  // names of sends, for providers and their receipts
  secret_key limit;      // names of the buckets outside a record
  secret_key seal;       // addresses that must be readable again
  secret_key account;    // record keys, ids and contents of accounts
  secret_key session;    // record keys of sessions, token families and failed attempts
  secret_key token;      // ids of tokens
  secret_key signing;    // what signing keys are derived from where none is configured
  secret_key check;      // proof, kept in the store, that it belongs to this master key
};

// 64 hex digits. Throws std::runtime_error saying what is wrong.
[[nodiscard]] secret_key parse_master_key(std::string_view hex);

// The master key of `file`, made there with mode 0600 if the file does not exist. Throws std::runtime_error
// if it cannot be read, is readable for others, or is not 64 hex digits.
[[nodiscard]] secret_key load_or_create_master_key(const std::filesystem::path& file);

}  // namespace otpd::crypto
