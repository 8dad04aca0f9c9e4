#include "config_refusals.hpp"

namespace otpd {
namespace {

std::string in_profile(const std::string& lines) {
  return "[profiles.p]\n" + lines;
}
// A gateway that is right, with `lines` from line 5 on.
std::string in_gateway(const std::string& lines) {
  return "[providers.g]\ntype = 'http'\nurl = 'https://x.example/{to}'\nbody = '{\"t\": \"{text}\"}'\n" +
         lines;
}
std::string gateway_with(const std::string& url, const std::string& body, const std::string& lines = "") {
  return "[providers.g]\ntype = 'http'\nurl = '" + url + "'\nbody = '" + body + "'\n" + lines;
}

TEST(ConfigRefusal, Profiles) {
  expect_refusals({
      {"[profiles.Big]", "t:1: profiles.Big: a profile's name must be 1 to 32 of a-z 0-9 _ -"},
      {"[profiles.a]\n[profiles." + std::string(33, 'x') + "]",
       "t:2: profiles." + std::string(33, 'x') + ": a profile's name"},
      {"[profiles.\"\"]", "t:1: profiles.\"\": a profile's name must be"},
      {in_profile("code_length = 3"), "t:2: profiles.p.code_length: 3 must be between 4 and 10"},
      {in_profile("code_length = 11\nlegacy = true"),
       "t:2: profiles.p.code_length: 11 must be between 4 and 10"},
      {in_profile("code_length = 5"),
       "t:2: profiles.p.code_length: 5 is below 6, which only legacy = true allows"},
      {in_profile("lifetime = '29s'"), "t:2: profiles.p.lifetime: \"29s\" must be between 30s and 1d"},
      {in_profile("lifetime = '601s'"),
       "t:2: profiles.p.lifetime: \"601s\" is above 10m, which only legacy = true allows"},
      {in_profile("lifetime = '25h'\nlegacy = true"),
       "t:2: profiles.p.lifetime: \"25h\" must be between 30s and 1d"},
      {in_profile("lifetime = '60500ms'"), "t:2: profiles.p.lifetime: \"60500ms\" must be whole seconds"},
      {in_profile("alphabet = '012345678'"),
       "t:2: profiles.p.alphabet: \"012345678\" must be 10 to 36 distinct characters"},
      {in_profile("alphabet = '0123456788'"),
       "t:2: profiles.p.alphabet: \"0123456788\" must be 10 to 36 distinct"},
      {in_profile("alphabet = '012345678-'"),
       "t:2: profiles.p.alphabet: \"012345678-\" must be 10 to 36 distinct"},
      {in_profile("alphabet = '0123456789abcdefghijklmnopqrstuvwxyzA'"), "t:2: profiles.p.alphabet: "},
      {in_profile("alphabet = '012345678é'"), "t:2: profiles.p.alphabet: "},
      {in_profile("attempts = 0"), "t:2: profiles.p.attempts: 0 must be between 1 and 10"},
      {in_profile("attempts = 11"), "t:2: profiles.p.attempts: 11 must be between 1 and 10"},
      {in_profile("max_sends = 256"), "t:2: profiles.p.max_sends: 256 must be between 1 and 10"},
      {in_profile("resend_after = '601s'"),
       "t:2: profiles.p.resend_after: \"601s\" must be between 0s and 10m"},
      {in_profile("max_consecutive_failures = 101"),
       "t:2: profiles.p.max_consecutive_failures: 101 must be between 1 and 100"},
      {in_profile("sends = '5'"), "t:2: profiles.p.sends: \"5\" is not a rate"},
      {in_profile("failures = 5"), "t:2: profiles.p.failures: must be a string, not an integer"},
      {in_profile("sharing = 'both'"), "t:2: profiles.p.sharing: \"both\" is none of shared, independent"},
      {in_profile("resend = ''"), "t:2: profiles.p.resend: \"\" is none of same, rotate"},
      {in_profile("channels = []"), "t:2: profiles.p.channels: must name \"sms\", \"email\" or both"},
      {in_profile("channels = ['sms',\n'fax']"),
       "t:3: profiles.p.channels[1]: \"fax\" is none of sms, email"},
      {in_profile("channels = ['sms', 'sms']"), "t:2: profiles.p.channels[1]: is there twice"},
      {in_profile("countries = ['DE', 'UK']"),
       "t:2: profiles.p.countries[1]: \"UK\" is not an ISO 3166 country code"},
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
      {in_profile("message = '{code} {code}'"),
       "t:2: profiles.p.message: must have {code} once, not 2 times"},
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
      {open + "email = ''\nsms = 'c'\n[providers.c]\ntype = 'console'",
       "t:6: delivery.sms: \"c\" prints codes"},
  });
}

TEST(ConfigRefusal, Providers) {
  expect_refusals({
      {"[providers.A]\ntype = 'null'", "t:1: providers.A: a provider's name must be"},
      {"[providers.a]", "t:1: providers.a.type: is missing; one of console, null, inbox, http"},
      {"[providers.a]\ntype = 'fax'", "t:2: providers.a.type: \"fax\" is none of console, null, inbox, http"},
      {"[providers.console]\ntype = 'http'",
       "t:2: providers.console.type: is built in as \"console\"; use another name"},
      {"[providers.null]\ntype = 'console'", "t:2: providers.null.type: is built in as \"null\""},
      {"[providers.null]\nurl = 'https://x'",
       "t:2: providers.null.url: is for type = \"http\", \"twilio\", \"mshastra\", \"vonage\" only"},
      {in_gateway("allow_remote_console = false"),
       "t:5: providers.g.allow_remote_console: is for type = \"console\" only"},
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
      {gateway_with("http://x.example/{to}", ""),
       "t:3: providers.g.url: is http:// to another machine; use https://"},
      {gateway_with("https://x", "{\"t\": \"{text}\"}"),
       "t:4: providers.g.body: names neither {to} nor {to_digits}"},
      {gateway_with("https://x", "{\"t\": \"{to}\"}"),
       "t:4: providers.g.body: names neither {text} nor {code}"},
      {gateway_with("https://x", "{\"t\": \"{to}\", \"c\": {code}}"),
       "t:4: providers.g.body: is not JSON once"},
      {gateway_with("https://x", "{\"t\": \"{to}\", \"c\": \"{code}\"},"),
       "t:4: providers.g.body: is not JSON once"},
      {gateway_with("https://x", "{to} {code} {name}", "content_type = 'form'"),
       "t:4: providers.g.body: unknown name {name}; known are"},
      {gateway_with("https://x", "{to} {code} {from}", "content_type = 'form'"),
       "t:1: providers.g.from: is missing"},
  });
}

TEST(ConfigRefusal, Gateways) {
  expect_refusals({
      {in_gateway("method = 'post'"), "t:5: providers.g.method: \"post\" is none of POST, GET, PUT"},
      {in_gateway("headers = {'a b' = 'x'}"),
       "t:5: providers.g.headers.\"a b\": a header's name must be a token"},
      {in_gateway("headers = {'' = 'x'}"), "t:5: providers.g.headers.\"\": a header's name must be a token"},
      {in_gateway("[providers.g.headers]\nx = \"a\\r\\nb\""),
       "t:6: providers.g.headers.x: has a control character"},
      {in_gateway("headers = {x = '{nam}'}"), "t:5: providers.g.headers.x: unknown name {nam}; known are"},
      {in_gateway("headers = {x = 'a', X = 'b'}"), "t:5: providers.g.headers.x: is there twice"},
      {in_gateway("headers = {Content-Length = '1'}"),
       "t:5: providers.g.headers.Content-Length: is set by otpd itself"},
      {in_gateway("headers = {content-type = '1'}"),
       "t:5: providers.g.headers.content-type: is set by otpd itself"},
      {in_gateway("headers = {Authorization = 'Bearer s3cret'}"),
       "t:5: providers.g.headers.Authorization: looks like a secret and must not stand in the file"},
      {in_gateway("headers = {X-API-Key = 's3cret'}"),
       "t:5: providers.g.headers.X-API-Key: looks like a secret"},
      {in_gateway("headers = {Authorization = {file = '/nowhere/x'}}"),
       "t:5: providers.g.headers.Authorization.file: cannot read \"/nowhere/x\": No such file"},
      {in_gateway("headers = {Authorization = {file = '/dev/null'}}"),
       "t:5: providers.g.headers.Authorization.file: the secret is empty"},
      {in_gateway("content_type = 'xml'"),
       "t:5: providers.g.content_type: \"xml\" is not \"json\", \"form\" or a media type"},
      {in_gateway("success_status = '2xx,'"),
       "t:5: providers.g.success_status: \"2xx,\" is not a list of statuses"},
      {in_gateway("success_status = '204-200'"), "t:5: providers.g.success_status: \"204-200\" is not"},
      {in_gateway("success_status = '600'"), "t:5: providers.g.success_status: \"600\" is not"},
      {in_gateway("success_status = '200, 201'"), "t:5: providers.g.success_status: \"200, 201\" is not"},
      {in_gateway("success_status = ''"), "t:5: providers.g.success_status: must not be empty"},
      {in_gateway("success_json_pointer = 'a'"),
       "t:5: providers.g.success_json_pointer: \"a\" is not a JSON pointer"},
      {in_gateway("message_id_json_pointer = '/a~2'"),
       "t:5: providers.g.message_id_json_pointer: \"/a~2\" is not"},
      {gateway_with("https://x", "{to} {code}", "content_type = 'application/x+json'"),
       "t:4: providers.g.body: is not JSON once"},
      {in_gateway("success_json_value = 'a'"),
       "t:5: providers.g.success_json_value: needs success_json_pointer"},
      {in_gateway("failures = [{status = '4x'}]"),
       "t:5: providers.g.failures[0].status: \"4x\" is not a list of statuses"},
      {in_gateway("failures = [{status = '4xx'}]"), "t:5: providers.g.failures[0].failure: is missing"},
      {in_gateway("failures = [{failure = 'none'}]"),
       "t:5: providers.g.failures[0].failure: \"none\" is none of bad_number"},
      {in_gateway("failures = [{failure = 'rejected'},\n{failure = 'unknown'}]"),
       "t:6: providers.g.failures[1]: is never reached"},
      {in_gateway("ca_file = '/nowhere/x'"), "t:5: providers.g.ca_file: cannot read"},
  });
}

}  // namespace
}  // namespace otpd
