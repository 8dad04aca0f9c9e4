// What the inbox's calls do.

#include <boost/json/array.hpp>

#include "api/inbox_fixture.hpp"

namespace otpd::api::test {
namespace {

using net::method;
using otp::failure;

TEST_F(InboxPages, OwnTheirPathsAndNoOther) {
  for (const char* path : {"/inbox", "/inbox.json", "/inbox.css", "/inbox.js", "/inbox/", "/inbox/x"})
    EXPECT_TRUE(inbox_pages::owns(path)) << path;
  for (const char* path : {"/", "/inboxes", "/inbox.html", "/healthz", "/Inbox", "*"})
    EXPECT_FALSE(inbox_pages::owns(path)) << path;
}

TEST_F(InboxPages, AnswerWhereAndHowTheyAreAsked) {
  const struct {
    method how;
    const char* path;
    unsigned status;
  } table[] = {
      {method::get, "/inbox", 200},
      {method::head, "/inbox", 200},
      {method::get, "/inbox.json", 200},
      {method::get, "/inbox.css", 200},
      {method::get, "/inbox.js", 200},
      {method::get, "/inbox/first/behaviour", 200},
      {method::del, "/inbox/first", 204},
      {method::get, "/inbox/", 404},
      {method::get, "/inbox/third/behaviour", 404},
      {method::get, "/inbox/first/behaviours", 404},
      {method::get, "/inbox/first/behaviour/", 404},
      {method::del, "/inbox/third", 404},
      {method::post, "/inbox", 405},
      {method::get, "/inbox/first", 405},
      {method::get, "/inbox/first/clear", 405},
      {method::del, "/inbox/first/behaviour", 405},
      {method::options, "/inbox", 405},
  };
  for (const auto& [how, path, status] : table) {
    const auto out = ask(how, path);
    EXPECT_EQ(out.status, status) << path;
    EXPECT_EQ(out.fields.find("Allow: ") != std::string::npos, status == 405) << path;
  }
}

TEST_F(InboxPages, TakeABehaviourAsJson) {
  const auto out = put(R"({"delay_ms":1500,"fail":"rate_limited","every":3,"percent":50,"count":7})");
  EXPECT_EQ(out.status, 200u);
  const inbox_behaviour expected{
      std::chrono::milliseconds{1500}, failure::rate_limited, false, false, 3, 50, 7};
  EXPECT_EQ(first(), expected);
  EXPECT_EQ(put(get("/inbox/first/behaviour").body).status, 200u) << "what it shows it takes";
  EXPECT_EQ(first(), expected);
  EXPECT_EQ(put(R"({"hang":true})").status, 200u);
  EXPECT_TRUE(first().hang);
  EXPECT_EQ(first().every, 1u) << "what is absent is as usual";
  EXPECT_EQ(put("{}").status, 200u);
  EXPECT_EQ(first(), inbox_behaviour{});
}

TEST_F(InboxPages, TakeNoOtherJson) {
  const struct {
    const char* body;
    const char* code;
    const char* member;
  } table[] = {
      {"", "invalid_json", ""},
      {"[]", "invalid_json", ""},
      {R"({"hang":true,"hang":true})", "duplicate_member", ""},
      {R"({"speed":1})", "unknown_member", "speed"},
      {R"({"delay_ms":"5"})", "invalid_member", "delay_ms"},
      {R"({"delay_ms":-1})", "invalid_member", "delay_ms"},
      {R"({"delay_ms":60001})", "invalid_member", "delay_ms"},
      {R"({"delay_ms":1.0})", "invalid_member", "delay_ms"},
      {R"({"delay_ms":1e3})", "invalid_member", "delay_ms"},
      {R"({"delay_ms":99999999999999999999})", "invalid_member", "delay_ms"},
      {R"({"fail":"sometimes"})", "invalid_member", "fail"},
      {R"({"fail":""})", "invalid_member", "fail"},
      {R"({"fail":null})", "invalid_member", "fail"},
      {R"({"hang":"true"})", "invalid_member", "hang"},
      {R"({"drop":1})", "invalid_member", "drop"},
      {R"({"every":0})", "invalid_member", "every"},
      {R"({"percent":101})", "invalid_member", "percent"},
      {R"({"count":1000001})", "invalid_member", "count"},
      {R"({"hang":true,"drop":true})", "invalid_member", "drop"},
      {R"({"fail":"unknown","drop":true})", "invalid_member", "drop"},
      {R"({"fail":"unknown","hang":true})", "invalid_member", "hang"},
  };
  for (const auto& [body, code, member] : table) {
    const answer out = seen(put(body));
    EXPECT_EQ(out.code(), code) << body;
    EXPECT_EQ(out.text("member"), member) << body;
  }
  EXPECT_EQ(ask(method::put, "/inbox/first/behaviour", {{"Content-Type", "text/plain"}}, "{}").status, 415u);
  EXPECT_EQ(desk.changes, 0);
}

TEST_F(InboxPages, TakeABehaviourAsAForm) {
  const auto out = post("answer=out_of_credit&delay_ms=250&count=4&every=2&percent=50");
  EXPECT_EQ(out.status, 303u);
  EXPECT_NE(out.fields.find("Location: /inbox#name-first\r\n"), std::string::npos);
  const inbox_behaviour expected{
      std::chrono::milliseconds{250}, failure::out_of_credit, false, false, 2, 50, 4};
  EXPECT_EQ(first(), expected);
  EXPECT_EQ(post("answer=drop&delay_ms=").status, 303u);
  EXPECT_TRUE(first().drop);
  EXPECT_EQ(post("answer=%68ang").status, 303u);
  EXPECT_TRUE(first().hang);
  EXPECT_EQ(post("answer=accept").status, 303u);
  EXPECT_EQ(first(), inbox_behaviour{});
  EXPECT_EQ(post("", "/inbox/second/clear").status, 303u);
  EXPECT_EQ(desk.boxes.find("second")->second.clears, 1);
}

TEST_F(InboxPages, TakeNoOtherForm) {
  const std::pair<const char*, const char*> table[] = {
      {"answer=", "invalid_member"},
      {"answer=none", "invalid_member"},
      {"answer=drop&answer=drop", "duplicate_member"},
      {"fail=unknown", "unknown_member"},
      {"%ff%00=1", "unknown_member"},
      {"delay_ms=1+", "invalid_member"},
      {"delay_ms=%2B1", "invalid_member"},
      {"every=0", "invalid_member"},
      {"answer=%", "invalid_form"},
      {"answer=%4", "invalid_form"},
      {"answer=%zz", "invalid_form"},
      {"a b=1", "invalid_form"},
  };
  for (const auto& [form, code] : table)
    EXPECT_EQ(seen(post(form)).code(), code) << form;
  std::string much;
  for (int i = 0; i < 100; ++i)
    much += "x" + std::to_string(i) + "&";
  EXPECT_EQ(seen(post(much)).code(), "invalid_form");
  EXPECT_EQ(ask(method::post, "/inbox/first/behaviour",
                {{"Content-Type", "text/plain"}, {"Sec-Fetch-Site", "same-origin"}}, "answer=hang")
                .status,
            415u);
  EXPECT_EQ(desk.changes, 0);
}

TEST_F(InboxPages, ListMessagesOfAllProvidersNewestFirst) {
  add("first", {.at_ms = 1'000, .to = "+4915112345601"});
  add("second", {.at_ms = 2'000, .to = "+4915112345602"});
  add("first", {.at_ms = 3'000, .to = "ann@example.org"});
  const auto listed = [&](const std::string& query) {
    std::string out;
    const boost::json::value body = seen(get("/inbox.json" + query)).json();
    for (const auto& each : body.at("messages").as_array())
      out +=
          std::string(each.at("provider").as_string()) + " " + std::string(each.at("to").as_string()) + "|";
    return out;
  };
  EXPECT_EQ(listed(""), "first ann@example.org|second +4915112345602|first +4915112345601|");
  EXPECT_EQ(listed("?provider=first"), "first ann@example.org|first +4915112345601|");
  EXPECT_EQ(listed("?to=%2B4915112345602"), "second +4915112345602|");
  EXPECT_EQ(listed("?to=+4915112345602"), "second +4915112345602|");
  EXPECT_EQ(listed("?provider=first&to=ann%40example.org"), "first ann@example.org|");
  EXPECT_EQ(listed("?provider=third"), "");
  EXPECT_EQ(seen(get("/inbox.json?code=1")).code(), "unknown_member");
  EXPECT_EQ(seen(get("/inbox.json?to=%")).code(), "invalid_form");
}

TEST_F(InboxPages, ShowAMessageWholeAsJson) {
  add("first", {.number = 12,
                .at_ms = 1'795'253'400'123,
                .channel = otp::channel::email,
                .outcome = "refused",
                .failure = failure::rejected,
                .to = "ann@example.org",
                .subject = "s\"",
                .text = "123456\n<b>",
                .html = "<p>",
                .code = "123456",
                .locale = "en",
                .from = "Example",
                .reference = "ref",
                .kept = {}});
  desk.boxes.find("second")->second.behaviour.count = 9;
  desk.boxes.find("second")->second.counts.dropped = 3;
  const boost::json::value body = seen(get("/inbox.json")).json();
  const boost::json::value expected{
      {"provider", "first"},  {"id", "inbox-12"},        {"at", "2026-11-21T09:30:00.123Z"},
      {"channel", "email"},   {"to", "ann@example.org"}, {"from", "Example"},
      {"subject", "s\""},     {"text", "123456\n<b>"},   {"html", "<p>"},
      {"code", "123456"},     {"locale", "en"},          {"reference", "ref"},
      {"outcome", "refused"}, {"failure", "rejected"}};
  EXPECT_EQ(body.at("messages").as_array().at(0), expected);
  EXPECT_EQ(body.at("providers").as_array().at(1).at("count").as_int64(), 9);
  EXPECT_EQ(body.at("providers").as_array().at(1).at("dropped").as_int64(), 3);
}

}  // namespace
}  // namespace otpd::api::test
