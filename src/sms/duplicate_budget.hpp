#pragma once

#include <atomic>
#include <cstdint>

namespace otpd::sms {

// How many messages may go to a second provider although the first may have sent them (RELIABILITY S3): 2 %
// of all, kept up to 256. It begins full, so that what is under way when a provider goes dark can fail over.
// Thread-safe, without locks; one for all loops and providers.
class duplicate_budget {
 public:
  // Once for each message.
  void count_message() noexcept;
  // True and taken, or false and unchanged.
  [[nodiscard]] bool take() noexcept;
  // What was taken and not used.
  void give_back() noexcept;

 private:
  void add(std::int64_t thousandths) noexcept;

  static constexpr std::int64_t one = 1'000;
  static constexpr std::int64_t most = 256 * one;
  std::atomic<std::int64_t> left_{most};  // thousandths
};

}  // namespace otpd::sms
