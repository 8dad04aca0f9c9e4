// The calls of docs/api.md, through real sockets.

#include <gtest/gtest.h>

#include "api/openapi.hpp"
#include "api/running_server.hpp"

namespace {

using namespace otpd::api::test;

const std::string ann = "+4915112345601";
const std::string bob = "+4915112345602";

constexpr const char* profiles = R"(
[profiles.strict]
sharing = "independent"
attempts = 2
max_sends = 2
resend_after = "0s"
sends = "1000000/1s"
failures = "1000000/1s"
resend = "rotate"
code_length = 8
alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
[profiles.german]
default_region = "DE"
locale = "de"
)";

class Native : public testing::Test {
 protected:
  running_server server{profiles};

  answer issue(const std::string& body) { return server.ask("POST", "/v1/verifications", body); }
  answer get(const std::string& id) { return server.ask("GET", "/v1/verifications/" + id); }
};

TEST_F(Native, StartsAVerification) {
  const answer made = issue(object({{"to", ann}}));
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.header("Content-Type"), "application/json");
  EXPECT_EQ(made.header("Location"), "/v1/verifications/" + made.text("id"));
  EXPECT_EQ(made.members(), described().members_of("Verification"));
  EXPECT_EQ(made.text("status"), "pending");
  EXPECT_EQ(made.text("to"), "+49*********01");
  EXPECT_EQ(made.text("channel"), "sms");
  EXPECT_EQ(made.text("profile"), "default");
  EXPECT_EQ(made.text("purpose"), "verify");
  EXPECT_EQ(made.text("delivery"), "sent");
  EXPECT_EQ(made.number("attempts_left"), 5);
  EXPECT_EQ(made.number("sends"), 1);
  EXPECT_LT(made.text("created_at"), made.text("expires_at"));
  EXPECT_EQ(server.code_for(ann).size(), 6u);
}

TEST_F(Native, KeepsTheRecipientToItself) {
  const answer by_mail = issue(object({{"to", "Ann.Archer+tag@Example.ORG"}}));
  ASSERT_EQ(by_mail.status, 201);
  EXPECT_EQ(by_mail.text("to"), "A***@example.org");
  EXPECT_EQ(by_mail.text("channel"), "email");
  EXPECT_EQ(by_mail.text("delivery"), "none");
  const std::string id = server.start(ann);
  for (const answer& each : {get(id), server.check(id, server.wrong_code_for(ann)),
                             server.ask("DELETE", "/v1/verifications/" + id)}) {
    EXPECT_EQ(each.status, 200);
    EXPECT_EQ(each.text("to"), "+49*********01");
    EXPECT_EQ((each.head + each.body).find("15112345"), std::string::npos);
  }
}

TEST_F(Native, TakesEveryMember) {
  const answer made = issue(object({{"to", "0151 12345603"},
                                    {"channel", "sms"},
                                    {"profile", "german"},
                                    {"purpose", "log-in_2"},
                                    {"locale", "de-AT"},
                                    {"client_ip", "2001:db8::1"}}));
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.text("profile"), "german");
  EXPECT_EQ(made.text("purpose"), "log-in_2");
  EXPECT_NE(server.code_for("+4915112345603"), "");
}

TEST_F(Native, SendsAgainWhileOneIsPendingInASharedProfile) {
  const std::string first = server.start(ann);
  const std::string code = server.code_for(ann);
  const answer again = issue(object({{"to", "+49 151 123 456 01"}}));
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.text("id"), first);
  EXPECT_EQ(again.number("sends"), 2);
  EXPECT_EQ(server.code_for(ann), code);
  EXPECT_NE(server.start(ann, R"("purpose":"login")"), first);
}

TEST_F(Native, GivesEachCallerItsOwnInAnIndependentProfile) {
  const std::string first = server.start(ann, R"("profile":"strict")");
  const std::string first_code = server.code_for(ann);
  const std::string second = server.start(ann, R"("profile":"strict")");
  EXPECT_NE(first, second);
  EXPECT_EQ(server.check(second, first_code).number("valid"), 0);
  EXPECT_EQ(server.check(first, first_code).number("valid"), 1);
}

// Where the profile yields nothing.
std::set<std::string> plain_judgement() {
  auto members = described().members_of("Verification");
  members.insert("valid");
  return members;
}

TEST_F(Native, ApprovesARightCodeOnce) {
  const std::string id = server.start(ann);
  const answer right = server.check(id, server.code_for(ann));
  ASSERT_EQ(right.status, 200);
  EXPECT_EQ(right.members(), plain_judgement());
  EXPECT_EQ(right.number("valid"), 1);
  EXPECT_EQ(right.text("status"), "approved");
  EXPECT_EQ(right.number("attempts_left"), 5);
  EXPECT_EQ(right.json().at("next_send_at"), nullptr);
  EXPECT_EQ(server.check(id, server.code_for(ann)).code(), "verification_approved");
  EXPECT_EQ(get(id).text("status"), "approved");
}

TEST_F(Native, CountsWrongCodesDownToTheLast) {
  const std::string id = server.start(ann);
  for (int left = 4; left > 0; --left) {
    const answer wrong = server.check(id, server.wrong_code_for(ann));
    EXPECT_EQ(wrong.status, 200);
    EXPECT_EQ(wrong.number("valid"), 0);
    EXPECT_EQ(wrong.text("status"), "pending");
    EXPECT_EQ(wrong.number("attempts_left"), left);
  }
  const answer last = server.check(id, server.wrong_code_for(ann));
  EXPECT_EQ(last.number("valid"), 0);
  EXPECT_EQ(last.text("status"), "max_attempts_reached");
  EXPECT_EQ(last.number("attempts_left"), 0);
  EXPECT_EQ(server.check(id, server.code_for(ann)).code(), "max_attempts_reached");
}

TEST_F(Native, ChecksByRecipient) {
  server.start(ann);
  const std::string path = "/v1/verifications/check";
  const answer wrong = server.ask("POST", path, object({{"to", ann}, {"code", server.wrong_code_for(ann)}}));
  EXPECT_EQ(wrong.number("valid"), 0);
  EXPECT_EQ(wrong.number("attempts_left"), 4);
  EXPECT_EQ(
      server.ask("POST", path, object({{"to", ann}, {"code", server.code_for(ann)}, {"purpose", "login"}}))
          .status,
      404);
  const answer right = server.ask(
      "POST", path,
      object({{"to", "+49 (151) 12345601"}, {"code", server.code_for(ann)}, {"profile", "default"}}));
  EXPECT_EQ(right.members(), plain_judgement());
  EXPECT_EQ(right.number("valid"), 1);
}

TEST_F(Native, ResendsWithAndWithoutABody) {
  const std::string id = server.start(ann);
  const std::string code = server.code_for(ann);
  const std::string path = "/v1/verifications/" + id + "/resend";
  const answer bare = server.ask("POST", path);
  ASSERT_EQ(bare.status, 200);
  EXPECT_EQ(bare.members(), described().members_of("Verification"));
  EXPECT_EQ(bare.text("id"), id);
  EXPECT_EQ(bare.number("sends"), 2);
  EXPECT_EQ(server.ask("POST", path, "{}").number("sends"), 3);
  EXPECT_EQ(server.ask("POST", path, " { } ").number("sends"), 4);
  EXPECT_EQ(server.code_for(ann), code);
  EXPECT_EQ(server.provider().codes().size(), 4u);
}

TEST_F(Native, ResendsANewCodeWhereTheProfileRotates) {
  const std::string id = server.start(ann, R"("profile":"strict")");
  const std::string first = server.code_for(ann);
  EXPECT_EQ(first.size(), 8u);
  const answer again = server.ask("POST", "/v1/verifications/" + id + "/resend");
  EXPECT_EQ(again.json().at("next_send_at"), nullptr) << "no send is left";
  EXPECT_EQ(server.check(id, first).number("valid"), 0);
  EXPECT_EQ(server.check(id, server.code_for(ann)).number("valid"), 1);
}

TEST_F(Native, CancelsForGood) {
  const std::string id = server.start(ann);
  const answer canceled = server.ask("DELETE", "/v1/verifications/" + id);
  EXPECT_EQ(canceled.status, 200);
  EXPECT_EQ(canceled.members(), described().members_of("Verification"));
  EXPECT_EQ(canceled.text("status"), "canceled");
  EXPECT_EQ(server.ask("DELETE", "/v1/verifications/" + id).text("status"), "canceled");
  EXPECT_EQ(server.check(id, server.code_for(ann)).code(), "verification_canceled");
  EXPECT_EQ(get(id).text("status"), "canceled");
}

TEST_F(Native, SaysWhereAMessageIs) {
  EXPECT_EQ(issue(object({{"to", "+4915112345698"}})).text("delivery"), "unknown")
      << "the provider answered 500: it may have been sent";
  const answer failed = issue(object({{"to", "+4915112345699"}}));
  ASSERT_EQ(failed.status, 502);
  const answer seen = get(failed.text("id"));
  EXPECT_EQ(seen.text("delivery"), "failed");
  EXPECT_EQ(seen.text("status"), "pending");
  EXPECT_EQ(server.check(failed.text("id"), server.code_for("+4915112345699")).number("valid"), 1)
      << "it may have arrived after all";
}

TEST_F(Native, AnswersHeadLikeGetWithoutABody) {
  const std::string id = server.start(ann);
  for (const std::string& path :
       {"/v1/verifications/" + id, std::string("/openapi.yaml"), std::string("/v1/verifications/nobody")}) {
    const answer whole = server.ask("GET", path);
    const answer head = server.ask("HEAD", path);
    EXPECT_EQ(head.status, whole.status);
    EXPECT_EQ(head.header("Content-Length"), std::to_string(whole.body.size()));
    EXPECT_EQ(head.header("Content-Type"), whole.header("Content-Type"));
    EXPECT_EQ(head.body, "");
  }
}

TEST_F(Native, ReadsNoQuery) {
  const std::string id = server.start(ann);
  const std::string right = server.code_for(ann);
  const std::string path = "/v1/verifications/" + id + "/check";
  EXPECT_EQ(server.ask("POST", path + "?code=" + right, "{}").code(), "missing_member");
  EXPECT_EQ(server.ask("POST", path + "?code=" + right, object({{"code", server.wrong_code_for(ann)}}))
                .number("valid"),
            0);
  EXPECT_EQ(server.ask("POST", path + "?code=" + right).code(), "unsupported_media_type");
  EXPECT_EQ(server.ask("POST", "/v1/verifications?profile=nobody", object({{"to", bob}})).status, 201);
  EXPECT_EQ(server.ask("GET", "/v1/verifications/" + id + "?x=1&x=2&%00").status, 200);
}

TEST_F(Native, DescribesItself) {
  const answer described_by_itself = server.ask("GET", "/openapi.yaml");
  EXPECT_EQ(described_by_itself.status, 200);
  EXPECT_EQ(described_by_itself.header("Content-Type"), "application/yaml");
  EXPECT_EQ(described_by_itself.body, otpd::api::openapi_text());
}

}  // namespace
