#include "config_refusals.hpp"

namespace otpd {
namespace {

std::string in_server(const std::string& line) {
  return "[server]\n" + line;
}
std::string in_profile(const std::string& lines) {
  return "[profiles.p]\n" + lines;
}
// A gateway that is right, with `lines` from line 5 on.
std::string in_gateway(const std::string& lines) {
  return "[providers.g]\ntype = 'http'\nurl = 'https://x.example/{to}'\nbody = '{\"t\": \"{text}\"}'\n" +
         lines;
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
      {in_server("header_timeout = '99ms'"),
       "t:2: server.header_timeout: \"99ms\" must be between 100ms and 10m"},
      {in_server("body_timeout = '11m'"), "t:2: server.body_timeout: \"11m\" must be between 100ms and 10m"},
      {in_server("write_timeout = '0s'"), "t:2: server.write_timeout: \"0s\" must be"},
      {in_server("idle_timeout = '2h'"), "t:2: server.idle_timeout: \"2h\" must be between 100ms and 1h"},
      {in_server("pre_drain = '1h'"), "t:2: server.pre_drain: \"1h\" must be between 0s and 10m"},
      {in_server("drain_timeout = '5 s'"), "t:2: server.drain_timeout: \"5 s\" is not a duration such as"},
      {in_server("drain_timeout = '99999999999d'"),
       "t:2: server.drain_timeout: \"99999999999d\" is not a duration"},
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
      {in_gateway("connect_timeout = '61s'"),
       "t:5: providers.g.connect_timeout: \"61s\" must be between 100ms and 1m"},
      {in_gateway("timeout = '3m'"), "t:5: providers.g.timeout: \"3m\" must be between 100ms and 2m"},
      {in_gateway("max_connections = 4097"),
       "t:5: providers.g.max_connections: 4097 must be between 1 and 4096"},
  });
}

TEST(ConfigRefusal, Listeners) {
  expect_refusals({
      {in_server("listen = 'localhost:80'"), "t:2: server.listen: \"localhost:80\" is not address:port"},
      {in_server("listen = '127.0.0.1'"), "t:2: server.listen: \"127.0.0.1\" is not address:port"},
      {in_server("listen = '::1:80'"), "t:2: server.listen: \"::1:80\" is not address:port"},
      {in_server("listen = '[127.0.0.1]:80'"), "t:2: server.listen: \"[127.0.0.1]:80\" is not address:port"},
      {in_server("listen = '127.0.0.1:65536'"),
       "t:2: server.listen: \"127.0.0.1:65536\" is not address:port"},
      {in_server("listen = ''"), "t:2: server.listen: must not be empty"},
      // N11
      {in_server("listen = '0.0.0.0:80'"),
       "t:2: server.listen: \"0.0.0.0:80\" is plain HTTP that other machines can reach; "
       "add [server.tls], name the TLS proxy in server.trusted_proxies, or set "
       "server.insecure_http = true"},
      {in_server("listen = '[::]:80'"), "t:2: server.listen: \"[::]:80\" is plain HTTP"},
      {in_server("admin_listen = '10.0.0.1:81'"),
       "t:2: server.admin_listen: \"10.0.0.1:81\" is not loopback"},
      {in_server("admin_listen = '127.0.0.1:8080'"),
       "t:2: server.admin_listen: \"127.0.0.1:8080\" collides with server.listen"},
      {in_server("trusted_proxies = [\n'10.0.0.0/8',\n'10.0.0.1/8']"),
       "t:4: server.trusted_proxies[1]: \"10.0.0.1/8\" has bits set beyond its prefix; the block is "
       "\"10.0.0.0/8\""},
      {in_server("trusted_proxies = ['proxy']"),
       "t:2: server.trusted_proxies[0]: \"proxy\" is not an address or a CIDR block"},
      {in_server("trusted_proxies = ['10.0.0.0/33']"),
       "t:2: server.trusted_proxies[0]: \"10.0.0.0/33\" is not"},
      {in_server("trusted_proxies = ['::1', '::1']"),
       "t:2: server.trusted_proxies[1]: \"::1\" is there twice"},
      {"\n[server.tls]\ncertificate = '/dev/null'", "t:2: server.tls.private_key: is missing; TLS needs"},
      {"[server.tls]\ncertificate = '/nowhere/x'",
       "t:2: server.tls.certificate: cannot read \"/nowhere/x\": No such file"},
      {"[server.tls]\ncertificate = '/'", "t:2: server.tls.certificate: cannot read \"/\": Is a directory"},
  });
}

TEST(ConfigRefusal, MasterKeyAndApiKeys) {
  expect_refusals({
      {"[store]\nmaster_key = '" + hash_a + "'",
       "t:2: store.master_key: must not stand in the file; use {file = "},
      {"[store]\nmaster_key = {env = 'OTPD_TEST_UNSET'}",
       "t:2: store.master_key.env: the environment has no variable \"OTPD_TEST_UNSET\""},
      {"[store]\nmaster_key = {env = 'HOME'}", "t:2: store.master_key: must be 64 hex digits"},
      {"[store]\nmaster_key = {}",
       "t:2: store.master_key: must be one of {file = \"path\"} and {env = \"NAME\"}"},
      {"[store]\nmaster_key = {fil = 'x'}", "t:2: store.master_key.fil: unknown key; did you mean \"file\"?"},
      {"[store]\nmaster_key = {file = 'x', env = 'y'}", "t:2: store.master_key: must be one of"},
      {"[[api_keys]]\nname = 'a'", "t:1: api_keys[0].sha256: is missing"},
      {"[[api_keys]]\nsha256 = '" + hash_a + "'", "t:1: api_keys[0].name: is missing"},
      {"[[api_keys]]\nname = 'a b'", "t:2: api_keys[0].name: \"a b\" must be 1 to 32 of a-z 0-9 _ -"},
      {"[[api_keys]]\nname = 'a'\nsha256 = 'abc'", "t:3: api_keys[0].sha256: must be 64 hex digits"},
      {"[[api_keys]]\nsha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
       "t:2: api_keys[0].sha256: is the hash of an empty key"},
      {"[[api_keys]]\nname='a'\nsha256='" + hash_a + "'\n[[api_keys]]\nname='a'\nsha256='" +
           std::string(64, 'b') + "'",
       "t:5: api_keys[1].name: \"a\" names another key already"},
      {"[[api_keys]]\nname='a'\nsha256='" + hash_a + "'\n[[api_keys]]\nname='b'\nsha256='" +
           std::string(64, 'A') + "'",
       "t:6: api_keys[1].sha256: is the key \"a\" once more"},
  });
}

}  // namespace
}  // namespace otpd
