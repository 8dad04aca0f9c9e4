// Who may make the inbox's calls: no other site that is open in the same browser.

#include "api/inbox_fixture.hpp"

namespace otpd::api::test {
namespace {

using net::method;

TEST_F(InboxPages, AreForNoOtherPageToUseOrToFrame) {
  for (const char* path : {"/inbox", "/inbox.json", "/inbox.css", "/inbox.js", "/inbox/first/behaviour"}) {
    const auto out = get(path);
    EXPECT_NE(out.fields.find("Content-Security-Policy: default-src 'none';"), std::string::npos);
    EXPECT_NE(out.fields.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_NE(out.fields.find("form-action 'self'"), std::string::npos);
    EXPECT_EQ(out.fields.find("unsafe"), std::string::npos);
    EXPECT_NE(out.fields.find("Cache-Control: no-store\r\n"), std::string::npos);
    EXPECT_NE(out.fields.find("Cross-Origin-Resource-Policy: same-origin\r\n"), std::string::npos);
    EXPECT_EQ(out.fields.find("Access-Control"), std::string::npos);
    EXPECT_FALSE(out.body.empty());
  }
}

TEST_F(InboxPages, AnswerUnderAHostOfOursOnly) {
  const std::pair<const char*, bool> table[] = {
      {"127.0.0.1:8081", true},
      {"127.0.0.1", true},
      {"127.9.9.9:1", true},
      {"[::1]:8081", true},
      {"localhost:8081", true},
      {"LOCALHOST", true},
      {"10.1.2.3:8081", true},
      {"10.1.2.3", true},
      {"OTPD.internal:99", true},
      {"evil.example", false},
      {"evil.example:8081", false},
      {"localhost.evil.example", false},
      {"127.0.0.1.evil.example", false},
      {"10.1.2.4:8081", false},
      {"[::2]", false},
      {"0.0.0.0", false},
      {"", false},
      {"user@localhost", false},
      {"localhost:80:80", false},
      {"127.1", false},
      {"2130706433", false},
  };
  for (const auto& [host, fine] : table) {
    const auto out = ask(method::get, "/inbox.json", {{"Host", host}});
    EXPECT_EQ(out.status, fine ? 200u : 403u) << host;
    EXPECT_EQ(seen(out).code(), fine ? "" : "host_not_allowed") << host;
  }
  EXPECT_EQ(ask(method::get, "/inbox", {{"Host", "localhost"}, {"Host", "localhost"}}).status, 403u);
  EXPECT_EQ(ask(method::get, "/inbox/third", {{"Host", "evil.example"}}).status, 403u) << "tells no names";
}

TEST_F(InboxPages, ListeningEverywhereAnswerUnderAnyAddressButNoName) {
  for (const char* everywhere : {"0.0.0.0:8081", "[::]:8081"}) {
    inbox_pages open{desk, {everywhere}};
    for (const auto& [host, status] : {std::pair{"192.0.2.7:8081", 200u}, std::pair{"[2001:db8::1]", 200u},
                                       std::pair{"evil.example", 403u}}) {
      const fields sent{{"Host", host}};
      net::request in;
      in.method = method::get;
      in.path = "/inbox";
      in.fields = sent;
      net::response out;
      open.serve(in, out);
      EXPECT_EQ(out.status, status) << host;
    }
  }
}

TEST_F(InboxPages, RefuseAFormOfAnotherSite) {
  const net::field form{"Content-Type", "application/x-www-form-urlencoded"};
  const net::field own{"Origin", "http://127.0.0.1:8081"}, same{"Sec-Fetch-Site", "same-origin"};
  const struct {
    fields sent;
    bool fine;
  } table[] = {
      {{own, same}, true},
      {{own}, true},
      {{same}, true},
      {{}, false},
      {{{"Origin", "null"}}, false},
      {{{"Origin", "http://evil.example"}}, false},
      {{{"Origin", "http://evil.example"}, same}, false},
      {{{"Origin", "http://127.0.0.1:9000"}}, false},
      {{{"Origin", "http://127.0.0.1:8081.evil.example"}}, false},
      {{{"Origin", "127.0.0.1:8081"}}, false},
      {{own, own}, false},
      {{own, {"Sec-Fetch-Site", "cross-site"}}, false},
      {{own, {"Sec-Fetch-Site", "same-site"}}, false},
      {{{"Sec-Fetch-Site", "none"}}, false},
      {{same, same}, false},
  };
  for (auto [sent, fine] : table) {
    desk.changes = 0;
    sent.push_back(form);
    for (const char* path : {"/inbox/first/behaviour", "/inbox/first/clear"}) {
      const auto out = ask(method::post, path, sent, "answer=hang");
      EXPECT_EQ(out.status, fine ? 303u : 403u) << (sent.empty() ? "" : sent[0].value);
      EXPECT_EQ(seen(out).code(), fine ? "" : "cross_site");
    }
    EXPECT_EQ(desk.changes, fine ? 2 : 0);
  }
}

TEST_F(InboxPages, RefuseWhatAnotherSiteSendsByScript) {
  const net::field json{"Content-Type", "application/json"}, evil{"Origin", "http://evil.example"};
  EXPECT_EQ(ask(method::put, "/inbox/first/behaviour", {json, evil}, "{}").status, 403u);
  EXPECT_EQ(ask(method::del, "/inbox/first", {evil}).status, 403u);
  EXPECT_EQ(ask(method::del, "/inbox/first", {{"Sec-Fetch-Site", "cross-site"}}).status, 403u);
  EXPECT_EQ(desk.changes, 0);
}

}  // namespace
}  // namespace otpd::api::test
