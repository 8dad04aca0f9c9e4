#include "otp/limiter.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace otpd::otp {

namespace {
constexpr std::size_t probe = 8;

std::size_t hash_of(const std::array<std::uint8_t, 16>& key) {
  std::size_t hash = 0;
  std::memcpy(&hash, key.data(), sizeof hash);
  return hash;
}
}  // namespace

std::string_view to_string(limit_kind kind) noexcept {
  switch (kind) {
    case limit_kind::client_ip:
    case limit_kind::failures_per_ip:
      return "client_ip";
    case limit_kind::prefix:
      return "prefix";
    case limit_kind::country:
      return "country";
    case limit_kind::api_key:
      return "api_key";
    case limit_kind::server:
      return "server";
  }
  return "server";
}

limiter::limiter(std::size_t capacity) : slots_(capacity) {
  assert(std::has_single_bit(capacity) && capacity >= probe);
}

limiter::slot* limiter::held(const std::array<std::uint8_t, 16>& key) {
  const std::size_t first = hash_of(key);
  for (std::size_t i = 0; i < probe; ++i) {
    slot& each = slots_[(first + i) & (slots_.size() - 1)];
    if (each.key == key) return &each;
  }
  return nullptr;
}

limiter::slot& limiter::find(const std::array<std::uint8_t, 16>& key) {
  if (slot* here = held(key)) return *here;
  const std::size_t mask = slots_.size() - 1;
  const std::size_t first = hash_of(key);
  slot* nearest_full = &slots_[first & mask];
  for (std::size_t i = 1; i < probe; ++i) {
    slot& each = slots_[(first + i) & mask];
    if (each.state.theoretical_arrival_us() < nearest_full->state.theoretical_arrival_us())
      nearest_full = &each;
  }
  *nearest_full = slot{key, bucket{}, false};
  return *nearest_full;
}

std::optional<refusal> limiter::admit(std::span<const limit> limits, instant now) {
  const std::lock_guard lock(mutex_);
  std::optional<refusal> refused;
  for (const limit& each : limits) {
    const slot* known = held(each.bucket);
    const auto wait = known != nullptr ? known->state.wait(now, each.rate) : std::nullopt;
    if (!wait) continue;
    if (!refused) refused = refusal{errc::rate_limited, *wait, to_string(each.kind)};
    refused->retry_after = std::max(refused->retry_after, *wait);
  }
  if (refused) return refused;
  for (const limit& each : limits) {
    slot& one = find(each.bucket);
    // It has one: that was seen a moment ago under the same lock, and a bucket that a neighbour displaced is
    // full.
    static_cast<void>(one.state.take(now, each.rate));
    one.changed = true;
  }
  return std::nullopt;
}

void limiter::give_back(std::span<const limit> limits) {
  const std::lock_guard lock(mutex_);
  for (const limit& each : limits) {
    slot* one = held(each.bucket);
    if (one == nullptr) continue;
    one->state.give_back(each.rate);
    one->changed = true;
  }
}

std::vector<limiter::stored> limiter::take_changed(instant worth_from, std::size_t most) {
  std::vector<stored> out;
  for (std::size_t seen = 0; seen < slots_.size() && out.size() < most; seen += probe * 256) {
    // In pieces, so that no request waits for the whole table.
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < probe * 256 && out.size() < most; ++i) {
      slot& each = slots_[next_changed_];
      next_changed_ = (next_changed_ + 1) & (slots_.size() - 1);
      if (!each.changed) continue;
      each.changed = false;
      if (!each.state.is_full(worth_from)) out.push_back({{table::limits, each.key}, each.state});
    }
  }
  return out;
}

void limiter::restore(const record_key& key, bucket state) {
  const std::lock_guard lock(mutex_);
  find(key.bytes).state = state;
}

}  // namespace otpd::otp
