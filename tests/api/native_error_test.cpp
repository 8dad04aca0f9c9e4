// Every refusal that docs/api.md documents, seen once through a real socket. running_server::ask() has held
// each against the document.

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <csignal>
#include <functional>
#include <map>

#include "api/problem.hpp"
#include "api/running_server.hpp"

namespace {

using namespace otpd::api::test;
using otpd::config;

const std::string ann = "+4915112345601";
const std::string collection = "/v1/verifications";
const std::string nobody = collection + "/9l2Yb8cRr0yQe1v0mJw5T3n7cQm4xZ0H";

constexpr const char* profiles = R"(
[profiles.austrian]
countries = ["AT"]
[profiles.mail]
channels = ["email"]
[profiles.independent]
sharing = "independent"
[profiles.brief]
[profiles.once]
attempts = 1
max_consecutive_failures = 1
[profiles.twice]
failures = "1/1h"
)";

std::function<void(config&)> with_profile(const std::string& name,
                                          std::function<void(otpd::otp::profile&)> change) {
  return [=](config& all) {
    for (auto& each : all.profiles) {
      if (each.name == name) change(each);
    }
  };
}

std::string id_path(const std::string& id, const char* action = "") {
  return collection + "/" + id + action;
}

using scene = std::function<answer(running_server&)>;

answer issue(running_server& server, const std::string& body) {
  return server.ask("POST", collection, body);
}

// Those that one server with some profiles shows.
const std::map<std::string, scene> plain_scenes{
    {"malformed_request",
     [](running_server& s) { return s.ask_raw("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"); }},
    {"invalid_json", [](running_server& s) { return issue(s, "{\"to\":"); }},
    {"duplicate_member",
     [](running_server& s) { return issue(s, R"({"to":"+4915112345601","to":"+4915112345602"})"); }},
    {"loopback_only",
     [](running_server& s) { return s.ask("GET", nobody, "", "X-Forwarded-For: 203.0.113.7\r\n"); }},
    {"country_not_allowed",
     [](running_server& s) {
       return issue(s, object({{"to", ann}, {"profile", "austrian"}}));
     }},
    {"recipient_locked",
     [](running_server& s) {
       const auto id = s.start(ann, R"("profile":"once")");
       s.check(id, s.wrong_code_for(ann));
       return issue(s, object({{"to", ann}, {"profile", "once"}}));
     }},
    {"not_found", [](running_server& s) { return s.ask("GET", "/v1"); }},
    {"verification_not_found", [](running_server& s) { return s.ask("GET", nobody); }},
    {"method_not_allowed", [](running_server& s) { return s.ask("PATCH", nobody); }},
    {"verification_approved",
     [](running_server& s) {
       const auto id = s.start(ann);
       s.check(id, s.code_for(ann));
       return s.ask("DELETE", id_path(id));
     }},
    {"verification_canceled",
     [](running_server& s) {
       const auto id = s.start(ann);
       s.ask("DELETE", id_path(id));
       return s.ask("POST", id_path(id, "/resend"));
     }},
    {"max_attempts_reached",
     [](running_server& s) {
       const auto id = s.start(ann);
       for (int i = 0; i < 5; ++i)
         s.check(id, s.wrong_code_for(ann));
       return s.ask("POST", id_path(id, "/resend"));
     }},
    {"verification_expired",
     [](running_server& s) { return s.check(s.start(ann, R"("profile":"brief")"), "123456"); }},
    {"body_too_large", [](running_server& s) { return issue(s, std::string(16 * 1024 + 1, ' ')); }},
    {"unsupported_media_type",
     [](running_server& s) {
       return s.ask_with_type("POST", collection, "text/plain", object({{"to", ann}}));
     }},
    {"unknown_member",
     [](running_server& s) { return s.ask("POST", id_path(s.start(ann), "/resend"), R"({"to":"x"})"); }},
    {"missing_member", [](running_server& s) { return issue(s, "{}"); }},
    {"invalid_member", [](running_server& s) { return issue(s, R"({"to":4915112345601})"); }},
    {"invalid_recipient", [](running_server& s) { return issue(s, R"({"to":"+49151"})"); }},
    {"unknown_profile",
     [](running_server& s) {
       return issue(s, object({{"to", ann}, {"profile", "nobodys"}}));
     }},
    {"channel_not_allowed",
     [](running_server& s) {
       return issue(s, object({{"to", ann}, {"profile", "mail"}}));
     }},
    {"invalid_code", [](running_server& s) { return s.check(s.start(ann), "12345"); }},
    {"id_required",
     [](running_server& s) {
       return s.ask("POST", collection + "/check",
                    object({{"to", ann}, {"code", "123456"}, {"profile", "independent"}}));
     }},
    {"rate_limited",
     [](running_server& s) {
       s.start(ann, R"("profile":"once","purpose":"other")");
       return issue(s, object({{"to", ann}, {"profile", "once"}, {"purpose", "other"}}));
     }},
    {"too_many_failures",
     [](running_server& s) {
       const auto id = s.start(ann, R"("profile":"twice")");
       s.check(id, s.wrong_code_for(ann));
       return s.check(id, s.code_for(ann));
     }},
    {"header_too_large",
     [](running_server& s) {
       return s.ask("GET", nobody, "", "X-Long: " + std::string(8 * 1024, 'x') + "\r\n");
     }},
    {"delivery_failed",
     [](running_server& s) {
       return issue(s, object({{"to", "+4915112345699"}}));
     }},
};

answer unauthorized() {
  running_server server("[[api_keys]]\nname = \"a\"\nsha256 = \"" + std::string(64, '0') + "\"\n");
  return server.ask("GET", nobody);
}

answer late() {
  running_server server({}, [](config& all) { all.server.header_timeout = std::chrono::milliseconds(100); });
  return server.ask_raw("GET / HTTP/1.1\r\nHost: a\r\n");
}

answer overloaded() {
  running_server server({}, [](config& all) { all.server.max_connections = 1; });
  EXPECT_EQ(server.ask("GET", nobody).status, 404);  // its connection stays open
  return server.ask_raw("");
}

answer without_room() {
  running_server server({}, [](config& all) { all.store.min_free_mib = std::uint64_t{1} << 40; });
  return server.ask("POST", collection, object({{"to", ann}}));
}

// While it lives no file of this process can grow: to the store the disk fails.
class failing_disk {
 public:
  failing_disk() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;
  ~failing_disk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

answer store_unavailable() {
  running_server server;
  const failing_disk broken;
  return server.ask("POST", collection, object({{"to", ann}}));
}

// Its only provider cannot be reached, until it is left alone.
answer abandoned() {
  running_server server(profiles, [](config& all) {
    otpd::provider_config& dead = all.providers.emplace_back();
    dead.name = "dead";
    dead.type = otpd::provider_type::http;
    dead.http.url = "http://127.0.0.1:1/";
    all.delivery.sms = {"dead"};
  });
  answer last = issue(server, object({{"to", "+4915112345699"}}));
  for (int i = 0; i < 5 && last.code() == "delivery_failed"; ++i)
    last = issue(server, object({{"to", "+4915112345699"}, {"purpose", "p" + std::to_string(i)}}));
  return last;
}

const std::map<std::string, std::function<answer()>> special_scenes{
    {"unauthorized", unauthorized}, {"request_timeout", late},
    {"overloaded", overloaded},     {"provider_unavailable", abandoned},
    {"storage_low", without_room},  {"store_unavailable", store_unavailable},
};

TEST(NativeError, IsShownForEveryDocumentedCode) {
  std::set<std::string> shown{"internal_error"};  // a defect: no request leads to it
  shown.merge(std::set<std::string>{"malformed_receipt", "receipt_refused"});  // hooks_test.cpp
  shown.merge(
      std::set<std::string>{"cross_site", "host_not_allowed", "invalid_form"});  // inbox_access_test.cpp
  shown.merge(std::set<std::string>{"account_not_found", "address_taken"});      // account_calls_test.cpp
  shown.merge(std::set<std::string>{"account_disabled", "invalid_grant"});       // native_tokens_test.cpp
  for (const auto& each : plain_scenes)
    shown.insert(each.first);
  for (const auto& each : special_scenes)
    shown.insert(each.first);
  const auto codes = otpd::api::problem_codes();
  EXPECT_EQ(shown, (std::set<std::string>{codes.begin(), codes.end()}));
}

TEST(NativeError, IsWhatTheManualSays) {
  for (const auto& [code, play] : plain_scenes) {
    // Its default profile limits nothing; those above are as the configuration makes them.
    running_server server(
        profiles, with_profile("brief", [](auto& brief) { brief.lifetime = std::chrono::seconds(0); }));
    const answer seen = play(server);
    EXPECT_EQ(seen.code(), code) << seen.body;
    const bool names_member =
        code == "unknown_member" || code == "missing_member" || code == "invalid_member";
    EXPECT_EQ(seen.has("member"), names_member) << seen.body;
    EXPECT_EQ(seen.has("limit"), code == "rate_limited") << seen.body;
    EXPECT_EQ(seen.has("id"), code == "delivery_failed") << seen.body;
  }
}

TEST(NativeError, IsWhatTheManualSaysInSpecialWeathers) {
  for (const auto& [code, play] : special_scenes) {
    const answer seen = play();
    EXPECT_EQ(seen.code(), code) << seen.body;
  }
}

TEST(NativeError, NamesTheMemberThatIsWrong) {
  running_server server;
  const std::tuple<const char*, const char*, const char*> table[] = {
      {R"({"to":"+4915112345601","tooo":"x"})", "unknown_member", "tooo"},
      {R"({"to":"+4915112345601","":""})", "unknown_member", ""},
      {R"({"channel":"sms"})", "missing_member", "to"},
      {R"({"to":null})", "invalid_member", "to"},
      {R"({"to":"+4915112345601","channel":"fax"})", "invalid_member", "channel"},
      {R"({"to":"+4915112345601","channel":""})", "invalid_member", "channel"},
      {R"({"to":"+4915112345601","channel":"SMS"})", "invalid_member", "channel"},
      {R"({"to":"+4915112345601","profile":""})", "invalid_member", "profile"},
      {R"({"to":"+4915112345601","profile":"Default"})", "invalid_member", "profile"},
      {R"({"to":"+4915112345601","purpose":"a b"})", "invalid_member", "purpose"},
      {R"({"to":"+4915112345601","purpose":"123456789012345678901234567890123"})", "invalid_member",
       "purpose"},
      {R"({"to":"+4915112345601","locale":""})", "invalid_member", "locale"},
      {R"({"to":"+4915112345601","locale":"de_DE"})", "invalid_member", "locale"},
      {R"({"to":"+4915112345601","client_ip":""})", "invalid_member", "client_ip"},
      {R"({"to":"+4915112345601","client_ip":"1.2.3.4\u0000"})", "invalid_member", "client_ip"},
      {R"({"to":"+4915112345601","client_ip":["1.2.3.4"]})", "invalid_member", "client_ip"},
      {R"({"to":"+4915112345601","code":"123456"})", "unknown_member", "code"},
  };
  for (const auto& [body, code, member] : table) {
    const answer seen = server.ask("POST", collection, body);
    EXPECT_EQ(seen.code(), code) << body;
    EXPECT_EQ(seen.text("member"), member) << body;
  }
}

TEST(NativeError, EndsWhenTheDiskIsWellAgain) {
  running_server server;
  const std::string id = server.start(ann);
  const std::string code = server.code_for(ann);
  {
    const failing_disk broken;
    EXPECT_EQ(server.check(id, code).code(), "store_unavailable") << "no verdict without its charge on disk";
    EXPECT_EQ(server.ask_admin("GET", "/readyz").status, 503);
  }
  int status = 503;
  for (int attempt = 0; attempt < 1'000'000 && status == 503; ++attempt)
    status = server.ask_admin("GET", "/readyz").status;
  EXPECT_EQ(status, 200);
  EXPECT_EQ(server.check(id, code).number("valid"), 1);
}

}  // namespace
