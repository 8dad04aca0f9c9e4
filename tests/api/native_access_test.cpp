// Who is served, and how often.

#include <gtest/gtest.h>

#include "api/running_server.hpp"

namespace {

using namespace otpd::api::test;
using otpd::config;

const std::string ann = "+4915112345601";
const std::string collection = "/v1/verifications";
const std::string nobody = collection + "/9l2Yb8cRr0yQe1v0mJw5T3n7cQm4xZ0H";

// printf %s one | sha256sum
constexpr const char* keys = R"(
[[api_keys]]
name = "first"
sha256 = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
[[api_keys]]
name = "second"
sha256 = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
)";

TEST(NativeAccess, IsGivenToEveryKey) {
  running_server server(keys);
  for (const char* value : {"Bearer one", "Bearer two", "bearer one", "BEARER   two"}) {
    const answer seen = server.ask("GET", nobody, "", "Authorization: " + std::string(value) + "\r\n");
    EXPECT_EQ(seen.status, std::string_view(value) == "BEARER   two" ? 401 : 404) << value;
  }
}

TEST(NativeAccess, IsRefusedWithoutAKeyOnEveryCall) {
  running_server server(keys);
  const std::string body = object({{"to", ann}});
  for (const char* value :
       {"", "Authorization: Bearer three\r\n", "Authorization: Basic b25l\r\n", "Authorization: one\r\n",
        "X-Api-Key: one\r\n", "Authorization: Bearer\r\n", "Authorization: Bearer one, Bearer two\r\n",
        "Authorization: Bearer one\r\nAuthorization: Bearer one\r\n",
        "Authorization: Bearer one\r\nAuthorization: Bearer x\r\n"}) {
    EXPECT_EQ(server.ask("POST", collection, body, value).code(), "unauthorized") << value;
    EXPECT_EQ(server.ask("POST", collection + "/check", body, value).code(), "unauthorized") << value;
    EXPECT_EQ(server.ask("POST", nobody + "/check", body, value).code(), "unauthorized") << value;
    EXPECT_EQ(server.ask("POST", nobody + "/resend", "", value).code(), "unauthorized") << value;
    EXPECT_EQ(server.ask("GET", nobody, "", value).code(), "unauthorized") << value;
    EXPECT_EQ(server.ask("DELETE", nobody, "", value).code(), "unauthorized") << value;
  }
  EXPECT_TRUE(server.provider().codes().empty());
  EXPECT_EQ(server.ask("GET", "/openapi.yaml").status, 200) << "it is for everybody";
  EXPECT_EQ(server.ask("GET", "/openapi.yaml?key=one").status, 200);
  EXPECT_EQ(server.ask("GET", nobody + "?access_token=one").status, 401);
}

TEST(NativeAccess, TakesNoKeyFromATrailer) {
  running_server server(keys);
  const answer seen = server.ask_raw(
      "POST /v1/verifications HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: "
      "application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "17\r\n{\"to\":\"+4915112345601\"}\r\n0\r\nAuthorization: Bearer one\r\n\r\n");
  EXPECT_EQ(seen.status, 401) << seen.body;
}

TEST(NativeAccess, WithoutKeysIsForThisMachineOnly) {
  running_server server;
  EXPECT_EQ(server.ask("GET", nobody).status, 404);
  EXPECT_EQ(server.ask("GET", nobody, "", "Authorization: Bearer whatever\r\n").status, 404);
}

// A proxy on this machine would else open the API to whomever it serves; and what it says of them is the
// client's to write.
TEST(NativeAccess, WithoutKeysIsNotForAProxy) {
  const char* traces[] = {"X-Forwarded-For: 203.0.113.7\r\n",
                          "X-Forwarded-For: 127.0.0.1\r\n",
                          "x-forwarded-for: ::1\r\n",
                          "X-Forwarded-For: \r\n",
                          "X-Forwarded-For: nonsense\r\n",
                          "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.7\r\n",
                          "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 127.0.0.1\r\n",
                          "X-Forwarded-For: 203.0.113.7, 127.0.0.1\r\n",
                          "X-Forwarded-Host: otp.example\r\n",
                          "X-Forwarded-Proto: https\r\n",
                          "Forwarded: for=127.0.0.1\r\n",
                          "Via: 1.1 edge\r\n",
                          "X-Real-IP: 127.0.0.1\r\n"};
  for (const char* trusted : {"", "trusted_proxies = [\"127.0.0.1\"]"}) {
    running_server server({}, [&](config& all) {
      if (*trusted != '\0') all.server.trusted_proxies = {"127.0.0.1"};
    });
    for (const char* trace : traces) {
      EXPECT_EQ(server.ask("GET", nobody, "", trace).code(), "loopback_only") << trace << trusted;
      EXPECT_EQ(server.ask("POST", collection, object({{"to", ann}}), trace).code(), "loopback_only")
          << trace << trusted;
    }
    EXPECT_TRUE(server.provider().codes().empty());
    EXPECT_EQ(server.ask("GET", nobody).status, 404) << "no trace";
  }
}

TEST(NativeAccess, WithAKeyIsForAProxyToo) {
  running_server server(keys);
  EXPECT_EQ(server
                .ask("GET", nobody, "",
                     "Authorization: Bearer one\r\nX-Forwarded-For: 203.0.113.7\r\nVia: 1.1 edge\r\n")
                .status,
            404);
}

// ---- limits
// ----------------------------------------------------------------------------------------------------------

std::string number(int n) {
  return "+491511234" + std::to_string(1000 + n);
}

// How many of `count` starts, each for another recipient, are served before the first refusal; that refusal.
struct run {
  int served = 0;
  answer refused;
};

run start_until_refused(running_server& server, int count, const std::string& members = {},
                        const std::string& fields = {}) {
  run out;
  for (; out.served < count; ++out.served) {
    out.refused =
        server.ask("POST", collection, "{\"to\":\"" + number(out.served) + "\"" + members + "}", fields);
    if (out.refused.status != 201) return out;
  }
  return out;
}

void expect_limit(const run& seen, int served, const char* name) {
  EXPECT_EQ(seen.served, served);
  EXPECT_EQ(seen.refused.status, 429);
  EXPECT_EQ(seen.refused.code(), "rate_limited");
  EXPECT_EQ(seen.refused.text("limit"), name);
  EXPECT_GT(std::stoi(seen.refused.header("Retry-After")), 1);
}

constexpr const char* with_key = "Authorization: Bearer one\r\n";

TEST(NativeLimit, CountsTheConnectionWithoutKeys) {
  running_server server("[limits]\nclient_ip = \"5/1h\"\n");
  expect_limit(start_until_refused(server, 10), 5, "client_ip");
}

TEST(NativeLimit, CountsTheGivenClientInstead) {
  running_server server("[limits]\nclient_ip = \"5/1h\"\n");
  expect_limit(start_until_refused(server, 10, R"(,"client_ip":"203.0.113.7")"), 5, "client_ip");
  expect_limit(start_until_refused(server, 10, R"(,"client_ip":"::ffff:203.0.113.7")"), 0, "client_ip");
  expect_limit(start_until_refused(server, 10, R"(,"client_ip":"2001:db8::1")"), 5, "client_ip");
  expect_limit(start_until_refused(server, 10, R"(,"client_ip":"2001:db8::ffff:2")"), 0, "client_ip");
  expect_limit(start_until_refused(server, 10, R"(,"client_ip":"2001:db8:0:1::1")"), 5, "client_ip");
  expect_limit(start_until_refused(server, 10), 5, "client_ip");
}

TEST(NativeLimit, CountsNoConnectionWithAKey) {
  running_server server(std::string(keys) + "[limits]\nclient_ip = \"5/1h\"\n");
  EXPECT_EQ(start_until_refused(server, 10, {}, with_key).served, 10);
  EXPECT_EQ(
      start_until_refused(server, 10, {}, std::string(with_key) + "X-Forwarded-For: 203.0.113.7\r\n").served,
      10);
  expect_limit(start_until_refused(server, 10, R"(,"client_ip":"203.0.113.7")", with_key), 5, "client_ip");
}

TEST(NativeLimit, CountsEachKey) {
  running_server server(std::string(keys) + "[limits]\napi_key = \"5/1h\"\n");
  expect_limit(start_until_refused(server, 10, {}, with_key), 5, "api_key");
  expect_limit(start_until_refused(server, 10, {}, "Authorization: Bearer two\r\n"), 5, "api_key");
}

TEST(NativeLimit, CountsPrefixCountryAndServer) {
  for (const char* name : {"prefix", "country", "server"}) {
    running_server server("[limits]\n" + std::string(name) + " = \"5/1h\"\n");
    expect_limit(start_until_refused(server, 10), 5, name);
  }
}

TEST(NativeLimit, CountsTheRecipientOfEveryProfileAndSpelling) {
  running_server server("[limits]\nrecipient_per_day = \"5/1h\"\n[profiles.other]\nresend_after = \"0s\"\n");
  const char* spellings[] = {"+4915112345601", "+49 151 123 456 01", "+49(151)12345601", "+49-151-12345601",
                             "＋４９１５１12345601"};
  for (int i = 0; i < 5; ++i) {
    const auto seen = server.ask(
        "POST", collection, object({{"to", spellings[i]}, {"profile", i % 2 == 0 ? "default" : "other"}}));
    EXPECT_EQ(seen.status, 201) << seen.body;
  }
  const answer refused = server.ask("POST", collection, object({{"to", ann}, {"purpose", "another"}}));
  EXPECT_EQ(refused.text("limit"), "recipient_day");
}

TEST(NativeLimit, CountsWrongAnswersOfAClient) {
  running_server server("[limits]\nfailures_per_ip = \"2/1h\"\n");
  const std::string id = server.start(ann);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(server.check(id, server.wrong_code_for(ann)).number("valid"), 0);
  const answer refused = server.check(id, server.code_for(ann));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.text("limit"), "client_ip");
  EXPECT_EQ(server.ask("GET", collection + "/" + id).number("attempts_left"), 3);
}

}  // namespace
