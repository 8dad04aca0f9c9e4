#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "otp/channel.hpp"
#include "otp/ports.hpp"

namespace otpd::api {

// One message in an inbox. The views live as long as `kept`.
struct inbox_entry {
  std::string_view provider = {};
  std::uint64_t number = 0;  // within the provider; its message id is "inbox-<number>"
  std::int64_t at_ms = 0;    // Unix time
  otp::channel channel = otp::channel::sms;
  std::string_view outcome = {};  // static: accepted, late, refused or hung
  otp::failure failure = otp::failure::none;
  std::string_view to = {}, subject = {}, text = {}, html = {}, code = {}, locale = {}, from = {},
                   reference = {};
  std::shared_ptr<const void> kept = {};
};

// How an inbox answers. As it stands: every message is accepted at once.
struct inbox_behaviour {
  std::chrono::milliseconds delay{0};      // 0 to 60000
  otp::failure fail = otp::failure::none;  // at most one of fail, hang and drop
  bool hang = false;                       // never answers
  bool drop = false;                       // accepts, but the message never arrives
  std::uint32_t every = 1;                 // 1 to 1000000: only every n-th message
  std::uint32_t percent = 100;             // 0 to 100: and of those so many
  std::uint32_t count = 0;                 // 0 to 1000000: over after so many messages; 0: never

  [[nodiscard]] bool operator==(const inbox_behaviour&) const = default;
};

// How many messages had which outcome since the inbox was cleared.
struct inbox_counts {
  std::uint64_t accepted = 0, late = 0, refused = 0, hung = 0, dropped = 0;
};

// What the administration listener can ask of the inbox providers. Thread-safe. The names are those of the
// configuration (1 to 32 of a-z 0-9 _ -), always the same; the other calls are for one of them.
class inbox_desk {
 public:
  virtual ~inbox_desk() = default;
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
  // Newest first.
  [[nodiscard]] virtual std::vector<inbox_entry> messages(std::string_view name) const = 0;
  [[nodiscard]] virtual inbox_counts counts(std::string_view name) const = 0;
  // `count` tells how many messages are left of it.
  [[nodiscard]] virtual inbox_behaviour behaviour(std::string_view name) const = 0;
  virtual void set_behaviour(std::string_view name, const inbox_behaviour& how) = 0;
  // Forgets messages and counts.
  virtual void clear(std::string_view name) = 0;
};

}  // namespace otpd::api
