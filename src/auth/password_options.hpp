#pragma once

#include <cstddef>
#include <cstdint>

namespace otpd::auth {

// Argon2id (RFC 9106). The defaults are OWASP's least (Password Storage Cheat Sheet).
struct password_options {
  std::uint32_t memory_kib = 19'456;  // 8..1,048,576
  std::uint32_t iterations = 2;       // 1..100
  std::size_t threads = 1;            // passwords hashed at once, 1..16; each takes memory_kib
  std::size_t max_queued = 64;        // waiting; beyond it they are refused
  std::size_t min_length = 6;         // characters of a new password, 1..128
};

}  // namespace otpd::auth
