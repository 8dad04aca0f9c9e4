// The administration listener, through real sockets.

#include <gtest/gtest.h>

#include "api/data_files.hpp"
#include "api/prometheus_text.hpp"
#include "api/running_server.hpp"

namespace {

using namespace otpd::api::test;

const std::string ann = "+4915112345601";
const std::string collection = "/v1/verifications";

TEST(PrometheusText, IsReadStrictly) {
  const std::string good =
      "# HELP a_total What\n# TYPE a_total counter\na_total{x=\"1\",y=\"\\\"\"} 1\na_total 2.5\n# HELP h "
      "Took\n# TYPE h histogram\n"
      "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n";
  const auto read = parse_prometheus(good);
  EXPECT_EQ(read.faults, std::vector<std::string>());
  EXPECT_EQ(read.samples.at("a_total"), 2.5);
  const std::pair<const char*, const char*> breaks[] = {
      {"a_total 2.5\n", "a_total 2.5"},
      {"a_total 2.5", "a_total x"},
      {"a_total 2.5", "a_total nan"},
      {"a_total 2.5", "a_total -1"},
      {"a_total 2.5", "a-total 2.5"},
      {"a_total 2.5", "b_total 2.5"},
      {"counter", "thing"},
      {"counter", "gauge"},
      {"x=\"1\"", "x=1"},
      {"x=\"1\"", "1x=\"1\""},
      {"\\\"", "\""},
      {"a_total 2.5", "a_total{x=\"1\",y=\"\\\"\"} 2"},
      {"le=\"+Inf\"", "le=\"0.5\""},
      {"h_count 2", "h_count 3"},
      {"h_sum 3\n", ""},
      {"h_bucket{le=\"+Inf\"} 2", "h_bucket{le=\"+Inf\"} 0"},
      {"# TYPE h histogram\n", ""},
      {"# HELP h Took", "# HELP h"},
      {"h_bucket{le=\"+Inf\"} 2\n", ""},
      {"h_count 2\n", ""},
  };
  for (const auto& [what, with] : breaks) {
    std::string bad = good;
    bad.replace(bad.find(what), std::string_view(what).size(), with);
    EXPECT_FALSE(parse_prometheus(bad).faults.empty()) << what << " -> " << with;
  }
}

TEST(Admin, IsAliveAndReady) {
  running_server server;
  const answer alive = server.ask_admin("GET", "/healthz");
  EXPECT_EQ(alive.status, 200);
  EXPECT_EQ(alive.body, "ok\n");
  const answer ready = server.ask_admin("GET", "/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, "ready\n");
  EXPECT_EQ(ready.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(server.ask_admin("HEAD", "/readyz").body, "");
}

TEST(Admin, IsNotReadyWhileStopping) {
  running_server server;
  server.otpd().announce_stop();
  const answer ready = server.ask_admin("GET", "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "stopping\n");
  EXPECT_EQ(server.ask_admin("GET", "/healthz").status, 200);
  EXPECT_EQ(server.ask("POST", collection, object({{"to", ann}})).status, 201) << "it serves until it stops";
}

TEST(Admin, IsNotReadyWithoutRoom) {
  running_server server({}, [](otpd::config& all) { all.store.min_free_mib = std::uint64_t{1} << 40; });
  const answer ready = server.ask_admin("GET", "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "storage low\n");
}

TEST(Admin, CountsWhatTheApiAnswers) {
  running_server server("[profiles.\"a-b_c\"]\n[providers.\"other-one\"]\ntype = \"null\"\n");
  const auto before = parse_prometheus(server.ask_admin("GET", "/metrics").body);
  const std::string id = server.start(ann);
  server.check(id, server.wrong_code_for(ann));
  server.check(id, server.code_for(ann));
  server.check(id, server.code_for(ann));
  server.ask("GET", collection + "/nobody");
  server.ask_raw("nonsense\r\n\r\n");
  const answer told = server.ask_admin("GET", "/metrics");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  const auto after = parse_prometheus(told.body);
  EXPECT_EQ(after.faults, std::vector<std::string>());
  const auto count = [&](const std::string& series) {
    return after.samples.contains(series) ? after.samples.at(series) : -1;
  };
  EXPECT_EQ(count(R"(otpd_operations_total{operation="issue",result="ok"})"), 1);
  EXPECT_EQ(count(R"(otpd_operations_total{operation="check",result="ok"})"), 1);
  EXPECT_EQ(count(R"(otpd_operations_total{operation="check",result="wrong"})"), 1);
  EXPECT_EQ(count(R"(otpd_operations_total{operation="check",result="verification_approved"})"), 1);
  EXPECT_EQ(count(R"(otpd_operations_total{operation="find",result="verification_not_found"})"), 1);
  EXPECT_EQ(count(R"(otpd_operations_seconds_count{operation="check"})"), 3);
  EXPECT_EQ(count(R"(otpd_send_attempts_total{provider="sink",outcome="accepted"})"), 1);
  EXPECT_EQ(count("otpd_requests_total"), 5);
  EXPECT_EQ(count("otpd_refused_malformed_total"), 1);
  EXPECT_EQ(count("otpd_store_open"), 1);
  EXPECT_EQ(count("otpd_store_has_room"), 1);
  for (const auto& [series, value] : before.samples) {
    if (before.types.contains(series) && before.types.at(series) != "counter") continue;
    EXPECT_GE(count(series), value) << series << " has vanished or fallen";
  }
}

TEST(Admin, TellsNoRecipientAndNoCode) {
  running_server server;
  server.start(ann);
  const std::string told = server.ask_admin("GET", "/metrics").body;
  EXPECT_EQ(told.find("15112345"), std::string::npos);
  EXPECT_EQ(told.find("+49"), std::string::npos);
}

// ---- unlock
// ----------------------------------------------------------------------------------------------------------

constexpr const char* locking = R"(
[profiles.locking]
resend_after = "0s"
sends = "1000000/1s"
max_consecutive_failures = 2
[profiles.other]
resend_after = "0s"
sends = "1000000/1s"
max_consecutive_failures = 2
)";

class Unlock : public testing::Test {
 protected:
  running_server server{locking};

  void lock(const std::string& profile) {
    const std::string id = server.start(ann, "\"profile\":\"" + profile + "\"");
    for (int i = 0; i < 2; ++i)
      server.check(id, server.wrong_code_for(ann));
    ASSERT_EQ(start(profile).code(), "recipient_locked");
  }
  answer start(const std::string& profile) {
    return server.ask("POST", collection, object({{"to", ann}, {"profile", profile}}));
  }
  answer unlock(const std::string& body) { return server.ask_admin("POST", "/recipients/unlock", body); }
};

TEST_F(Unlock, ForgetsWrongAnswersInOneProfile) {
  lock("locking");
  lock("other");
  const answer done = unlock(object({{"to", ann}, {"profile", "locking"}}));
  EXPECT_EQ(done.status, 204);
  EXPECT_EQ(done.body, "");
  EXPECT_EQ(start("locking").status, 201);
  EXPECT_EQ(start("other").code(), "recipient_locked");
}

TEST_F(Unlock, ForgetsWrongAnswersInAllProfiles) {
  lock("locking");
  lock("other");
  EXPECT_EQ(unlock(object({{"to", "+49 (151) 123 456 01"}})).status, 204);
  EXPECT_EQ(start("locking").status, 201);
  EXPECT_EQ(start("other").status, 201);
}

TEST_F(Unlock, IsNoErrorForARecipientThatIsNotLocked) {
  EXPECT_EQ(unlock(object({{"to", ann}})).status, 204);
  EXPECT_EQ(unlock(object({{"to", "ann@example.org"}})).status, 204);
}

TEST_F(Unlock, RefusesWhatItDoesNotUnderstand) {
  const std::pair<const char*, const char*> table[] = {
      {"{}", "missing_member"},
      {"[]", "invalid_json"},
      {"{", "invalid_json"},
      {R"({"to":"+4915112345601","to":"+4915112345602"})", "duplicate_member"},
      {R"({"to":4915112345601})", "invalid_member"},
      {R"({"to":"+4915112345601","profile":null})", "invalid_member"},
      {R"({"to":"+4915112345601","purpose":"verify"})", "unknown_member"},
      {R"({"to":"nobody"})", "invalid_recipient"},
      {R"({"to":"015112345601"})", "invalid_recipient"},
  };
  for (const auto& [body, code] : table)
    EXPECT_EQ(unlock(body).code(), code) << body;
  lock("locking");
  for (const char* type : {"text/plain", "application/jsonx", "application/x-www-form-urlencoded"}) {
    const auto body = object({{"to", ann}});
    EXPECT_EQ(
        server.ask_admin("POST", "/recipients/unlock", body, "Content-Type: " + std::string(type) + "\r\n")
            .status,
        415)
        << type;
  }
  EXPECT_EQ(start("locking").code(), "recipient_locked");
  EXPECT_EQ(server
                .ask_admin("POST", "/recipients/unlock", object({{"to", ann}}),
                           "Content-Type: Application/JSON; charset=utf-8\r\n")
                .status,
            204);
}

// ---- what is not there
// -----------------------------------------------------------------------------------------------

TEST(Admin, TakesTheOperatorsWordOnABreaker) {
  running_server server;
  const std::string path = "/providers/sink/breaker";
  const auto issue = [&] { return server.ask("POST", collection, R"({"to":")" + ann + R"("})"); };
  EXPECT_EQ(server.ask_admin("PUT", path, R"({"mode":"forced_open"})").status, 204);
  EXPECT_EQ(issue().code(), "provider_unavailable");
  const auto shown = parse_prometheus(server.ask_admin("GET", "/metrics").body);
  EXPECT_EQ(shown.samples.at("otpd_breaker_state{provider=\"sink\"}"), 2);
  EXPECT_EQ(server.ask_admin("PUT", path, R"({"mode":"automatic"})").status, 204);
  EXPECT_EQ(issue().status, 201);
  EXPECT_EQ(server.ask_admin("PUT", path, R"({"mode":"ajar"})").code(), "invalid_member");
  EXPECT_EQ(server.ask_admin("PUT", "/providers/none/breaker", R"({"mode":"automatic"})").status, 404);
  EXPECT_EQ(server.ask_admin("GET", path).status, 405);
}

// A page of another site in the operator's browser: DNS rebinding gives it a name of its own.
TEST(Admin, ChangesNothingForAnotherSite) {
  running_server server;
  const std::string body = object({{"to", ann}});
  const auto unlock = [&](const std::string& fields) {
    return server.ask_admin("POST", "/recipients/unlock", body,
                            "Content-Type: application/json\r\n" + fields);
  };
  EXPECT_EQ(unlock("Host: evil.example:8081\r\n").code(), "host_not_allowed");
  EXPECT_EQ(unlock("Origin: http://evil.example\r\n").code(), "cross_site");
  EXPECT_EQ(unlock("Sec-Fetch-Site: cross-site\r\n").code(), "cross_site");
  EXPECT_EQ(unlock("Host: 127.0.0.1:8081\r\n").status, 204);
}

TEST(Admin, HasNoOtherPathOrMethod) {
  running_server server;
  for (const char* path : {"/", "/v1/verifications", "/openapi.yaml", "/metrics/", "/healthz/x",
                           "/recipients", "/recipients/unlock/", "/HEALTHZ"}) {
    EXPECT_EQ(server.ask_admin("GET", path).code(), "not_found") << path;
    EXPECT_EQ(server.ask_admin("POST", path, "{}").code(), "not_found") << path;
  }
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
    for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
      const answer seen = server.ask_admin(method, path);
      EXPECT_EQ(seen.status, 405) << method << path;
      EXPECT_EQ(seen.header("Allow"), "GET, HEAD");
    }
  }
  const answer seen = server.ask_admin("GET", "/recipients/unlock");
  EXPECT_EQ(seen.status, 405);
  EXPECT_EQ(seen.header("Allow"), "POST");
  for (const char* path : {"/healthz", "/readyz", "/metrics", "/recipients/unlock"}) {
    EXPECT_EQ(server.ask("GET", path).code(), "not_found") << "the API's listener shows nothing of it";
  }
}

TEST(Admin, SurvivesNaughtyStrings) {
  running_server server;
  for (const auto& each : read_naughty_strings()) {
    for (const std::string& body :
         {object({{"to", each}}), object({{"to", ann}, {"profile", each}}), object({{each, ann}}), each}) {
      EXPECT_LT(server.ask_admin("POST", "/recipients/unlock", body).status, 500) << body;
    }
  }
}

}  // namespace
