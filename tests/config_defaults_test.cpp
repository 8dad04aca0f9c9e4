// The defaults in docs/configuration.md against those in the code.

#include <algorithm>
#include <tuple>

#include "config.hpp"
#include "config_page.hpp"

namespace otpd {
namespace {

// All members in order: whoever adds one finds it missing here and then in the page.
auto members(const server_config& s) {
  const auto& [listen, admin, threads, tls, origins, proxies, hops, insecure, connections, per_ip, header,
               body, write, idle, pre_drain, drain] = s;
  return std::tuple{listen, admin,  threads, tls.has_value(), origins, proxies,   hops, insecure, connections,
                    per_ip, header, body,    write,           idle,    pre_drain, drain};
}
auto members(const store::options& s) {
  const auto& [path, durability, cache, ballast, free_mib, free_percent, cancel] = s;
  return std::tuple{path, durability, cache, ballast, free_mib, free_percent, cancel};
}
auto members(const otp::rate& r) {
  return std::tuple{r.count, r.window};
}
auto members(const otp::limits_options& l) {
  const auto& [ip, prefix, country, key, server, day, failures] = l;
  return std::tuple_cat(members(ip), members(prefix), members(country), members(key), members(server),
                        members(day), members(failures));
}
auto members(const otp::profile& p) {
  const auto& [name, app, length, alphabet, lifetime, attempts, max_sends, resend_after, sends, failures,
               consecutive, sharing, resend, channels, countries, region, numbers, yields, realm, locale,
               message, messages, parameters, webotp, app_hash, legacy] = p;
  return std::tuple_cat(
      std::tuple{app, length, alphabet, lifetime, attempts, max_sends, resend_after, consecutive, sharing},
      std::tuple{resend, channels, countries, region, numbers, yields, realm, locale, message, legacy},
      std::tuple{messages.size(), parameters.size(), webotp, app_hash}, members(sends), members(failures));
}
auto members(const sms::http_gateway_options& g) {
  const auto& [url, method, headers, type, body, from, status, contains, pointer, json_value, id_pointer,
               failures, connect_timeout, timeout, connections, ca, insecure, auth] = g;
  const auto& [user, password, token, key_name, key, key_in, secrets] = auth;
  return std::tuple{user,        password,   token,           key_name,        key,
                    key_in,      secrets,    method,          headers,         type,
                    body,        from,       status,          contains,        pointer,
                    json_value,  id_pointer, failures.size(), connect_timeout, timeout,
                    connections, ca,         insecure};
}

auto members(const delivery_config& d) {
  const auto& [sms, email, routes, mode, on_ambiguous, sms_deadline, email_deadline, public_url] = d;
  return std::tuple{sms, email, routes.size(), mode, on_ambiguous, sms_deadline, email_deadline, public_url};
}
auto members(const mail::smtp_options& s) {
  const auto& [host, port, security, user, password, from, from_name, helo, connect_timeout, timeout,
               connections, keep_idle, ca, insecure] = s;
  return std::tuple{port,    security,    user,      password, from_name, helo, connect_timeout,
                    timeout, connections, keep_idle, ca,       insecure};
}
auto members(const sms::endpoint_options& e) {
  const auto& [url, connect_timeout, timeout, connections, ca, insecure] = e;
  return std::tuple{url, connect_timeout, timeout, connections, ca, insecure};
}

auto members(const auth::token_policy& t) {
  const auto& [name, style, access, refresh, family, grace, secret] = t;
  return std::tuple{name, style, access, refresh, family, grace, secret};
}
auto members(const auth::token_options& t) {
  const auto& [issuer, audience, keys, policy] = t;
  return std::tuple_cat(std::tuple{issuer, audience, keys}, members(policy));
}
auto members(const auth::password_options& p) {
  const auto& [memory, iterations, threads, queued, length] = p;
  return std::tuple{memory, iterations, threads, queued, length};
}
auto members(const api::dialects::dialects_options& d) {
  const auto& [s0, s1, s2, s3, s4] = d;
  const auto& [enabled, profile, lockout, session] = s2;
  const auto& [in_a_row, block, failures] = lockout;
  return std::tuple_cat(std::tuple{s0.enabled, s0.profile, s1.enabled, s1.profile},
                        std::tuple{enabled, profile, in_a_row, block, failures.has_value(), session},
                        std::tuple{s3.enabled, s3.profile, s4.enabled, s4.profile}, members(s3.tokens),
                        members(s4.tokens));
}

TEST(ConfigDefaults, OfVendorsAreDocumented) {
  set_secrets();
  const std::set<std::string> required{"account_sid", "auth_token", "from",    "user",
                                       "password",    "sender",     "api_key", "api_secret"};
  for (const char* type : {"twilio", "mshastra", "vonage"}) {
    auto rows = rows_for(type);
    std::erase_if(rows, [](const row& r) { return !r.key.starts_with("providers.NAME."); });
    for (auto& r : rows)
      if (required.contains(r.key.substr(15))) r.default_value = r.example;
    const auto p = parse_config(assembled(rows, &row::default_value), "docs").providers.front();
    EXPECT_EQ(members(p.twilio.endpoint), members(sms::twilio_options{}.endpoint));
    EXPECT_EQ(members(p.mshastra.endpoint), members(sms::mshastra_options{}.endpoint));
    EXPECT_EQ(members(p.vonage.endpoint), members(sms::vonage_options{}.endpoint));
    EXPECT_EQ(p.vonage_receipts.signature_method, sms::vonage_receipt_options{}.signature_method);
    EXPECT_EQ(p.breaker_per_country, provider_config{}.breaker_per_country);
  }
}

TEST(ConfigDefaults, OfAMailServerAreDocumented) {
  auto rows = rows_for("smtp");
  std::erase_if(rows, [](const row& r) { return !r.key.starts_with("providers.NAME."); });
  for (auto& r : rows)
    if (r.key.ends_with(".host") || r.key.ends_with(".from")) r.default_value = r.example;
  const auto p = parse_config(assembled(rows, &row::default_value), "docs").providers.front();
  EXPECT_EQ(members(p.smtp), members(mail::smtp_options{}));
}

TEST(ConfigDefaults, AreDocumented) {
  auto rows = rows_for("http");
  std::erase_if(rows, [](const row& r) {
    const auto is_within = [&r](const char* table) { return r.key.find(table) != std::string::npos; };
    return is_within("failures.") || is_within("messages.") || is_within("parameters.") ||
           is_within("routes.") || is_within("test_recipients.") || is_within("receipts.") ||
           r.key == "providers.NAME.auth.user";
  });
  for (auto& r : rows) {
    if (r.key == "store.master_key") r.default_value.clear();
    if (r.key == "providers.NAME.url") r.default_value = "'https://x.example/{to}/{code}'";
  }
  const auto written = parse_config(assembled(rows, &row::default_value), "docs");
  const auto built = default_config();
  EXPECT_EQ(members(written.server), members(built.server));
  EXPECT_EQ(members(written.store), members(built.store));
  EXPECT_EQ(members(written.limits), members(built.limits));
  EXPECT_EQ(members(written.profiles.at(1)), members(built.profiles.front()));
  EXPECT_EQ(members(written.providers.front().http), members(sms::http_gateway_options{}));
  EXPECT_EQ(members(written.delivery), members(built.delivery));
  EXPECT_EQ(members(written.tokens), members(built.tokens));
  EXPECT_EQ(members(written.passwords), members(built.passwords));
  EXPECT_EQ(members(written.dialects), members(built.dialects));
  EXPECT_EQ(written.level, built.level);
}

}  // namespace
}  // namespace otpd
