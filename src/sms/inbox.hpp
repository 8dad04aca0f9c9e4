#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sms/inbox_behaviour.hpp"
#include "sms/provider.hpp"

namespace otpd::sms {

// What became of a message that was handed to an inbox.
enum class inbox_outcome : std::uint8_t {
  accepted,  // it arrived, and the sender was told so
  late,      // it arrived, but the sender had given up waiting: a duplicate is possible
  refused,   // the sender was told why
  hung,      // the sender waited in vain
  dropped,   // the sender was told that it arrived, and it did not: never kept, only counted
};
[[nodiscard]] std::string_view to_string(inbox_outcome value) noexcept;

// One message as it was handed over. Long texts are cut at a character. All of it is wiped when it ends.
struct inbox_message {
  inbox_message(std::uint64_t number, std::int64_t at_ms, const rendered_message& from_whom,
                inbox_outcome outcome, otp::failure failure);
  inbox_message(const inbox_message&) = delete;
  inbox_message& operator=(const inbox_message&) = delete;
  ~inbox_message();

  const std::uint64_t number;  // from 1, within its inbox; the message id is "inbox-<number>"
  const std::int64_t at_ms;    // Unix time
  const otp::channel channel;
  const inbox_outcome outcome;
  const otp::failure failure;  // what the sender was told, or has to make of the silence
  std::string to, subject, text, html, code, locale, from, reference;
};

// How many messages had which outcome since the inbox was cleared.
struct inbox_counts {
  std::uint64_t accepted = 0, late = 0, refused = 0, hung = 0, dropped = 0;
};

// The box of one provider of a developer's machine: the last messages, in memory, and how it answers.
// Thread-safe; shared by the carriers of all loops.
class inbox {
 public:
  static constexpr std::size_t most_messages = 200;

  // `unix_ms` is the wall clock, thread-safe.
  explicit inbox(std::function<std::int64_t()> unix_ms) : unix_ms_(std::move(unix_ms)) {}
  inbox(const inbox&) = delete;
  inbox& operator=(const inbox&) = delete;

  // A message comes in.
  struct ticket {
    std::uint64_t number = 0;
    inbox_step step;
  };
  [[nodiscard]] ticket admit();
  // What became of it. A dropped one is counted and not kept; beyond most_messages the oldest leaves.
  void file(std::uint64_t number, const rendered_message& message, inbox_outcome outcome,
            otp::failure failure);

  // Newest first. What they point to never changes, and stays as long as anybody holds it.
  [[nodiscard]] std::vector<std::shared_ptr<const inbox_message>> messages() const;
  [[nodiscard]] inbox_counts counts() const;
  // Forgets messages and counts; numbers go on.
  void clear();

  // `count` tells how many messages are left; once there is none it is the ordinary behaviour.
  [[nodiscard]] inbox_behaviour behaviour() const;
  // `how` is sound: anything else is a bug, and changes nothing.
  void set_behaviour(const inbox_behaviour& how);

 private:
  std::function<std::int64_t()> unix_ms_;
  mutable std::mutex mutex_;
  inbox_behaviour behaviour_;
  std::uint64_t seen_ = 0;  // messages since the behaviour was set
  std::uint64_t last_number_ = 0;
  inbox_counts counts_;
  std::deque<std::shared_ptr<const inbox_message>> kept_;  // oldest first
};

}  // namespace otpd::sms
