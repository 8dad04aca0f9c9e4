#include "config.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

namespace otpd {
namespace {

using namespace std::chrono_literals;

config parsed(const std::string& toml) {
  return parse_config(toml, "t");
}

std::string warnings_of(const std::string& toml) {
  std::string out;
  for (const auto& warning : parsed(toml).warnings)
    out += warning + '\n';
  return out;
}

// What a test's [delivery] says so that only its own warnings are left: a gateway that is always right.
const std::string quiet =
    "[delivery]\nsms = 'g'\nemail = 'g'\n[providers.g]\ntype = 'http'\nurl = "
    "'https://x.example/{to}/{code}'\n";
const std::string open_listen = "listen = '0.0.0.0:80'\n";
const std::string key = "[[api_keys]]\nname = 'a'\nsha256 = '" + std::string(64, 'a') + "'\n";

class secret_file {
 public:
  explicit secret_file(std::string_view content)
      : path_(std::filesystem::temp_directory_path() / ("otpd_config_test_" + std::to_string(::getpid()))) {
    std::ofstream{path_, std::ios::binary} << content;
  }
  ~secret_file() { std::filesystem::remove(path_); }
  secret_file(const secret_file&) = delete;
  secret_file& operator=(const secret_file&) = delete;
  [[nodiscard]] std::string toml() const { return "{file = '" + path_.native() + "'}"; }

 private:
  std::filesystem::path path_;
};

TEST(Config, WithoutATextIsTheDefault) {
  const auto c = default_config();
  EXPECT_EQ(c.server.listen, "127.0.0.1:8080");
  std::vector<std::string> names;
  for (const auto& each : c.profiles)
    names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{"default", "s0", "s1", "s2", "s3", "s4"}));
  ASSERT_EQ(c.providers.size(), 2U);
  EXPECT_EQ(c.providers[0].name, "console");
  EXPECT_EQ(c.providers[0].type, provider_type::console);
  EXPECT_EQ(c.providers[1].name, "null");
  EXPECT_EQ(c.providers[1].type, provider_type::null);
  EXPECT_EQ(c.level, log_level::info);
  ASSERT_EQ(c.warnings.size(), 2U);
  EXPECT_EQ(c.warnings[0], "defaults:1: delivery.sms: console: codes are printed instead of sent");
}

TEST(Config, ReadsEverySection) {
  const auto c = parsed(R"toml(
[server]
listen = "[::1]:0"
admin_listen = ""
threads = 256
trusted_proxies = ["10.0.0.0/8", "::1", "fd00::/8"]
idle_timeout = "500ms"
[store]
durability = "process"
min_free_percent = 0
master_key = {file = "/nowhere/yet"}
[[api_keys]]
name = "backend"
sha256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1B1C1D1E1F"
[limits]
client_ip = "1000000000/400d"
server = "7/h"
[profiles.a]
code_length = 10
channels = ["email"]
resend = "rotate"
resend_after = "0s"
message = "{app}\n{code} ({minutes})"
[providers.null]
[providers.g]
type = "http"
url = "http://[::1]:9000/send?to={to_digits}"
method = "PUT"
content_type = "text/plain; charset=utf-8"
body = "{text}"
success_status = "200,202-204,3xx"
headers = {Accept = "*/*"}
success_json_pointer = "/id"
failures = [{status = "4xx,503", body_contains = "x", failure = "rejected"}, {failure = "unavailable"}]
[delivery]
sms = "g"
[log]
level = "trace"
)toml");
  EXPECT_EQ(c.server.listen, "[::1]:0");
  EXPECT_TRUE(c.server.admin_listen.empty());
  EXPECT_EQ(c.server.threads, 256U);
  EXPECT_EQ(c.server.trusted_proxies.size(), 3U);
  EXPECT_EQ(c.server.idle_timeout, 500ms);
  EXPECT_EQ(c.store.durability, store::durability::process);
  EXPECT_EQ(c.master_key_file, "/nowhere/yet");
  ASSERT_EQ(c.api_keys.size(), 1U);
  EXPECT_EQ(c.api_keys[0].sha256[31], 0x1f);
  EXPECT_EQ(c.limits.client_ip, (otp::rate{1'000'000'000, 24h * 400}));
  EXPECT_EQ(c.limits.server, (otp::rate{7, 1h}));
  ASSERT_EQ(c.profiles.size(), 7U);
  const auto& a = *std::ranges::find(c.profiles, "a", &otp::profile::name);
  EXPECT_EQ(a.code_length, 10);
  EXPECT_EQ(a.channels, std::vector{otp::channel::email});
  EXPECT_EQ(a.resend, otp::resend_policy::rotate);
  EXPECT_EQ(a.resend_after, 0s);
  const auto& g = *std::ranges::find(c.providers, "g", &provider_config::name);
  EXPECT_EQ(g.http.method, "PUT");
  EXPECT_EQ(g.http.headers.at("Accept"), "*/*");
  ASSERT_EQ(g.http.failures.size(), 2U);
  EXPECT_EQ(g.http.failures[1].failure, otp::failure::unavailable);
  EXPECT_EQ(c.providers.size(), 3U);
  EXPECT_EQ(c.level, log_level::trace);
}

TEST(Config, CodesOutsideLegacyProfilesHaveTwentyBits) {
  const std::string letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (unsigned length = 6; length <= 10; ++length) {
    for (std::size_t size = 10; size <= letters.size(); ++size) {
      const auto p = parsed("[profiles.default]\ncode_length = " + std::to_string(length) + "\nalphabet = '" +
                            letters.substr(0, size) + "'")
                         .profiles[0];
      EXPECT_GE(p.code_length * std::log2(static_cast<double>(p.alphabet.size())), 19.9);
    }
  }
}

TEST(Config, SecretsComeFromFilesAndTheEnvironment) {
  const std::string gateway = "[providers.g]\ntype = 'http'\nbody = '{\"a\": \"{to}{text}\"}'\n";
  const secret_file file{"https://x.example/k3y\n"};
  ASSERT_EQ(::setenv("OTPD_TEST_SECRET", std::string(64, 'F').c_str(), 1), 0);
  const auto c = parsed("[store]\nmaster_key = {env = 'OTPD_TEST_SECRET'}\n" + gateway +
                        "url = " + file.toml() + "\nheaders = {X-Api-Key = {env = 'OTPD_TEST_SECRET'}}");
  EXPECT_EQ(c.master_key, std::string(64, 'F'));
  EXPECT_TRUE(c.master_key_file.empty());
  EXPECT_EQ(c.providers[0].http.url, "https://x.example/k3y");
  EXPECT_EQ(c.providers[0].http.headers.at("X-Api-Key"), std::string(64, 'F'));
}

TEST(Config, OneLineEndOfASecretFileIsDropped) {
  for (const auto& [content, secret] : std::initializer_list<std::pair<std::string, std::string>>{
           {"abc", "abc"}, {"abc\n", "abc"}, {"abc\r\n", "abc"}, {"abc ", "abc "}}) {
    const secret_file file{content};
    const auto c = parsed(quiet + "headers = {Authorization = " + file.toml() + "}");
    EXPECT_EQ(c.providers[0].http.headers.at("Authorization"), secret);
  }
  const secret_file two_lines{"abc\n\n"};
  EXPECT_THROW(static_cast<void>(parsed(quiet + "headers = {Authorization = " + two_lines.toml() + "}")),
               config_error);
}

TEST(Config, ARefusalDoesNotTellTheSecret) {
  const secret_file file{"ftp://s3cret/{to}/{code}"};
  try {
    static_cast<void>(parsed("[providers.g]\ntype = 'http'\nurl = " + file.toml()));
    FAIL();
  } catch (const config_error& error) {
    EXPECT_EQ(std::string{error.what()}.find("s3cret"), std::string::npos) << error.what();
  }
}

TEST(Config, AnOpenListenerNeedsTlsOrAProxyOrAWord) {
  const std::string everybody = "t:1: dialects: all are served to everybody who reaches server.listen\n";
  EXPECT_EQ(warnings_of(quiet + key + "[server]\n" + open_listen +
                        "[server.tls]\ncertificate = '/dev/null'\nprivate_key = '/dev/null'\n"),
            everybody);
  EXPECT_EQ(warnings_of(quiet + key + "[server]\n" + open_listen + "trusted_proxies = ['10.0.0.1']"),
            "t:11: server.listen: plain HTTP beyond loopback: let nobody but the trusted proxies reach it\n" +
                everybody);
  EXPECT_EQ(warnings_of(quiet + key + "[server]\n" + open_listen + "insecure_http = true"),
            "t:11: server.listen: insecure_http: codes and keys travel unencrypted\n" + everybody);
  EXPECT_EQ(warnings_of(quiet + key + "[server]\n" + open_listen +
                        "insecure_http = true\n[dialects.s0]\nenabled = false"),
            "t:11: server.listen: insecure_http: codes and keys travel unencrypted\n");
}

TEST(Config, WarnsOfWhatIsUnusual) {
  EXPECT_EQ(warnings_of(quiet), "");
  const std::vector<std::pair<std::string, std::string>> table{
      {"[server]\nadmin_listen = '0.0.0.0:81'\ninsecure_http = true",
       "t:8: server.admin_listen: insecure_http: other machines"},
      {"[server]\ntrusted_proxies = ['10.0.0.1']",
       "t:1: api_keys: none: the native API answers loopback only"},
      {key + "[server]\ntrusted_proxies = ['::/0']",
       "t:11: server.trusted_proxies: \"::/0\" trusts every address"},
      {"[server]\nproxy_hops = 2", "t:8: server.proxy_hops: changes nothing without trusted_proxies"},
      {"[store]\ndurability = 'process'", "t:8: store.durability: \"process\": a power loss"},
      {"[store]\ncancel_pending_on_rollback = false", "t:8: store.cancel_pending_on_rollback: false"},
      {"[store]\nmin_free_mib = 0\nmin_free_percent = 0", "t:8: store.min_free_mib: 0, as min_free_percent"},
      {"[profiles.p]\napp = 'x'\nlegacy = true", "t:9: profiles.p.legacy: legacy: changes nothing here\n"},
      {"[profiles.p]\napp = 'x'\nlegacy = true\ncode_length = 4\nlifetime = '1h'",
       "t:9: profiles.p.legacy: legacy: codes of 4 characters, where 6 are the least that is safe; codes "
       "live 1h, where "
       "10m are the most that is safe\n"},
      {"[profiles.p]\napp = 'x'\nalphabet = '012345678aA'",
       "t:9: profiles.p.alphabet: has letters that differ only in case"},
      {"[profiles.p]\napp = 'x'\ncountries = ['CA']\ndefault_region = 'US'",
       "t:10: profiles.p.default_region: \"US\" is not"},
      {"[providers.i]\ntype = 'http'\nurl = 'http://x.example/{to}/{code}'\ninsecure = true",
       "t:9: providers.i.url: insecure: "},
  };
  for (const auto& [toml, warning] : table) {
    const auto c = parsed(quiet + toml);
    ASSERT_EQ(c.warnings.size(), 1U) << toml << warnings_of(quiet + toml);
    EXPECT_TRUE((c.warnings[0] + '\n').starts_with(warning)) << c.warnings[0];
  }
}

TEST(Config, WarnsOfWhatIsNotSent) {
  EXPECT_EQ(
      warnings_of("[delivery]\nsms = 'null'\nemail = ''\n[profiles.p]\napp = 'x'\nchannels = ['email']"),
      "t:2: delivery.sms: null: messages are not sent\n"
      "t:6: profiles.p.channels: nothing delivers what this profile sends\n");
}

TEST(Config, TwoInboxesWarnOnce) {
  EXPECT_EQ(warnings_of("[delivery]\nemail = ''\nsms = ['a', 'b']\n[providers]\na = {type = 'inbox'}\n"
                        "b = {type = 'inbox'}\n"),
            "t:3: delivery.sms: inbox: messages stay in memory, for all who reach the admin listener\n");
}

TEST(Config, ARouteServesAProfileToo) {
  const std::string routed =
      "[delivery]\nsms = ''\nemail = ''\n[[delivery.routes]]\nprefix = '+49'\nproviders = 'g'\n" +
      quiet.substr(quiet.find("[providers.g]"));
  EXPECT_EQ(warnings_of(routed), "");
  EXPECT_EQ(warnings_of(routed + "[profiles.default]\nchannels = ['email']"),
            "t:11: profiles.default.channels: nothing delivers what this profile sends\n");
}

TEST(Config, ARemoteConsoleNeedsAWord) {
  const auto c = parsed("[server]\n" + open_listen +
                        "insecure_http = true\n[providers.console]\nallow_remote_console = true");
  EXPECT_TRUE(c.providers[0].allow_remote_console);
  EXPECT_EQ(c.delivery.sms, std::vector<std::string>{"console"});
}

TEST(Config, AMissingFileIsRefused) {
  try {
    static_cast<void>(load_config("/nowhere/otpd.toml"));
    FAIL();
  } catch (const config_error& error) {
    EXPECT_STREQ(error.what(), "cannot read \"/nowhere/otpd.toml\": No such file or directory");
  }
}

}  // namespace
}  // namespace otpd
