#pragma once

#include <functional>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "otp/ports.hpp"
#include "sms/carrier.hpp"
#include "sms/delivery_plan.hpp"
#include "sms/message_book.hpp"
#include "sms/observer.hpp"
#include "sms/route_table.hpp"

namespace otpd::sms {

// One configured provider as one loop has it. What is pointed to outlives the dispatcher.
struct outlet {
  std::string name;                   // in the configuration
  carrier* by = nullptr;              // of this loop
  provider_health* health = nullptr;  // of all loops
  std::string callback;               // where its receipts go, "{}" for the reference; empty: it sends none
};

// What the dispatchers of all loops share; it outlives them.
struct dispatch_plan {
  std::map<std::string, message_book, std::less<>> books;  // by profile
  route_table routes;
  duplicate_budget duplicates;
  sms::on_ambiguous on_ambiguous = on_ambiguous::failover;
  std::chrono::milliseconds sms_deadline{15'000};  // for all attempts of one message
  std::chrono::milliseconds email_deadline{30'000};
  std::function<std::chrono::sys_seconds()> wall;  // thread-safe
};

// Renders a message and takes it through its route (delivery_plan). One instance per event loop, not
// thread-safe.
class dispatcher final : public otp::sender {
 public:
  // `outlets` by the numbers that routes name. `common` and `watcher` outlive the dispatcher and its tasks.
  dispatcher(dispatch_plan& common, std::vector<outlet> outlets, observer& watcher);

  [[nodiscard]] bool serves(const otp::recipient& to, std::string_view profile) const noexcept override;
  [[nodiscard]] bool sends(const otp::recipient& to, std::string_view profile) const noexcept override;
  [[nodiscard]] otp::parameter_verdict accepts(const otp::outgoing& message) const override;
  [[nodiscard]] std::optional<std::chrono::milliseconds> blocked_for(const otp::recipient& to,
                                                                     std::string_view profile) const override;
  void on_approved(std::uint32_t provider, std::string_view country) noexcept override;
  // failed/misconfigured, and no attempt, if the message's profile is not known, its code has other
  // characters than letters and digits, a parameter is wrong, or nothing sends to the recipient.
  task<otp::delivery_report> send(const otp::outgoing& message) override;

 private:
  [[nodiscard]] double random() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  [[nodiscard]] plan_options options_for(const otp::outgoing& message, const route& way) const;
  [[nodiscard]] otp::delivery_report report_of(const delivery_plan::done& end, const route& way) const;
  void tell(const std::vector<delivery_plan::change>& changes, const route& way);
  task<void> attempt_once(const delivery_plan::attempt& step, const outlet& by, rendered_message message,
                          std::string_view country, delivery_plan& plan);

  dispatch_plan& common_;
  std::vector<outlet> outlets_;
  observer& observer_;
  std::minstd_rand random_;  // jitter, nothing secret
};

}  // namespace otpd::sms
