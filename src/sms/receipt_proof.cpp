#include "sms/receipt_proof.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/secret.hpp"
#include "net/ascii.hpp"

namespace otpd::sms {

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

bool is_fresh(std::string_view unix_time, std::chrono::sys_seconds now) noexcept {
  std::uint32_t seconds = 0;
  const char* const end = unix_time.data() + unix_time.size();
  const auto [stop, error] = std::from_chars(unix_time.data(), end, seconds);
  if (error != std::errc{} || stop != end) return false;
  const auto age = now - std::chrono::sys_seconds{std::chrono::seconds{seconds}};
  return age <= receipt_skew && age >= -receipt_skew;
}

bool equal_secrets(std::string_view a, std::string_view b) noexcept {
  return crypto::constant_time_equal(bytes_of(a), bytes_of(b));
}

bool is_reference(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    const char low = net::to_lower(c);
    return net::is_digit(c) || (low >= 'a' && low <= 'z') || c == '-' || c == '_';
  });
}

receipt receipt_of(const std::string* reference, otp::delivery state) {
  if (reference == nullptr || !is_reference(*reference)) return {};
  return {*reference, state};
}

std::string_view only_field(const net::request& in, std::string_view name) noexcept {
  return in.field_count(name) == 1 ? in.field_value(name) : std::string_view{};
}

}  // namespace otpd::sms
