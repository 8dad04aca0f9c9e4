#pragma once

// What is decided, as plain functions of (state, input, now). None waits, reads a clock or draws a random
// number. A refused request leaves the record as it was.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "otp/profile.hpp"
#include "otp/record.hpp"
#include "otp/refusal.hpp"
#include "otp/time.hpp"

namespace otpd::otp {

// Where a verification stands at a moment: expiry and recovery epoch considered.
[[nodiscard]] status status_at(const verification& one, const moment& at);
// Where its newest send stands: what was under way when the process ended has no outcome any more, and what
// waits for a code that is no longer pending has failed.
[[nodiscard]] delivery delivery_at(const verification& one, const moment& at);
// The refusal that a verification which is no longer pending earns.
[[nodiscard]] errc closed_error(status state);

// A verification within its record. Valid until the record changes.
struct place {
  otp::subject* subject = nullptr;
  otp::verification* verification = nullptr;

  [[nodiscard]] explicit operator bool() const { return verification != nullptr; }
};
// The verification with this nonce.
[[nodiscard]] place find(recipient_record& record, std::uint64_t nonce);
// The newest pending verification of (profile, purpose, address); failing that, the newest of any status.
[[nodiscard]] place find(recipient_record& record, std::string_view profile, std::string_view purpose,
                         std::uint32_t tag, const moment& at);

// What a new verification is made of.
struct issue_input {
  const otp::profile& profile;
  std::string_view purpose;
  otp::channel channel;
  std::uint64_t nonce;  // fresh, random
  std::uint32_t tag;
  std::string_view sealed_address;
  delivery initial_delivery;
  rate per_day;  // sends to the recipient over all profiles
  bool is_test = false;
};
// A new verification, or another send of the pending one in a shared profile.
[[nodiscard]] outcome<place> issue(recipient_record& record, const issue_input& input, const moment& at);

// The pending verification of a shared profile whose message is under way at this moment: an issue that meets
// it shares that message, and nothing is charged. Nothing if there is none.
[[nodiscard]] place under_way(recipient_record& record, const issue_input& input, const moment& at);

// Another send of a pending verification.
[[nodiscard]] outcome<place> resend(recipient_record& record, place what, const otp::profile& profile,
                                    delivery initial_delivery, const rate& per_day, const moment& at);

// Charges and judges one answer: `right` says whether it was the code. Nothing was judged if it is refused.
// True: approved. False: a wrong answer, charged.
[[nodiscard]] outcome<bool> check(place what, bool right, const otp::profile& profile, const moment& at);

// Pending becomes canceled. Canceled stays so; any other status refuses.
[[nodiscard]] outcome<place> cancel(place what, const moment& at);

// The `send`-th send leaves the outbox: from now on it is `sending`. False: it shall not be sent, because the
// verification is no longer pending or not for two more seconds (then the send has failed), or a later send
// has begun.
[[nodiscard]] bool claim(place what, std::uint8_t send, const moment& at);
// It could not be begun after all and is in the outbox again. False: nothing to change.
[[nodiscard]] bool put_back(place what, std::uint8_t send, const moment& at);

// The `send`-th send goes to the e-mail address that stands in for the phone: from now on an approval proves
// that address. False: it shall not, because the verification is no longer pending or a later send has begun.
[[nodiscard]] bool divert(place what, std::uint8_t send, const moment& at);
// One message more to the recipient of `record`, for whom nothing is verified: it stands in for another one.
// False: the day's are used up.
[[nodiscard]] bool charge_fallback(recipient_record& record, const rate& per_day, const moment& at);
// A new send goes out by `by`. If the one before was diverted, its code ends: it was somebody else's.
void direct(place what, channel by);

// What a provider reports of the `send`-th send that it had accepted: `sent` becomes `delivered` or `failed`,
// and nothing else changes. False: nothing to change.
[[nodiscard]] bool receive(place what, std::uint8_t send, std::uint32_t provider, delivery state);

// The outcome of the `send`-th send. A failed one that never left gives its send back. False: nothing to
// change, for example because a later send has begun.
bool settle(recipient_record& record, place what, const otp::profile& profile, std::uint8_t send,
            const delivery_report& report, const rate& per_day);

// Forgets the wrong answers of a recipient: in one profile, or in all if `profile` is empty.
void unlock(recipient_record& record, std::string_view profile);

// Drops what no rule can see any more. Called by issue(), and by each transition before its rule and before
// writing.
void prune(recipient_record& record, instant now);
// From when on the whole record says nothing.
[[nodiscard]] instant forgettable_at(const recipient_record& record);
// The earliest moment of another send; nothing if the verification takes none.
[[nodiscard]] std::optional<instant> next_send(const place& what, const moment& at);

}  // namespace otpd::otp
