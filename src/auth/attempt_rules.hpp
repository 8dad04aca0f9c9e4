#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/attempt_policy.hpp"
#include "auth/refusal.hpp"
#include "otp/bucket.hpp"

namespace otpd::auth {

// The failures of somebody, in the store (table `sessions`):
//
//   02 | in a row 2 | in flight 2 | charged at 8 | blocked until 8 (0: not) | bucket 8
struct attempt_record {
  std::uint16_t in_a_row = 0;    // failures
  std::uint16_t in_flight = 0;   // charged, and not judged yet
  otp::instant charged_at{};     // the last of these
  otp::instant blocked_until{};  // otp::never: until somebody unlocks
  otp::bucket failures;

  [[nodiscard]] bool operator==(const attempt_record&) const = default;
};

// All pure: of the record and the moment alone. An attempt is charged, then judged, then settled.

// Refuses with blocked; or with overloaded where nothing but attempts in flight is in the way, which may turn
// out right. `running_since`: what was charged before that was left in flight by a process that died.
[[nodiscard]] outcome<void> charge(attempt_record& record, const attempt_policy& policy, otp::instant now,
                                   otp::instant running_since);
// The charged attempt failed. Enough of them in a row block.
void fail(attempt_record& record, const attempt_policy& policy, otp::instant now);
// The charged attempt succeeded: what is in a row is forgotten, and a block with it.
void succeed(attempt_record& record, const attempt_policy& policy);
// The charged attempt was not judged.
void give_back(attempt_record& record, const attempt_policy& policy);
// From when on the record says nothing.
[[nodiscard]] otp::instant forgettable_at(const attempt_record& record, otp::instant now);

[[nodiscard]] std::string encode(const attempt_record& record);
// Nothing: another format.
[[nodiscard]] std::optional<attempt_record> decode_attempts(std::string_view bytes);

}  // namespace otpd::auth
