#include <array>
#include <chrono>

#include "config/sections.hpp"
#include "config/text.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
using auth::password_options;
using auth::token_options;
using value = config_value;

constexpr auto most_days = std::chrono::hours(24 * 400);
constexpr std::size_t most_keys = 8;

void read_private_keys(const value& v, token_options& out) {
  for (const value& element : v.elements()) {
    if (!element.is_secret())
      element.refuse("must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}");
    if (out.private_keys.size() == most_keys) element.refuse("is one of more than 8");
    out.private_keys.push_back(element.text_or_secret(4000, "\r\n"));
    if (out.private_keys.back().find("PRIVATE KEY") == std::string::npos)
      element.refuse("is no private key in PEM, as from: openssl ecparam -name prime256v1 -genkey -noout");
  }
}

constexpr std::array<config_key<token_options>, 7> token_keys{{
    {"issuer", [](const value& v, token_options& o) { o.issuer = v.text(1, 200); }},
    {"audience", [](const value& v, token_options& o) { o.audience = v.text(1, 200); }},
    {"private_keys", read_private_keys},
    {"access_lifetime",
     [](const value& v, token_options& o) { o.policy.access_lifetime = v.seconds(10s, 24h); }},
    {"refresh_lifetime",
     [](const value& v, token_options& o) { o.policy.refresh_lifetime = v.seconds(1min, most_days); }},
    {"family_lifetime",
     [](const value& v, token_options& o) { o.policy.family_lifetime = v.seconds(1min, most_days); }},
    {"grace", [](const value& v, token_options& o) { o.policy.grace = v.seconds(0s, 1min); }},
}};

constexpr std::array<config_key<password_options>, 5> password_keys{{
    {"memory_kib",
     [](const value& v, password_options& o) { o.memory_kib = v.integer<std::uint32_t>(8, 1'048'576); }},
    {"iterations",
     [](const value& v, password_options& o) { o.iterations = v.integer<std::uint32_t>(1, 100); }},
    {"threads", [](const value& v, password_options& o) { o.threads = v.integer<std::size_t>(1, 16); }},
    {"max_queued",
     [](const value& v, password_options& o) { o.max_queued = v.integer<std::size_t>(1, 10'000); }},
    {"min_length",
     [](const value& v, password_options& o) { o.min_length = v.integer<std::size_t>(1, 128); }},
}};

// OWASP's least of Argon2id (Password Storage Cheat Sheet): 7 MiB with five iterations, and its equals.
constexpr std::uint64_t least_work = 35'000;  // KiB times iterations

}  // namespace

void read_tokens(const config_value& table, config& out) {
  read_table(table, token_keys, out.tokens);
}
void read_passwords(const config_value& table, config& out) {
  read_table(table, password_keys, out.passwords);
}

void check_auth(const config_value& root, config& out) {
  const auto& policy = out.tokens.policy;
  if (policy.refresh_lifetime > policy.family_lifetime)
    root.at("tokens").at("refresh_lifetime").refuse("is longer than family_lifetime");
  const auto& p = out.passwords;
  if (std::uint64_t{p.memory_kib} * p.iterations < least_work) {
    out.warnings.push_back(root.at("passwords")
                               .at("memory_kib")
                               .located("times iterations is below what makes a stolen hash expensive"));
  }
}

void list_auth_keys(std::vector<std::string>& out) {
  list_keys("tokens", token_keys, out);
  list_keys("passwords", password_keys, out);
}

}  // namespace otpd
