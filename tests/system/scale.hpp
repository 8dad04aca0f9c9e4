#pragma once

namespace otpd::test {

#if defined(OTPD_SANITIZED) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

// The full number in a release or dev build, less where every step is slow.
[[nodiscard]] constexpr int scaled(int full, int under_sanitizers) {
  return sanitized ? under_sanitizers : full;
}

}  // namespace otpd::test
