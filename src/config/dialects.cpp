#include <array>
#include <chrono>

#include "config/sections.hpp"
#include "config/text.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
namespace dialects = api::dialects;
using auth::token_policy;
using value = config_value;

constexpr std::size_t min_secret = 32;  // bytes: RFC 7518, 3.2
constexpr auto most_days = std::chrono::hours(24 * 400);

std::string read_profile_name(const value& v) {
  std::string name = v.text(1, 100);
  if (!is_name(name)) v.refuse(in_quotes(name) + " is not a profile's name, 1 to 32 of a-z 0-9 _ -");
  return name;
}

void read_secret(const value& v, token_policy& out) {
  if (!v.is_secret()) v.refuse("must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}");
  out.secret = v.text_or_secret(1000);
  if (out.secret.size() < min_secret)
    v.refuse("has " + std::to_string(out.secret.size()) + " bytes; HS256 needs 32 at least");
}

template <class Options>
void read_enabled(const value& v, Options& out) {
  out.enabled = v.boolean();
}
template <class Options>
void read_profile(const value& v, Options& out) {
  out.profile = read_profile_name(v);
}

constexpr std::array<config_key<dialects::s0_options>, 2> s0_keys{{
    {"enabled", read_enabled},
    {"profile", read_profile},
}};
constexpr std::array<config_key<dialects::s1_options>, 2> s1_keys{{
    {"enabled", read_enabled},
    {"profile", read_profile},
}};
constexpr std::array<config_key<dialects::s2_options>, 5> s2_keys{{
    {"enabled", read_enabled},
    {"profile", read_profile},
    {"failures",
     [](const value& v, dialects::s2_options& o) { o.lockout.in_a_row = v.integer<std::uint16_t>(1, 100); }},
    {"block", [](const value& v, dialects::s2_options& o) { o.lockout.block = v.duration(1s, 24h); }},
    {"session_lifetime",
     [](const value& v, dialects::s2_options& o) { o.session_lifetime = v.seconds(10min, most_days); }},
}};
constexpr std::array<config_key<dialects::s3_options>, 7> s3_keys{{
    {"enabled", read_enabled},
    {"profile", read_profile},
    {"secret", [](const value& v, dialects::s3_options& o) { read_secret(v, o.tokens); }},
    {"access_lifetime",
     [](const value& v, dialects::s3_options& o) { o.tokens.access_lifetime = v.seconds(10s, 24h); }},
    {"refresh_lifetime",
     [](const value& v, dialects::s3_options& o) { o.tokens.refresh_lifetime = v.seconds(1min, most_days); }},
    {"family_lifetime",
     [](const value& v, dialects::s3_options& o) { o.tokens.family_lifetime = v.seconds(1min, most_days); }},
    {"grace", [](const value& v, dialects::s3_options& o) { o.tokens.grace = v.seconds(0s, 1min); }},
}};
constexpr std::array<config_key<dialects::s4_options>, 4> s4_keys{{
    {"enabled", read_enabled},
    {"profile", read_profile},
    {"secret", [](const value& v, dialects::s4_options& o) { read_secret(v, o.tokens); }},
    {"access_lifetime",
     [](const value& v, dialects::s4_options& o) { o.tokens.access_lifetime = v.seconds(10s, 24h); }},
}};

constexpr std::array<config_key<dialects::dialects_options>, 5> dialect_tables{{
    {"s0", [](const value& v, dialects::dialects_options& o) { read_table(v, s0_keys, o.s0); }, true},
    {"s1", [](const value& v, dialects::dialects_options& o) { read_table(v, s1_keys, o.s1); }, true},
    {"s2", [](const value& v, dialects::dialects_options& o) { read_table(v, s2_keys, o.s2); }, true},
    {"s3", [](const value& v, dialects::dialects_options& o) { read_table(v, s3_keys, o.s3); }, true},
    {"s4", [](const value& v, dialects::dialects_options& o) { read_table(v, s4_keys, o.s4); }, true},
}};

// What a dialect asks of its profile.
struct needs {
  bool is_shared = false;   // it finds a code by the address alone
  bool by_sms = false;      // it knows numbers only
  bool has_digits = false;  // it takes codes of digits only
};

void check_dialect(const value& root, std::string_view dialect, const std::string& name, needs what,
                   const config& c) {
  const value named = root.at("dialects").at(dialect).at("profile");
  const auto found = std::ranges::find(c.profiles, name, &otp::profile::name);
  if (found == c.profiles.end()) named.refuse(in_quotes(name) + " is no profile of this configuration");
  const value profile = root.at("profiles").at(name);
  const std::string whose = " for dialect " + std::string(dialect);
  if (what.is_shared && found->sharing != otp::sharing::shared)
    profile.at("sharing").refuse("must be \"shared\"" + whose);
  if (what.by_sms && std::ranges::count(found->channels, otp::channel::sms) == 0)
    profile.at("channels").refuse("must name \"sms\"" + whose);
  if (what.has_digits && found->alphabet.find_first_not_of("0123456789") != std::string::npos)
    profile.at("alphabet").refuse("must have digits only" + whose);
}

}  // namespace

void read_dialects(const config_value& table, config& out) {
  read_table(table, dialect_tables, out.dialects);
}

std::vector<std::string> enabled_dialects(const config& from) {
  std::vector<std::string> out;
  if (from.dialects.s0.enabled) out.push_back(from.dialects.s0.profile);
  if (from.dialects.s1.enabled) out.push_back(from.dialects.s1.profile);
  if (from.dialects.s2.enabled) out.push_back(from.dialects.s2.profile);
  if (from.dialects.s3.enabled) out.push_back(from.dialects.s3.profile);
  if (from.dialects.s4.enabled) out.push_back(from.dialects.s4.profile);
  return out;
}

void check_dialects(const config_value& root, config& out) {
  const value table = root.at("dialects");
  const auto& d = out.dialects;
  if (d.s0.enabled) check_dialect(root, "s0", d.s0.profile, {.is_shared = true, .by_sms = true}, out);
  if (d.s1.enabled)
    check_dialect(root, "s1", d.s1.profile, {.is_shared = true, .by_sms = true, .has_digits = true}, out);
  if (d.s2.enabled) check_dialect(root, "s2", d.s2.profile, {.by_sms = true}, out);
  if (d.s3.enabled) check_dialect(root, "s3", d.s3.profile, {.by_sms = true}, out);
  if (d.s4.enabled) check_dialect(root, "s4", d.s4.profile, {.is_shared = true}, out);
  if (d.s3.tokens.refresh_lifetime > d.s3.tokens.family_lifetime)
    table.at("s3").at("refresh_lifetime").refuse("is longer than family_lifetime");
  // They ask for no key: whoever reaches the listener can have messages sent.
  if (!is_open(out.server)) return;
  if (!table.is_written() && !enabled_dialects(out).empty())
    out.warnings.push_back(table.located("all are served to everybody who reaches server.listen"));
}

void list_dialect_keys(std::vector<std::string>& out) {
  list_keys("dialects.s0", s0_keys, out);
  list_keys("dialects.s1", s1_keys, out);
  list_keys("dialects.s2", s2_keys, out);
  list_keys("dialects.s3", s3_keys, out);
  list_keys("dialects.s4", s4_keys, out);
}

}  // namespace otpd
