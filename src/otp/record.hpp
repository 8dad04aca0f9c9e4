#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "otp/bucket.hpp"
#include "otp/channel.hpp"
#include "otp/ports.hpp"
#include "otp/time.hpp"

namespace otpd::otp {

// The numbers are stored; `expired` is never stored, time makes it.
enum class status : std::uint8_t {
  pending = 0,
  approved = 1,
  canceled = 2,
  expired = 3,
  max_attempts_reached = 4
};

[[nodiscard]] std::string_view to_string(status value) noexcept;
[[nodiscard]] std::string_view to_string(delivery value) noexcept;

// One code on its way to one address.
struct verification {
  std::uint64_t nonce = 0;  // random; names the verification within its recipient
  std::uint32_t tag = 0;    // tells the verifications of one subject apart (vault::tag_of)
  std::uint32_t epoch = 0;  // recovery epoch of its making
  otp::channel channel = channel::sms;
  status state = status::pending;
  otp::delivery delivery = delivery::none;  // of the newest send; read it with delivery_at()
  std::uint8_t attempts = 0;                // wrong answers so far
  std::uint8_t attempts_allowed = 0;
  std::uint8_t sends = 0;
  std::uint8_t sends_allowed = 0;
  std::uint8_t generation = 0;  // raised when a resend makes a new code
  bool is_test = false;         // of a test recipient: nothing is sent, the code is fixed
  std::uint32_t provider = 0;   // provider_tag() of who accepted the newest send that was accepted; 0: nobody
  instant delivery_since{};     // when the newest send began
  instant created{};
  instant expires{};
  std::string sealed_address;

  [[nodiscard]] bool operator==(const verification&) const = default;
};

// A recipient under one profile and purpose: the budgets that outlive its verifications.
struct subject {
  std::string profile;
  std::string purpose;
  bucket sends;
  bucket failures;                         // evaluated wrong answers
  std::uint16_t consecutive_failures = 0;  // wrong answers since the last right one
  instant next_send{};
  std::vector<verification> verifications;  // oldest first

  [[nodiscard]] bool operator==(const subject&) const;
};

// All that is known of one recipient: one record, one key, so that issue and check are one read-modify-write
// each and every budget survives resend, cancel, expiry and restart.
struct recipient_record {
  bucket day;  // sends over all profiles
  std::vector<subject> subjects;

  [[nodiscard]] bool operator==(const recipient_record&) const;
};

inline constexpr std::size_t max_subjects = 16;
inline constexpr std::size_t max_verifications = 8;
// Of one verification, those included that may never have left.
inline constexpr std::uint8_t most_sends = 20;
// How long a verification stays readable after its expiry.
inline constexpr milliseconds retention{std::chrono::minutes(10)};

}  // namespace otpd::otp
