#include "otp/budgets.hpp"

#include <charconv>

namespace otpd::otp {

namespace {

constexpr std::size_t hidden_digits = 4;

// A phone number without its last four digits; at most 11 digits.
std::uint64_t number_prefix(std::string_view e164) {
  std::uint64_t value = 0;
  if (e164.size() > hidden_digits + 1)
    std::from_chars(e164.data() + 1, e164.data() + e164.size() - hidden_digits, value);
  return value;
}

// Two letters, or "001".
std::uint64_t country_number(std::string_view country) {
  std::uint64_t value = 0;
  for (const char c : country.substr(0, 8))
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

limit client_budget(vault& names, limit_kind kind, const caller::network& client, const rate& allowed) {
  return {kind, names.bucket_name(kind, client.is_v6, client.prefix), allowed};
}

}  // namespace

std::vector<limit> send_budgets(vault& names, const limits_options& rates, const recipient& to,
                                const caller& by) {
  std::vector<limit> out;
  out.reserve(5);
  const auto add = [&](limit_kind kind, std::uint64_t what, const rate& allowed) {
    out.push_back({kind, names.bucket_name(kind, false, what), allowed});
  };
  if (by.client) out.push_back(client_budget(names, limit_kind::client_ip, *by.client, rates.client_ip));
  if (to.channel == channel::sms) {
    add(limit_kind::prefix, number_prefix(to.address), rates.prefix);
    add(limit_kind::country, country_number(to.country), rates.country);
  }
  if (by.api_key != 0) add(limit_kind::api_key, by.api_key, rates.api_key);
  add(limit_kind::server, 0, rates.server);
  return out;
}

std::vector<limit> failure_budgets(vault& names, const limits_options& rates, const caller& by) {
  if (!by.client) return {};
  return {client_budget(names, limit_kind::failures_per_ip, *by.client, rates.failures_per_ip)};
}

}  // namespace otpd::otp
