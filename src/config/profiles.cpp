#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include "config/sections.hpp"
#include "config/text.hpp"
#include "net/ascii.hpp"
#include "sms/allowed_text.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
using otp::profile;
using value = config_value;

// NIST SP 800-63B: six decimal digits (or 20 bits), ten minutes. With alphabets of ten characters and more
// the length alone is the bound, since 6 * log2(10) = 19.93.
constexpr std::uint8_t min_code_length = 6;
constexpr std::chrono::seconds max_lifetime = 10min;

constexpr std::array<std::pair<std::string_view, otp::sharing>, 2> sharings{
    {{"shared", otp::sharing::shared}, {"independent", otp::sharing::independent}}};
constexpr std::array<std::pair<std::string_view, otp::resend_policy>, 2> resends{
    {{"same", otp::resend_policy::same}, {"rotate", otp::resend_policy::rotate}}};
constexpr std::array<std::pair<std::string_view, otp::numbers>, 2> number_kinds{
    {{"valid", otp::numbers::valid}, {"possible", otp::numbers::possible}}};
constexpr std::array<std::pair<std::string_view, otp::yield>, 3> yields{
    {{"nothing", otp::yield::nothing}, {"account", otp::yield::account}, {"tokens", otp::yield::tokens}}};
constexpr std::array<std::pair<std::string_view, otp::channel>, 2> channel_names{
    {{"sms", otp::channel::sms}, {"email", otp::channel::email}}};

// ---- keys
// ------------------------------------------------------------------------------------------------------------

void read_app(const value& v, profile& out) {
  out.app = v.text(1, 200);
  if (!sms::is_allowed_name(out.app)) {
    v.refuse(in_quotes(out.app) +
             " must be 1 to 40 letters, digits, spaces and -_'&+!(),. that make no host name");
  }
}

void read_alphabet(const value& v, profile& out) {
  out.alphabet = v.text(0, 100);
  std::string sorted = out.alphabet;
  std::ranges::sort(sorted);
  const bool is_distinct = std::ranges::adjacent_find(sorted) == sorted.end();
  const bool is_alnum =
      std::ranges::all_of(sorted, [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
  if (sorted.size() < 10 || sorted.size() > 36 || !is_distinct || !is_alnum) {
    v.refuse(in_quotes(out.alphabet) + " must be 10 to 36 distinct characters of 0-9 A-Z a-z");
  }
}

void read_channels(const value& v, profile& out) {
  out.channels.clear();
  for (const auto& element : v.elements()) {
    const auto channel = element.one_of(channel_names);
    if (std::ranges::count(out.channels, channel) > 0) element.refuse("is there twice");
    out.channels.push_back(channel);
  }
  if (out.channels.empty()) v.refuse("must name \"sms\", \"email\" or both");
}

std::string read_country(const value& v) {
  std::string code = v.text(0, 100);
  if (!is_country(code))
    v.refuse(in_quotes(code) + " is not an ISO 3166 country code in capitals, such as \"DE\"");
  return code;
}

void read_realm(const value& v, profile& out) {
  out.realm = v.text(1, 100);
  if (!is_name(out.realm)) v.refuse(in_quotes(out.realm) + " is not 1 to 32 of a-z 0-9 _ -");
}

void read_countries(const value& v, profile& out) {
  out.countries = v.texts(100);
  for (const auto& element : v.elements())
    static_cast<void>(read_country(element));
}

constexpr std::array<config_key<profile>, 25> profile_keys{{
    {"app", read_app},
    {"code_length", [](const value& v, profile& p) { p.code_length = v.integer<std::uint8_t>(4, 10); }},
    {"alphabet", read_alphabet},
    {"lifetime", [](const value& v, profile& p) { p.lifetime = v.seconds(30s, 24h); }},
    {"attempts", [](const value& v, profile& p) { p.attempts = v.integer<std::uint8_t>(1, 10); }},
    {"max_sends", [](const value& v, profile& p) { p.max_sends = v.integer<std::uint8_t>(1, 10); }},
    {"resend_after", [](const value& v, profile& p) { p.resend_after = v.seconds(0s, 10min); }},
    {"sends", [](const value& v, profile& p) { p.sends = v.rate(); }},
    {"failures", [](const value& v, profile& p) { p.failures = v.rate(); }},
    {"max_consecutive_failures",
     [](const value& v, profile& p) { p.max_consecutive_failures = v.integer<std::uint16_t>(1, 100); }},
    {"sharing", [](const value& v, profile& p) { p.sharing = v.one_of(sharings); }},
    {"resend", [](const value& v, profile& p) { p.resend = v.one_of(resends); }},
    {"channels", read_channels},
    {"countries", read_countries},
    {"default_region",
     [](const value& v, profile& p) { p.default_region = v.text(0, 100).empty() ? "" : read_country(v); }},
    {"numbers", [](const value& v, profile& p) { p.numbers = v.one_of(number_kinds); }},
    {"yields", [](const value& v, profile& p) { p.yields = v.one_of(yields); }},
    {"realm", read_realm},
    {"locale", [](const value& v, profile& p) { p.locale = read_language(v); }},
    {"message", [](const value& v, profile& p) { p.message = v.text(1, 1000, "\n"); }},
    {"messages", read_messages, true},
    {"parameters", read_parameters, true},
    {"webotp", read_webotp},
    {"android_app_hash", read_android_app_hash},
    {"legacy", [](const value& v, profile& p) { p.legacy = v.boolean(); }},
}};

// ---- checks
// ----------------------------------------------------------------------------------------------------------

void check_legacy(const value& table, const profile& p, std::vector<std::string>& warnings) {
  const bool is_short = p.code_length < min_code_length;
  const bool is_long_lived = p.lifetime > max_lifetime;
  if (p.legacy) {
    std::string text = "legacy:";
    if (is_short)
      text +=
          " codes of " + std::to_string(p.code_length) + " characters, where 6 are the least that is safe;";
    if (is_long_lived)
      text += " codes live " + format_duration(p.lifetime) + ", where 10m are the most that is safe;";
    if (!is_short && !is_long_lived) text += " changes nothing here;";
    text.pop_back();
    warnings.push_back(table.at("legacy").located(text));
    return;
  }
  if (is_short) {
    table.at("code_length")
        .refuse(std::to_string(p.code_length) + " is below 6, which only legacy = true allows");
  }
  if (is_long_lived) {
    table.at("lifetime")
        .refuse('"' + format_duration(p.lifetime) + "\" is above 10m, which only legacy = true allows");
  }
}

void check_profile(const value& table, const profile& p, config& c) {
  check_legacy(table, p, c.warnings);
  check_messages(table, p, c.warnings);
  if (!p.countries.empty() && !p.default_region.empty() &&
      std::ranges::count(p.countries, p.default_region) == 0) {
    c.warnings.push_back(
        table.at("default_region").located(in_quotes(p.default_region) + " is not among the countries"));
  }
  std::string folded = p.alphabet;
  std::ranges::transform(folded, folded.begin(), net::to_lower);
  std::ranges::sort(folded);
  if (std::ranges::adjacent_find(folded) != folded.end()) {
    c.warnings.push_back(table.at("alphabet").located("has letters that differ only in case"));
  }
  const auto is_off = [&](otp::channel channel) {
    return (channel == otp::channel::sms ? c.delivery.sms : c.delivery.email).empty() &&
           std::ranges::count(c.delivery.routes, channel, &route_config::channel) == 0;
  };
  if (std::ranges::all_of(p.channels, is_off)) {
    c.warnings.push_back(table.at("channels").located("nothing delivers what this profile sends"));
  }
}

}  // namespace

void read_profiles(const config_value& table, config& out) {
  for (const auto& [name, value] : table.members()) {
    if (!is_name(name)) value.refuse("a profile's name must be 1 to 32 of a-z 0-9 _ -");
    profile p = new_profile(name);
    read_table(value, profile_keys, p);
    out.profiles.push_back(std::move(p));
  }
}

void check_profiles(const config_value& root, config& out) {
  if (std::ranges::count(out.profiles, "default", &profile::name) == 0) {
    out.profiles.insert(out.profiles.begin(), new_profile("default"));
  }
  for (const auto& p : out.profiles)
    check_profile(root.at("profiles").at(p.name), p, out);
  // What nobody has written needs no check.
  for (const std::string& name : enabled_dialects(out)) {
    if (is_built_in(name) && std::ranges::count(out.profiles, name, &profile::name) == 0)
      out.profiles.push_back(new_profile(name));
  }
  const value routes = root.at("delivery").at("routes");
  for (const value& each : routes.is_written() ? routes.elements() : std::vector<value>{}) {
    const value whose = each.at("profile");
    if (whose.is_written() && std::ranges::count(out.profiles, whose.text(1, 100), &profile::name) == 0)
      whose.refuse("is no profile of this configuration");
  }
}

void list_profile_keys(std::vector<std::string>& out) {
  list_keys("profiles.NAME", profile_keys, out);
  list_message_keys(out);
}

}  // namespace otpd
