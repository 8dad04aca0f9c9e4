#pragma once

// The types of providers: each a file provider_<type>.cpp with its table of keys, known to providers.cpp by
// one line.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"
#include "config/value.hpp"
#include "sms/option_fault.hpp"

namespace otpd {

struct provider_kind {
  std::string_view name;  // as in type = "name"
  provider_type type;
  std::span<const config_key<provider_config>> keys;  // beside `type`; a table's own keys are for `list`
  // Holds values against each other that are right one by one; `table` is [providers.NAME]. May be null.
  void (*check)(const config_value& table, const provider_config& provider,
                std::vector<std::string>& warnings) = nullptr;
  // Appends the keys of those of `keys` that are tables: "providers.NAME.failures.status". May be null.
  void (*list_tables)(std::vector<std::string>& out) = nullptr;
};

extern const provider_kind console_provider;
extern const provider_kind null_provider;
extern const provider_kind http_provider;
extern const provider_kind twilio_provider;
extern const provider_kind mshastra_provider;
extern const provider_kind vonage_provider;
extern const provider_kind inbox_provider;
extern const provider_kind smtp_provider;

// True if such a provider takes the messages of this channel.
[[nodiscard]] bool carries(provider_type type, otp::channel channel);

// ---- what several of them share
// ----------------------------------------------------------------------------------------------------------

// What must be written as {file = "..."} or {env = "..."}: at most `high` bytes, not empty.
[[nodiscard]] std::string read_secret(const config_value& v, std::size_t high);

// Refuses, at its key, what a check of options found; "auth.token" is the key token of the table auth.
void refuse_fault(const config_value& table, const sms::option_check& fault);

// Warns if `url` is http:// to another machine.
void warn_of_plain_http(const config_value& table, const std::string& url,
                        std::vector<std::string>& warnings);

// The keys of a call to somebody's API; `Of` is the member of type sms::endpoint_options, or of one with the
// same fields, as a function.
template <auto Of>
inline constexpr std::array<config_key<provider_config>, 6> endpoint_keys{{
    {"url", [](const config_value& v, provider_config& p) { Of(p).url = v.text_or_secret(2000); }},
    {"connect_timeout",
     [](const config_value& v, provider_config& p) {
       Of(p).connect_timeout = v.duration(std::chrono::milliseconds{100}, std::chrono::seconds{60});
     }},
    {"timeout",
     [](const config_value& v, provider_config& p) {
       Of(p).timeout = v.duration(std::chrono::milliseconds{100}, std::chrono::seconds{120});
     }},
    {"max_connections",
     [](const config_value& v, provider_config& p) { Of(p).max_connections = v.integer(1U, 4096U); }},
    {"ca_file", [](const config_value& v, provider_config& p) { Of(p).ca_file = v.readable_file(); }},
    {"insecure", [](const config_value& v, provider_config& p) { Of(p).insecure = v.boolean(); }},
}};

// Of every provider that has a breaker.
inline constexpr std::array<config_key<provider_config>, 1> breaker_keys{{
    {"breaker_per_country",
     [](const config_value& v, provider_config& p) { p.breaker_per_country = v.boolean(); }},
}};

// Two tables as one.
template <std::size_t N, std::size_t M>
constexpr std::array<config_key<provider_config>, N + M> both(
    const std::array<config_key<provider_config>, N>& a,
    const std::array<config_key<provider_config>, M>& b) {
  std::array<config_key<provider_config>, N + M> out{};
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), out.begin()));
  return out;
}

}  // namespace otpd
