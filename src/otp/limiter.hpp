#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "otp/bucket.hpp"
#include "otp/ports.hpp"
#include "otp/refusal.hpp"

namespace otpd::otp {

// What a bucket outside the recipient's record counts. The numbers are part of the stored keys.
enum class limit_kind : std::uint8_t {
  client_ip = 1,
  prefix = 2,
  country = 3,
  api_key = 4,
  server = 5,
  failures_per_ip = 6
};

[[nodiscard]] std::string_view to_string(limit_kind kind) noexcept;

// One bucket that a request must pass. `bucket` is a keyed hash of what it counts.
struct limit {
  limit_kind kind;
  std::array<std::uint8_t, 16> bucket;
  otp::rate rate;
};

// The buckets that live in memory: bounded, shared by all loops, written to the store each second by whoever
// owns it. A crash loses what the last second took.
//
// A fixed table of slots; a new bucket takes the place of one that is full again, or, if there is none among
// its `probe` neighbours, of the one that is nearest to full.
class limiter {
 public:
  // `capacity` slots of 32 bytes; a power of two.
  explicit limiter(std::size_t capacity);

  // Takes one from every bucket, or from none: then the refusal names the first that refused and waits for
  // the slowest, and the table is as it was.
  [[nodiscard]] std::optional<refusal> admit(std::span<const limit> limits, instant now);
  // Gives back what admit() took; nothing where the bucket was forgotten meanwhile.
  void give_back(std::span<const limit> limits);

  struct stored {
    record_key key;
    bucket state;
  };
  // The buckets that changed since the last call and will not be full again by `worth_from`; at most `most`.
  [[nodiscard]] std::vector<stored> take_changed(instant worth_from, std::size_t most);
  // Puts a stored bucket back, at start-up.
  void restore(const record_key& key, bucket state);

 private:
  struct slot {
    std::array<std::uint8_t, 16> key{};
    bucket state;
    bool changed = false;
  };

  // The bucket's slot, or nothing: then it is full.
  [[nodiscard]] slot* held(const std::array<std::uint8_t, 16>& key);
  // The same, and a place is made for it if it has none.
  [[nodiscard]] slot& find(const std::array<std::uint8_t, 16>& key);

  std::mutex mutex_;
  std::vector<slot> slots_;
  std::size_t next_changed_ = 0;  // where take_changed() goes on
};

}  // namespace otpd::otp
