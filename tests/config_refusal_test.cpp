#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config.hpp"

namespace otpd {
namespace {

struct refusal {
  std::string toml;
  std::string message;  // the beginning of it
};

void expect_refusals(const std::vector<refusal>& table) {
  for (const auto& [toml, message] : table) {
    try {
      static_cast<void>(parse_config(toml, "t"));
      ADD_FAILURE() << "accepted: " << toml;
    } catch (const config_error& error) {
      EXPECT_EQ(std::string{error.what()}.substr(0, message.size()), message) << toml << "\n" << error.what();
    }
  }
}

std::string in_server(const std::string& line) { return "[server]\n" + line; }
std::string in_profile(const std::string& lines) { return "[profiles.p]\n" + lines; }
// A gateway that is right, with `lines` from line 5 on.
std::string in_gateway(const std::string& lines) {
  return "[providers.g]\ntype = 'http'\nurl = 'https://x.example/{to}'\nbody = '{\"t\": \"{text}\"}'\n" + lines;
}
std::string gateway_with(const std::string& url, const std::string& body, const std::string& lines = "") {
  return "[providers.g]\ntype = 'http'\nurl = '" + url + "'\nbody = '" + body + "'\n" + lines;
}
const std::string hash_a(64, 'a');

TEST(ConfigRefusal, SyntaxNamesTheLine) {
  expect_refusals({
      {"[server]\nlisten = ", "t:2: syntax: "},
      {"[server]\n\n[server]\n", "t:3: syntax: "},
      {"[profiles.a]\n[profiles.a]\n", "t:2: syntax: "},
      {"[providers.a]\ntype='null'\n[providers.a]\ntype='null'", "t:3: syntax: "},
      {"[server]\nthreads = 1\nthreads = 2\n", "t:3: syntax: "},
      {"\n\n[[[a]]]\n[log]\n", "t:3: syntax: not a key"},  // aborts a checked build of toml++ 3.3
      {"[[=", "t:1: syntax: not a key"},
      {"\n# \xff\n", "t:2: syntax: "},
      {"\n#" + std::string(5000, 'x'), "t:2: syntax: a line longer than 4096 bytes"},
      {std::string(1 << 21, '\n'), "t:1: syntax: longer than 1 MiB"},
  });
}

TEST(ConfigRefusal, UnknownKeysNameTheNearestKnownOne) {
  expect_refusals({
      {"sever = 1", "t:1: sever: unknown key; did you mean \"server\"?"},
      {"\n[server]\nlisten_ = ''", "t:3: server.listen_: unknown key; did you mean \"listen\"?"},
      {"server.tls.cert = ''", "t:1: server.tls.cert: unknown key; did you mean \"certificate\"?"},
      {"[store]\ndurabilty = 'power'", "t:2: store.durabilty: unknown key; did you mean \"durability\"?"},
      {"[limits]\n\nclientip = '1/s'", "t:3: limits.clientip: unknown key; did you mean \"client_ip\"?"},
      {"[[api_keys]]\nnam = 'x'", "t:2: api_keys[0].nam: unknown key; did you mean \"name\"?"},
      {in_profile("atempts = 3"), "t:2: profiles.p.atempts: unknown key; did you mean \"attempts\"?"},
      {in_gateway("time_out = '3s'"), "t:5: providers.g.time_out: unknown key; did you mean \"timeout\"?"},
      {in_gateway("\n[[providers.g.failures]]\nfail = 'x'"),
       "t:7: providers.g.failures[0].fail: unknown key; did you mean \"failure\"?"},
      {"[delivery]\nmail = ''", "t:2: delivery.mail: unknown key; did you mean \"email\"?"},
      {"[log]\nlvl = ''", "t:2: log.lvl: unknown key; did you mean \"level\"?"},
      {"[log]\n\"a\\u001bb\" = ''", "t:2: log.\"a?b\": unknown key; did you mean \"level\"?"},
  });
}

TEST(ConfigRefusal, TypesAreStrict) {
  expect_refusals({
      {"server = 1", "t:1: server: must be a table, not an integer"},
      {"\napi_keys = {}", "t:2: api_keys: must be an array, not a table"},
      {"api_keys = [1]", "t:1: api_keys[0]: must be a table, not an integer"},
      {in_server("threads = '4'"), "t:2: server.threads: must be an integer, not a string"},
      {in_server("threads = 4.0"), "t:2: server.threads: must be an integer, not a value of another type"},
      {in_server("listen = 8080"), "t:2: server.listen: must be a string, not an integer"},
      {in_server("insecure_http = 1"), "t:2: server.insecure_http: must be true or false, not an integer"},
      {in_server("idle_timeout = 60"), "t:2: server.idle_timeout: must be a string, not an integer"},
      {in_server("trusted_proxies = '::1'"), "t:2: server.trusted_proxies: must be an array, not a string"},
      {"[profiles]\np = 3", "t:2: profiles.p: must be a table, not an integer"},
      {"[log]\nlevel = 'loud'", "t:2: log.level: \"loud\" is none of trace, debug, info, warn, error"},
  });
}

TEST(ConfigRefusal, NumbersDurationsAndRatesHaveBounds) {
  expect_refusals({
      {in_server("threads = 257"), "t:2: server.threads: 257 must be between 0 and 256"},
      {in_server("threads = -1"), "t:2: server.threads: -1 must be between 0 and 256"},
      {in_server("proxy_hops = 0"), "t:2: server.proxy_hops: 0 must be between 1 and 16"},
      {in_server("max_connections = 0"), "t:2: server.max_connections: 0 must be"},
      {in_server("max_connections_per_ip = 1000001"), "t:2: server.max_connections_per_ip: 1000001 must be"},
      {in_server("header_timeout = '99ms'"), "t:2: server.header_timeout: \"99ms\" must be between 100ms and 10m"},
      {in_server("body_timeout = '11m'"), "t:2: server.body_timeout: \"11m\" must be between 100ms and 10m"},
      {in_server("write_timeout = '0s'"), "t:2: server.write_timeout: \"0s\" must be"},
      {in_server("idle_timeout = '2h'"), "t:2: server.idle_timeout: \"2h\" must be between 100ms and 1h"},
      {in_server("pre_drain = '1h'"), "t:2: server.pre_drain: \"1h\" must be between 0s and 10m"},
      {in_server("drain_timeout = '5 s'"), "t:2: server.drain_timeout: \"5 s\" is not a duration such as"},
      {in_server("drain_timeout = '99999999999d'"), "t:2: server.drain_timeout: \"99999999999d\" is not a duration"},
      {"[store]\ncache_mib = 0", "t:2: store.cache_mib: 0 must be between 1 and 1048576"},
      {"[store]\nballast_mib = 1048577", "t:2: store.ballast_mib: 1048577 must be"},
      {"[store]\nmin_free_mib = -1", "t:2: store.min_free_mib: -1 must be"},
      {"[store]\nmin_free_percent = 91", "t:2: store.min_free_percent: 91 must be between 0 and 90"},
      {"[store]\npath = ''", "t:2: store.path: must not be empty"},
      {"[limits]\nserver = '0/s'", "t:2: limits.server: \"0/s\" is not a rate such as \"10/1h\""},
      {"[limits]\nserver = '1000000001/s'", "t:2: limits.server: \"1000000001/s\" is not a rate"},
      {"[limits]\nserver = '1/401d'", "t:2: limits.server: \"1/401d\" is not a rate"},
      {"[limits]\nserver = '1/0ms'", "t:2: limits.server: \"1/0ms\" is not a rate"},
      {"[limits]\nserver = '1h'", "t:2: limits.server: \"1h\" is not a rate"},
      {in_gateway("connect_timeout = '61s'"), "t:5: providers.g.connect_timeout: \"61s\" must be between 100ms and 1m"},
      {in_gateway("timeout = '3m'"), "t:5: providers.g.timeout: \"3m\" must be between 100ms and 2m"},
      {in_gateway("max_connections = 4097"), "t:5: providers.g.max_connections: 4097 must be between 1 and 4096"},
  });
}

TEST(ConfigRefusal, Listeners) {
  expect_refusals({
      {in_server("listen = 'localhost:80'"), "t:2: server.listen: \"localhost:80\" is not address:port"},
      {in_server("listen = '127.0.0.1'"), "t:2: server.listen: \"127.0.0.1\" is not address:port"},
      {in_server("listen = '::1:80'"), "t:2: server.listen: \"::1:80\" is not address:port"},
      {in_server("listen = '[127.0.0.1]:80'"), "t:2: server.listen: \"[127.0.0.1]:80\" is not address:port"},
      {in_server("listen = '127.0.0.1:65536'"), "t:2: server.listen: \"127.0.0.1:65536\" is not address:port"},
      {in_server("listen = ''"), "t:2: server.listen: must not be empty"},
      // N11
      {in_server("listen = '0.0.0.0:80'"), "t:2: server.listen: \"0.0.0.0:80\" is plain HTTP that other machines can reach; "
                                           "add [server.tls], name the TLS proxy in server.trusted_proxies, or set "
                                           "server.insecure_http = true"},
      {in_server("listen = '[::]:80'"), "t:2: server.listen: \"[::]:80\" is plain HTTP"},
      {in_server("admin_listen = '10.0.0.1:81'"), "t:2: server.admin_listen: \"10.0.0.1:81\" is not loopback"},
      {in_server("admin_listen = '127.0.0.1:8080'"),
       "t:2: server.admin_listen: \"127.0.0.1:8080\" collides with server.listen"},
      {in_server("trusted_proxies = [\n'10.0.0.0/8',\n'10.0.0.1/8']"),
       "t:4: server.trusted_proxies[1]: \"10.0.0.1/8\" has bits set beyond its prefix; the block is \"10.0.0.0/8\""},
      {in_server("trusted_proxies = ['proxy']"), "t:2: server.trusted_proxies[0]: \"proxy\" is not an address or a CIDR block"},
      {in_server("trusted_proxies = ['10.0.0.0/33']"), "t:2: server.trusted_proxies[0]: \"10.0.0.0/33\" is not"},
      {in_server("trusted_proxies = ['::1', '::1']"), "t:2: server.trusted_proxies[1]: \"::1\" is there twice"},
      {"\n[server.tls]\ncertificate = '/dev/null'", "t:2: server.tls.private_key: is missing; TLS needs"},
      {"[server.tls]\ncertificate = '/nowhere/x'", "t:2: server.tls.certificate: cannot read \"/nowhere/x\": No such file"},
      {"[server.tls]\ncertificate = '/'", "t:2: server.tls.certificate: cannot read \"/\": Is a directory"},
  });
}

TEST(ConfigRefusal, MasterKeyAndApiKeys) {
  expect_refusals({
      {"[store]\nmaster_key = '" + hash_a + "'", "t:2: store.master_key: must not stand in the file; use {file = "},
      {"[store]\nmaster_key = {env = 'OTPD_TEST_UNSET'}",
       "t:2: store.master_key.env: the environment has no variable \"OTPD_TEST_UNSET\""},
      {"[store]\nmaster_key = {env = 'HOME'}", "t:2: store.master_key: must be 64 hex digits"},
      {"[store]\nmaster_key = {}", "t:2: store.master_key: must be one of {file = \"path\"} and {env = \"NAME\"}"},
      {"[store]\nmaster_key = {fil = 'x'}", "t:2: store.master_key.fil: unknown key; did you mean \"file\"?"},
      {"[store]\nmaster_key = {file = 'x', env = 'y'}", "t:2: store.master_key: must be one of"},
      {"[[api_keys]]\nname = 'a'", "t:1: api_keys[0].sha256: is missing"},
      {"[[api_keys]]\nsha256 = '" + hash_a + "'", "t:1: api_keys[0].name: is missing"},
      {"[[api_keys]]\nname = 'a b'", "t:2: api_keys[0].name: \"a b\" must be 1 to 32 of a-z 0-9 _ -"},
      {"[[api_keys]]\nname = 'a'\nsha256 = 'abc'", "t:3: api_keys[0].sha256: must be 64 hex digits"},
      {"[[api_keys]]\nsha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
       "t:2: api_keys[0].sha256: is the hash of an empty key"},
      {"[[api_keys]]\nname='a'\nsha256='" + hash_a + "'\n[[api_keys]]\nname='a'\nsha256='" + std::string(64, 'b') + "'",
       "t:5: api_keys[1].name: \"a\" names another key already"},
      {"[[api_keys]]\nname='a'\nsha256='" + hash_a + "'\n[[api_keys]]\nname='b'\nsha256='" + std::string(64, 'A') + "'",
       "t:6: api_keys[1].sha256: is the key \"a\" once more"},
  });
}

TEST(ConfigRefusal, Profiles) {
  expect_refusals({
      {"[profiles.Big]", "t:1: profiles.Big: a profile's name must be 1 to 32 of a-z 0-9 _ -"},
      {"[profiles.a]\n[profiles." + std::string(33, 'x') + "]", "t:2: profiles." + std::string(33, 'x') + ": a profile's name"},
      {"[profiles.\"\"]", "t:1: profiles.\"\": a profile's name must be"},
      {in_profile("code_length = 3"), "t:2: profiles.p.code_length: 3 must be between 4 and 10"},
      {in_profile("code_length = 11\nlegacy = true"), "t:2: profiles.p.code_length: 11 must be between 4 and 10"},
      {in_profile("code_length = 5"), "t:2: profiles.p.code_length: 5 is below 6, which only legacy = true allows"},
      {in_profile("lifetime = '29s'"), "t:2: profiles.p.lifetime: \"29s\" must be between 30s and 1d"},
      {in_profile("lifetime = '601s'"), "t:2: profiles.p.lifetime: \"601s\" is above 10m, which only legacy = true allows"},
      {in_profile("lifetime = '25h'\nlegacy = true"), "t:2: profiles.p.lifetime: \"25h\" must be between 30s and 1d"},
      {in_profile("lifetime = '60500ms'"), "t:2: profiles.p.lifetime: \"60500ms\" must be whole seconds"},
      {in_profile("alphabet = '012345678'"), "t:2: profiles.p.alphabet: \"012345678\" must be 10 to 36 distinct characters"},
      {in_profile("alphabet = '0123456788'"), "t:2: profiles.p.alphabet: \"0123456788\" must be 10 to 36 distinct"},
      {in_profile("alphabet = '012345678-'"), "t:2: profiles.p.alphabet: \"012345678-\" must be 10 to 36 distinct"},
      {in_profile("alphabet = '0123456789abcdefghijklmnopqrstuvwxyzA'"), "t:2: profiles.p.alphabet: "},
      {in_profile("alphabet = '012345678é'"), "t:2: profiles.p.alphabet: "},
      {in_profile("attempts = 0"), "t:2: profiles.p.attempts: 0 must be between 1 and 10"},
      {in_profile("attempts = 11"), "t:2: profiles.p.attempts: 11 must be between 1 and 10"},
      {in_profile("max_sends = 256"), "t:2: profiles.p.max_sends: 256 must be between 1 and 10"},
      {in_profile("resend_after = '601s'"), "t:2: profiles.p.resend_after: \"601s\" must be between 0s and 10m"},
      {in_profile("max_consecutive_failures = 101"), "t:2: profiles.p.max_consecutive_failures: 101 must be between 1 and 100"},
      {in_profile("sends = '5'"), "t:2: profiles.p.sends: \"5\" is not a rate"},
      {in_profile("failures = 5"), "t:2: profiles.p.failures: must be a string, not an integer"},
      {in_profile("sharing = 'both'"), "t:2: profiles.p.sharing: \"both\" is none of shared, independent"},
      {in_profile("resend = ''"), "t:2: profiles.p.resend: \"\" is none of same, rotate"},
      {in_profile("channels = []"), "t:2: profiles.p.channels: must name \"sms\", \"email\" or both"},
      {in_profile("channels = ['sms',\n'fax']"), "t:3: profiles.p.channels[1]: \"fax\" is none of sms, email"},
      {in_profile("channels = ['sms', 'sms']"), "t:2: profiles.p.channels[1]: is there twice"},
      {in_profile("countries = ['DE', 'UK']"), "t:2: profiles.p.countries[1]: \"UK\" is not an ISO 3166 country code"},
      {in_profile("countries = ['de']"), "t:2: profiles.p.countries[0]: \"de\" is not"},
      {in_profile("countries = ['DE', 'DE']"), "t:2: profiles.p.countries[1]: \"DE\" is there twice"},
      {in_profile("default_region = 'E '"), "t:2: profiles.p.default_region: \"E \" is not"},
      {in_profile("locale = 'en_US'"), "t:2: profiles.p.locale: \"en_US\" is not a language tag"},
      {in_profile("locale = ''"), "t:2: profiles.p.locale: \"\" is not a language tag"},
      {in_profile("app = 'a{code}'"), "t:2: profiles.p.app: \"a{code}\" must be 1 to 40 letters"},
      {in_profile("app = 'evil.example'"), "t:2: profiles.p.app: \"evil.example\" must be 1 to 40 letters"},
      {in_profile("app = ''"), "t:2: profiles.p.app: must not be empty"},
      {in_profile("app = \"a\\nb\""), "t:2: profiles.p.app: has a control character"},
      {in_profile("message = ''"), "t:2: profiles.p.message: must not be empty"},
      {in_profile("message = 'hello'"), "t:2: profiles.p.message: must have {code} once, not 0 times"},
      {in_profile("message = '{code} {code}'"), "t:2: profiles.p.message: must have {code} once, not 2 times"},
      {in_profile("message = '{code} {name}'"),
       "t:2: profiles.p.message: \"{name}\" is no placeholder; known are {code}, {app}, {minutes}"},
      {in_profile("message = '{code} }'"), "t:2: profiles.p.message: \"}\" is no placeholder"},
      {in_profile("message = '{code} {'"), "t:2: profiles.p.message: \"{\" is no placeholder"},
      {in_profile("message = \"{code}\\n\""), "t:2: profiles.p.message: must not end with a line break"},
      {in_profile("message = \"{code}\\r\\n\""), "t:2: profiles.p.message: has a control character"},
      {in_profile("message = \"{code}\\u0085\""), "t:2: profiles.p.message: has a control character"},
      {in_profile("message = '{code}" + std::string(1000, 'x') + "'"),
       "t:2: profiles.p.message: must have at most 1000 bytes, not 1006"},
  });
}

TEST(ConfigRefusal, Delivery) {
  const std::string open = "[server]\nlisten = '0.0.0.0:80'\ninsecure_http = true\n[delivery]\n";
  expect_refusals({
      {"[delivery]\n\nsms = 'nul'", "t:3: delivery.sms: unknown provider \"nul\"; did you mean \"null\"?"},
      {"delivery.email = 'x'", "t:1: delivery.email: unknown provider \"x\"; did you mean "},
      {open + "sms = 'null'\nemail = 'console'",
       "t:6: delivery.email: \"console\" prints codes while other machines can reach"},
      {open + "email = ''", "t:4: delivery.sms: \"console\" prints codes"},
      {open + "email = ''\nsms = 'c'\n[providers.c]\ntype = 'console'", "t:6: delivery.sms: \"c\" prints codes"},
  });
}

TEST(ConfigRefusal, Providers) {
  expect_refusals({
      {"[providers.A]\ntype = 'null'", "t:1: providers.A: a provider's name must be"},
      {"[providers.a]", "t:1: providers.a.type: is missing; console, null or http"},
      {"[providers.a]\ntype = 'smtp'", "t:2: providers.a.type: \"smtp\" is none of console, null, http"},
      {"[providers.console]\ntype = 'http'", "t:2: providers.console.type: is built in as \"console\"; use another name"},
      {"[providers.null]\ntype = 'console'", "t:2: providers.null.type: is built in as \"null\""},
      {"[providers.null]\nurl = 'https://x'", "t:2: providers.null.url: is for type = \"http\" only"},
      {in_gateway("allow_remote_console = false"), "t:5: providers.g.allow_remote_console: is for type = \"console\" only"},
      {"[providers.g]\ntype = 'http'", "t:1: providers.g.url: is missing"},
      {gateway_with("ftp://x/{to}", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://u:p@x/{to}", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://x:0/", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://x:65536/", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://x/a b", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://x/#a", ""), "t:3: providers.g.url: is not an URL"},
      {gateway_with("https://x/{too}", ""),
       "t:3: providers.g.url: unknown name {too}; known are to, to_digits, text, from, code"},
      {gateway_with("http://x.example/{to}", ""), "t:3: providers.g.url: is http:// to another machine; use https://"},
      {gateway_with("https://x", "{\"t\": \"{text}\"}"), "t:4: providers.g.body: names neither {to} nor {to_digits}"},
      {gateway_with("https://x", "{\"t\": \"{to}\"}"), "t:4: providers.g.body: names neither {text} nor {code}"},
      {gateway_with("https://x", "{\"t\": \"{to}\", \"c\": {code}}"), "t:4: providers.g.body: is not JSON once"},
      {gateway_with("https://x", "{\"t\": \"{to}\", \"c\": \"{code}\"},"), "t:4: providers.g.body: is not JSON once"},
      {gateway_with("https://x", "{to} {code} {name}", "content_type = 'form'"),
       "t:4: providers.g.body: unknown name {name}; known are"},
      {gateway_with("https://x", "{to} {code} {from}", "content_type = 'form'"), "t:1: providers.g.from: is missing"},
  });
}

TEST(ConfigRefusal, Gateways) {
  expect_refusals({
      {in_gateway("method = 'post'"), "t:5: providers.g.method: \"post\" is none of POST, GET, PUT"},
      {in_gateway("headers = {'a b' = 'x'}"), "t:5: providers.g.headers.\"a b\": a header's name must be a token"},
      {in_gateway("headers = {'' = 'x'}"), "t:5: providers.g.headers.\"\": a header's name must be a token"},
      {in_gateway("[providers.g.headers]\nx = \"a\\r\\nb\""), "t:6: providers.g.headers.x: has a control character"},
      {in_gateway("headers = {x = '{nam}'}"), "t:5: providers.g.headers.x: unknown name {nam}; known are"},
      {in_gateway("headers = {x = 'a', X = 'b'}"), "t:5: providers.g.headers.x: is there twice"},
      {in_gateway("headers = {Content-Length = '1'}"), "t:5: providers.g.headers.Content-Length: is set by otpd itself"},
      {in_gateway("headers = {content-type = '1'}"), "t:5: providers.g.headers.content-type: is set by otpd itself"},
      {in_gateway("headers = {Authorization = 'Bearer s3cret'}"),
       "t:5: providers.g.headers.Authorization: looks like a secret and must not stand in the file"},
      {in_gateway("headers = {X-API-Key = 's3cret'}"), "t:5: providers.g.headers.X-API-Key: looks like a secret"},
      {in_gateway("headers = {Authorization = {file = '/nowhere/x'}}"),
       "t:5: providers.g.headers.Authorization.file: cannot read \"/nowhere/x\": No such file"},
      {in_gateway("headers = {Authorization = {file = '/dev/null'}}"),
       "t:5: providers.g.headers.Authorization.file: the secret is empty"},
      {in_gateway("content_type = 'xml'"), "t:5: providers.g.content_type: \"xml\" is not \"json\", \"form\" or a media type"},
      {in_gateway("success_status = '2xx,'"), "t:5: providers.g.success_status: \"2xx,\" is not a list of statuses"},
      {in_gateway("success_status = '204-200'"), "t:5: providers.g.success_status: \"204-200\" is not"},
      {in_gateway("success_status = '600'"), "t:5: providers.g.success_status: \"600\" is not"},
      {in_gateway("success_status = '200, 201'"), "t:5: providers.g.success_status: \"200, 201\" is not"},
      {in_gateway("success_status = ''"), "t:5: providers.g.success_status: must not be empty"},
      {in_gateway("success_json_pointer = 'a'"), "t:5: providers.g.success_json_pointer: \"a\" is not a JSON pointer"},
      {in_gateway("message_id_json_pointer = '/a~2'"), "t:5: providers.g.message_id_json_pointer: \"/a~2\" is not"},
      {gateway_with("https://x", "{to} {code}", "content_type = 'application/x+json'"),
       "t:4: providers.g.body: is not JSON once"},
      {in_gateway("success_json_value = 'a'"), "t:5: providers.g.success_json_value: needs success_json_pointer"},
      {in_gateway("failures = [{status = '4x'}]"), "t:5: providers.g.failures[0].status: \"4x\" is not a list of statuses"},
      {in_gateway("failures = [{status = '4xx'}]"), "t:5: providers.g.failures[0].failure: is missing"},
      {in_gateway("failures = [{failure = 'none'}]"), "t:5: providers.g.failures[0].failure: \"none\" is none of bad_number"},
      {in_gateway("failures = [{failure = 'rejected'},\n{failure = 'unknown'}]"),
       "t:6: providers.g.failures[1]: is never reached"},
      {in_gateway("ca_file = '/nowhere/x'"), "t:5: providers.g.ca_file: cannot read"},
  });
}

}  // namespace
}  // namespace otpd
