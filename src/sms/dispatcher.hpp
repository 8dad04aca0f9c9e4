#pragma once

#include <map>
#include <span>
#include <string>
#include <variant>

#include "net/http_client.hpp"
#include "otp/ports.hpp"
#include "sms/console.hpp"
#include "sms/message_book.hpp"
#include "sms/observer.hpp"
#include "sms/provider.hpp"

namespace otpd::sms {

// Nothing serves the channel.
struct channel_off {};
// The channel is served, but nothing is sent: the caller of the API delivers the code itself, or nobody does
// (tests, benchmarks).
struct channel_silent {};

// What one channel uses. What is pointed to outlives the dispatcher and may be shared by the dispatchers of
// all loops.
struct outlet {
  std::string name;  // the provider's, for the observer
  std::variant<channel_off, channel_silent, console*, const provider*> by = channel_off{};
};

struct outlets {
  outlet sms;
  outlet email;
};

// Renders a message and hands it to its channel's provider. One instance per event loop, not thread-safe.
class dispatcher final : public otp::sender {
 public:
  // Reads the templates of `profiles`; throws std::invalid_argument that begins with the profile's name.
  // `client` and `watcher` outlive the dispatcher and its tasks.
  dispatcher(std::span<const otp::profile> profiles, outlets use, net::http_client& client,
             observer& watcher);

  [[nodiscard]] bool serves(otp::channel kind) const noexcept override;
  [[nodiscard]] bool sends(otp::channel kind) const noexcept override;
  // failed/misconfigured, and no attempt, if the message's profile is not one of `profiles`, its code has
  // other characters than letters and digits, or nothing sends on the channel.
  task<otp::delivery_report> send(const otp::outgoing& message) override;

 private:
  [[nodiscard]] const outlet& outlet_of(otp::channel kind) const noexcept;
  task<void> hand_over(const provider& codec, rendered_message message, attempt& report);

  std::map<std::string, message_book, std::less<>> books_;  // by profile
  outlets outlets_;
  net::http_client& client_;
  observer& observer_;
};

}  // namespace otpd::sms
