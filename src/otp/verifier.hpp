#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "otp/budgets.hpp"
#include "otp/limiter.hpp"
#include "otp/limits_options.hpp"
#include "otp/ports.hpp"
#include "otp/profile.hpp"
#include "otp/record.hpp"
#include "otp/refusal.hpp"
#include "otp/rules.hpp"
#include "otp/vault.hpp"

namespace otpd::otp {

struct issue_request {
  std::string_view to;
  std::optional<otp::channel> channel;  // nothing: from `to`
  std::string_view profile;
  std::string_view purpose;
  std::string_view locale;  // empty: the profile's
  otp::caller caller;
};

// What the outside may know of a verification.
struct verification_view {
  std::string id;
  otp::status status = status::pending;
  std::string masked_to;
  otp::channel channel = channel::sms;
  std::string profile;
  std::string purpose;
  instant created{};
  instant expires{};
  unsigned attempts_left = 0;
  unsigned sends = 0;
  std::optional<instant> next_send;
  otp::delivery delivery = delivery::none;
};

struct check_view {
  bool valid = false;
  verification_view verification;
};

// What every loop's verifier shares. All outlive it.
struct verifier_parts {
  otp::store& store;
  const otp::clock& clock;
  otp::limiter& limiter;
  const std::vector<profile>& profiles;
  const limits_options& limits;
};

// The use cases. One per event loop: its tasks run on that loop. Views passed in live until the task ends.
class verifier {
 public:
  verifier(const verifier_parts& parts, const crypto::key_ring& ring, entropy& random, otp::sender& sender);

  // Makes a verification, or sends the pending one of a shared profile again; returns once it is durable and
  // a provider has answered. Refuses with any errc that is about a new send.
  task<outcome<verification_view>> issue(issue_request request);
  // Judges one code. Refuses, without a charge, what cannot be judged; the verdict is durable when it is
  // returned.
  task<outcome<check_view>> check(std::string_view id, std::string_view code, caller by);
  // The same for the newest verification of a recipient, in a shared profile.
  task<outcome<check_view>> check_recipient(std::string_view to, std::string_view code,
                                            std::string_view profile, std::string_view purpose, caller by);
  task<outcome<verification_view>> resend(std::string_view id, caller by);
  task<outcome<verification_view>> find(std::string_view id);
  task<outcome<verification_view>> cancel(std::string_view id);
  // Forgets the wrong answers counted for a recipient; in all profiles if `profile` is empty.
  task<outcome<void>> unlock(std::string_view to, std::string_view profile);

 private:
  // A send that is durable and now goes out.
  struct sending {
    record_key record;
    recipient to;
    const otp::profile* profile = nullptr;
    std::string purpose;
    std::string locale;
    std::uint64_t nonce = 0;
    std::uint8_t send = 0;
    std::uint8_t generation = 0;
    std::chrono::seconds lifetime{};
  };
  using send_rule = std::function<outcome<place>(recipient_record&, const moment&)>;
  using find_rule = std::function<place(recipient_record&, const moment&)>;

  [[nodiscard]] const otp::profile* find_profile(std::string_view name) const;
  // `masked`: the recipient, where it is known already; else it is opened.
  [[nodiscard]] verification_view view(const record_key& record, const place& what, std::string masked,
                                       const moment& at);
  [[nodiscard]] verification_view view(const record_key& record, const place& what, const moment& at);
  // Takes the budgets, runs the rule, and gives the budgets back if it refused.
  task<outcome<verification_view>> send(sending what, send_rule rule, caller by);
  task<outcome<verification_view>> deliver(verification_view made, sending what);
  task<outcome<check_view>> judge(record_key record, find_rule find_it, std::string_view code, caller by);

  verifier_parts parts_;
  entropy& random_;
  otp::sender& sender_;
  vault vault_;
};

}  // namespace otpd::otp
