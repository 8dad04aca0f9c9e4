#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "otp/budgets.hpp"
#include "otp/limiter.hpp"
#include "otp/limits_options.hpp"
#include "otp/ports.hpp"
#include "otp/profile.hpp"
#include "otp/queued_send.hpp"
#include "otp/record.hpp"
#include "otp/refusal.hpp"
#include "otp/rules.hpp"
#include "otp/test_recipient.hpp"
#include "otp/vault.hpp"

namespace otpd::otp {

struct issue_request {
  std::string_view to;
  std::optional<otp::channel> channel;  // nothing: from `to`
  std::string_view profile;
  std::string_view purpose;
  std::string_view locale;  // empty: the profile's
  std::vector<message_value> parameters;
  otp::caller caller;
  std::string_view fallback_to = {};  // an e-mail address that gets the code if no text message can be sent
  std::string_view variant = {};      // tells a subject's verifications apart: a check must name the same one
};

struct resend_request {
  std::string_view id;
  std::string_view locale;  // empty: the profile's
  std::vector<message_value> parameters;
  otp::caller caller;
  std::string_view fallback_to = {};  // as in issue_request
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
  bool is_test = false;  // of a test recipient
};

struct check_view {
  bool valid = false;
  verification_view verification;
  std::optional<recipient> proven = {};  // valid: whose address it is, unmasked; nothing where the
                                         // code went to what stands in for it
};

// What every loop's verifier shares. All outlive it.
struct verifier_parts {
  otp::store& store;
  const otp::clock& clock;
  otp::limiter& limiter;
  const std::vector<profile>& profiles;
  const limits_options& limits;
  std::span<const test_recipient> test_recipients = {};
};

// What became of a queued send.
struct queue_step {
  bool done = true;           // false: it is still in the outbox
  milliseconds try_again{0};  // not done: in so long
};

// The use cases. One per event loop: its tasks run on that loop. Views passed in live until the task ends.
class verifier {
 public:
  // With a `queue`, a message is sent by whoever takes it from there; without one, before issue() and
  // resend() end. All outlive the verifier.
  verifier(const verifier_parts& parts, const crypto::key_ring& ring, entropy& random, otp::sender& sender,
           send_queue* queue = nullptr);

  // Makes a verification, or sends the pending one of a shared profile again; if its message is under way,
  // the caller shares that one. Returns once it is durable and, without a queue, a provider has answered.
  // Refuses with any errc that is about a new send.
  task<outcome<verification_view>> issue(issue_request request);
  // Judges one code. Refuses, without a charge, what cannot be judged; the verdict is durable when it is
  // returned.
  task<outcome<check_view>> check(std::string_view id, std::string_view code, caller by);
  // The same for the newest verification of a recipient, in a shared profile.
  task<outcome<check_view>> check_recipient(std::string_view to, std::string_view code,
                                            std::string_view profile, std::string_view purpose, caller by,
                                            std::string_view variant = {});
  // The same for the verification of a recipient that has this UUID (uuid_of()), in any kind of profile.
  task<outcome<check_view>> check_uuid(std::string_view to, std::string_view uuid, std::string_view code,
                                       std::string_view profile, caller by);
  // A UUID for an id of ours; empty: it is none.
  [[nodiscard]] std::string uuid_of(std::string_view id);
  task<outcome<verification_view>> resend(resend_request request);
  task<outcome<verification_view>> find(std::string_view id);
  task<outcome<verification_view>> cancel(std::string_view id);
  // Forgets the wrong answers counted for a recipient; in all profiles if `profile` is empty.
  task<outcome<void>> unlock(std::string_view to, std::string_view profile);

  // What providers report of the send that `reference` names: durable when it returns. An unknown, late or
  // repeated one changes nothing. Refuses with store_unavailable, also while the send's own outcome is not
  // stored yet: the provider shall report again.
  task<outcome<void>> receive(std::string_view reference, std::uint32_t provider, delivery state);

  // The send of an outbox row that an earlier process has left; nothing if nothing can be made of it, and
  // then the row goes when the code expires. Refuses with store_unavailable: ask again.
  task<outcome<std::optional<queued_send>>> restore(std::string row);
  // Sends what is in the outbox, once: the claim is durable before a provider is asked.
  task<queue_step> send_queued(queued_send what);

 private:
  // A send that now goes out.
  struct sending {
    queued_send what;
    std::uint8_t generation = 0;
    std::uint32_t avoid = 0;
  };
  // What a rule has decided: where, and whether a message goes out for it.
  struct ruled_send {
    place where;
    bool is_new = true;
  };
  using send_rule = std::function<outcome<ruled_send>(recipient_record&, const moment&)>;
  using day_rule = std::function<bool(recipient_record&, const moment&)>;
  using find_rule = std::function<place(recipient_record&, const moment&)>;

  [[nodiscard]] const otp::profile* find_profile(std::string_view name) const;
  // `masked`: the recipient, where it is known already; else it is opened.
  [[nodiscard]] verification_view view(const record_key& record, const place& what, std::string masked,
                                       const moment& at);
  [[nodiscard]] verification_view view(const record_key& record, const place& what, const moment& at);
  // The address that stands in for `to`; nothing if none is given. Refuses what is none, and what the profile
  // does not send to.
  [[nodiscard]] outcome<std::optional<recipient>> fallback_of(std::string_view text, const recipient& to,
                                                              const profile& policy) const;
  // Nothing: a message to the recipient, or to what stands in for it, may be tried now.
  [[nodiscard]] std::optional<milliseconds> blocked_for(const queued_send& what) const;
  // False: no mail goes to the address that stands in for the phone.
  task<bool> prepare_fallback(const queued_send& what);
  task<void> give_fallback_back(const recipient& to);
  // False: the rule refused, or the store did.
  task<bool> change_day(const recipient& to, day_rule change);
  [[nodiscard]] delivery initial_delivery(const queued_send& what, bool is_test) const;
  [[nodiscard]] const test_recipient* find_test(const recipient& to) const;
  [[nodiscard]] bool is_right(const record_key& record, const verification& one, const profile& policy,
                              const std::optional<recipient>& to, std::string_view code) const;
  // Nothing, or why this message cannot be sent now; nothing is charged yet.
  [[nodiscard]] std::optional<refusal> why_not_now(const queued_send& what, delivery initial) const;
  // Takes the budgets, runs the rule, and gives the budgets back if nothing new is sent.
  task<outcome<verification_view>> send(queued_send what, send_rule rule, caller by);
  task<outcome<verification_view>> deliver(verification_view made, sending now);
  task<delivery_report> hand_over(const sending& now);
  void put_into_outbox(const queued_send& what, write_set& out);
  task<outcome<check_view>> judge(record_key record, find_rule find_it, std::string_view code, caller by);

  verifier_parts parts_;
  entropy& random_;
  otp::sender& sender_;
  send_queue* queue_;
  vault vault_;
};

}  // namespace otpd::otp
