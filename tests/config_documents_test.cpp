// The configuration against what is written about it: docs/configuration.md.

#include "config.hpp"
#include "config_page.hpp"

namespace otpd {
namespace {

void clear_examples(std::vector<row>& rows, const std::set<std::string>& keys) {
  std::size_t cleared = 0;
  for (auto& r : rows) {
    if (!r.key.starts_with("providers.NAME.") || !keys.contains(r.key.substr(15))) continue;
    r.example.clear();
    ++cleared;
  }
  EXPECT_EQ(cleared, keys.size());
}

// Keys that exclude each other: of each pair of sets one is left out.
struct variant {
  std::string type;
  std::set<std::string> without;
};
const std::vector<variant> variants{
    {"inbox", {}},
    {"http", {"auth.token", "receipts.webhook_secret"}},
    {"http", {"auth.user", "auth.password", "receipts.secret", "receipts.secret_header"}},
    {"http", {"auth.user", "auth.password", "auth.token", "receipts.webhook_secret"}},
    {"twilio", {"api_key_sid", "api_key_secret", "messaging_service_sid"}},
    {"twilio", {"auth_token", "from"}},
    {"mshastra", {}},
    {"vonage", {}},
    {"smtp", {}},
};

// Who sends, with a provider of this type: it is named n, and carries text messages or only e-mail.
void name_providers(std::vector<row>& rows, const std::string& type) {
  const bool is_mail = type == "smtp";
  for (auto& r : rows) {
    if (r.key == "delivery.sms") r.example = is_mail ? "''" : "['n']";
    if (r.key == "delivery.email") r.example = is_mail ? "['n']" : "''";
    if (r.key == "delivery.routes.channel") r.example = is_mail ? "'email'" : "'sms'";
    if (r.key == "delivery.routes.providers") r.example = "['n']";
    if (r.key == "delivery.routes.prefix" && is_mail) r.example.clear();
    if (r.key == "delivery.routes.from" && is_mail) r.example = "'otp@example.org'";
  }
}

TEST(ConfigDocuments, EveryKeyIsDocumentedAndNoOther) {
  const auto keys = known_config_keys();
  std::set<std::string> known{keys.begin(), keys.end()};
  EXPECT_EQ(known.size(), keys.size());
  std::set<std::string> written;
  std::set<std::pair<std::string, std::string>> of_types;
  for (const auto& r : documented()) {
    const bool is_first = written.insert(r.key).second;
    EXPECT_TRUE(is_first || !r.types.empty()) << r.key << " is documented twice";
    for (const auto& type : r.types)
      EXPECT_TRUE(of_types.emplace(r.key, type).second) << r.key << " is documented twice for " << type;
  }
  EXPECT_EQ(written, known);
}

TEST(ConfigDocuments, EveryExampleIsAccepted) {
  set_secrets();
  for (const auto& r : documented())
    EXPECT_FALSE(r.example.empty()) << r.key;
  for (const auto& [type, without] : variants) {
    auto rows = rows_for(type);
    clear_examples(rows, without);
    name_providers(rows, type);
    for (auto& r : rows) {
      if (r.key == "profiles.NAME.android_app_hash") r.example.clear();  // not beside webotp
      // The example of `headers` has the credential that `auth` would have.
      if (r.key == "providers.NAME.headers" &&
          !(without.contains("auth.user") && without.contains("auth.token")))
        r.example = "{Accept = 'application/json'}";
      if (r.key == "providers.NAME.url" && type != "http") r.example = "'https://proxy.example/sms'";
    }
    auto toml = assembled(rows, &row::example);
    for (const char* file :
         {"/etc/otpd/tls.crt", "/etc/otpd/tls.key", "/etc/otpd/gateway-ca.pem", "/etc/otpd/mail-ca.pem"}) {
      replace_all(toml, file, "/dev/null");
    }
    EXPECT_NO_THROW(static_cast<void>(parse_config(toml, "docs"))) << toml;
  }
}

}  // namespace
}  // namespace otpd
