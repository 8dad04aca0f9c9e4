// Issue 3: each vendor's accepted, refused, slow and broken answers, seen by otpd over TLS.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "net/scripted_server.hpp"
#include "system/recipients.hpp"
#include "system/twilio_mock.hpp"
#include "system/vendor_cases.hpp"

namespace otpd::test {
namespace {

namespace json = boost::json;

std::vector<vendor_case> with_common(std::vector<vendor_case> cases) {
  for (vendor_case& each : common_cases())
    cases.push_back(std::move(each));
  return cases;
}

vendor_case refused(const std::string& name, unsigned status, const std::string& body,
                    const std::string& outcome, unsigned attempts = 1) {
  return {name, answer_of(status, body), outcome, attempts};
}

// An answer of Twilio's that is an error.
vendor_case twilio_error(unsigned status, unsigned code, const std::string& outcome, unsigned attempts = 1) {
  const json::object body{
      {"code", code}, {"message", "no"}, {"more_info", "https://www.twilio.com"}, {"status", status}};
  return refused("code-" + std::to_string(code), status, json::serialize(body), outcome, attempts);
}

TEST(Vendors, TwilioAsItsPublishedDocumentHasIt) {
  if (!std::filesystem::exists(twilio_mock::document()))
    GTEST_SKIP() << twilio_mock::document() << " is not there: Twilio's OpenAPI document is needed";
  twilio_mock twilio{std::string(twilio_sid), std::string(twilio_token)};
  const std::string sid = "SM00000000000000000000000000000001";
  const std::vector<vendor_case> own{
      {"accepted", {}, "accepted"},
      twilio_error(400, 21211, "bad_number"),
      twilio_error(400, 21610, "bad_number"),
      twilio_error(403, 21408, "not_permitted"),
      twilio_error(401, 20003, "misconfigured"),
      twilio_error(400, 21606, "misconfigured"),
      twilio_error(429, 20429, "rate_limited", 2),
      refused("error-in-201", 201, R"({"sid":")" + sid + R"(","error_code":30007})", "rejected"),
      refused("no-sid", 201, R"({"status":"queued","error_code":null})", "unknown"),
      refused("not-201", 200, R"({"sid":")" + sid + R"("})", "unknown"),
      refused("not-json", 201, "<html>queued</html>", "unknown"),
      {"accepted-again", {}, "accepted"},
  };
  expect_cases("twilio", with_common(own), [&](const vendor_request& each) { return twilio.answer(each); });
  for (const std::string& each : twilio.faults())
    ADD_FAILURE() << each;
}

// What else otpd may say in a request is in the document as well.
TEST(Vendors, TwilioWithAServiceAndReceipts) {
  if (!std::filesystem::exists(twilio_mock::document()))
    GTEST_SKIP() << twilio_mock::document() << " is not there: Twilio's OpenAPI document is needed";
  twilio_mock twilio{std::string(twilio_sid), std::string(twilio_token)};
  const std::string service = "MG0123456789abcdefABCDEF0123456789";
  delivery_server server;
  const identity who = server.identity_of_stub();
  vendor_stub stub(who, [&](const vendor_request& each) { return twilio.answer(each); });
  server.delivery("public_url = \"https://otp.example.com/verify/\"\n");
  server.provider("twilio", "twilio", stub.url());
  server.route("", {"twilio"});
  server.route("+49", {"twilio"}, service);
  ASSERT_NO_THROW(server.start());
  for (const char* to : {"+33612345678", "+4915112345678"})
    EXPECT_EQ(server.issue(to).text("delivery"), "sent");
  for (const std::string& each : twilio.faults())
    ADD_FAILURE() << each;

  const auto seen = stub.requests();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].form().at("From"), "+15005550006");
  EXPECT_EQ(seen[1].form().at("MessagingServiceSid"), service);
  for (const vendor_request& each : seen) {
    const auto fields = each.form();
    EXPECT_TRUE(fields.at("StatusCallback").starts_with("https://otp.example.com/verify/hooks/twilio?ref="));
    // Not past the code's ten minutes.
    EXPECT_GT(std::stoi(fields.at("ValidityPeriod")), 590);
    EXPECT_LE(std::stoi(fields.at("ValidityPeriod")), 600);
    EXPECT_EQ(code_in(fields.at("Body")).size(), 6U);
  }
}

// A Vonage answer whose parts have these statuses.
std::string vonage_parts(const std::vector<std::string>& statuses) {
  json::array parts;
  for (const std::string& each : statuses)
    parts.push_back(json::object{{"to", "491517"}, {"message-id", "0A00000000001"}, {"status", each}});
  return json::serialize(
      json::object{{"message-count", std::to_string(statuses.size())}, {"messages", std::move(parts)}});
}

TEST(Vendors, VonageWhoseAnswersAreAlways200) {
  const auto status = [](const std::string& value, const std::string& outcome, unsigned attempts = 1) {
    return refused("status-" + value, 200, vonage_parts({value}), outcome, attempts);
  };
  const std::vector<vendor_case> own{
      {"accepted", {}, "accepted"},
      status("1", "rate_limited", 2),
      status("2", "misconfigured"),
      status("3", "bad_number"),
      status("5", "unavailable", 2),
      status("6", "bad_number"),
      status("9", "out_of_credit"),
      status("12", "rejected"),
      refused("second-part", 200, vonage_parts({"0", "9"}), "unknown"),
      refused("both-parts", 200, vonage_parts({"9", "9"}), "out_of_credit"),
      refused("part-missing", 200, R"({"message-count":"2","messages":[{"status":"0"}]})", "unknown"),
      refused("no-parts", 200, R"({"message-count":"0","messages":[]})", "unknown"),
      refused("not-json", 200, "Throttled", "unknown"),
      refused("two-parts", 200, vonage_parts({"0", "0"}), "accepted"),
  };
  expect_cases("vonage", with_common(own), [](const vendor_request& each) {
    const auto fields = each.form();
    const bool fits = each.method() == "POST" && each.target() == "/sms/json" &&
                      each.field("Content-Type") == "application/x-www-form-urlencoded" &&
                      fields.at("api_key") == "abcd1234" && fields.at("api_secret") == vonage_secret &&
                      fields.at("from") == "Example" && fields.at("to") == phone_number(0).substr(1) &&
                      code_in(fields.at("text")).size() == 6;
    return fits ? answer_of(200, vonage_parts({"0"})) : answer_of(200, vonage_parts({"2"}));
  });
}

TEST(Vendors, MshastraWhoseBodyDecides) {
  const auto says = [](const std::string& text) {
    return json::serialize(
        json::array{json::object{{"msg_id", "1234567"}, {"number", "491517"}, {"str_response", text}}});
  };
  const std::vector<vendor_case> own{
      {"accepted", {}, "accepted"},
      refused("no-credits", 200, says("No More Credits"), "out_of_credit"),
      refused("password", 200, says("Invalid Password"), "misconfigured"),
      refused("profile", 200, says("Invalid Profile Id"), "misconfigured"),
      refused("number", 200, says("Invalid Mobile No."), "bad_number"),
      refused("other-words", 200, says("Something else"), "unknown"),
      refused("empty-array", 200, "[]", "unknown"),
      refused("not-json", 200, "Send Successful", "unknown"),
      refused("message-sent", 200, says("Message Sent"), "accepted"),
      refused("older-member", 200, R"([{"response":"send successful"}])", "accepted"),
  };
  expect_cases("mshastra", with_common(own), [&](const vendor_request& each) {
    const auto body = json::parse(each.body);
    const json::object& one = body.as_array().at(0).as_object();
    const auto is = [&](const char* name, std::string_view value) {
      return one.at(name).as_string() == value;
    };
    const bool fits = each.method() == "POST" && each.target() == "/sendsms_api_json.aspx" &&
                      each.field("Content-Type") == "application/json" && body.as_array().size() == 1 &&
                      is("user", "20091234") && is("pwd", mshastra_password) && is("sender", "Example") &&
                      is("number", phone_number(0).substr(1)) && is("language", "English") &&
                      code_in(one.at("msg").as_string().c_str()).size() == 6;
    return answer_of(200, says(fits ? "Send Successful" : "Invalid Password"));
  });
}

TEST(Vendors, AGatewayByConfigurationAlone) {
  const std::string rules =
      "[[providers.ruled.failures]]\nstatus = \"4xx\"\nbody_contains = \"no such number\"\n"
      "failure = \"bad_number\"\n[[providers.ruled.failures]]\nfailure = \"out_of_credit\"\n";
  const std::vector<vendor_case> own{
      {"accepted", {}, "accepted"},
      {"ruled", answer_of(404, R"({"error":"no such number"})"), "bad_number", 1, rules},
      refused("other-value", 200, R"({"status":"refused"})", "rejected"),
      refused("no-value", 202, R"({"id":"1"})", "rejected"),
      refused("not-json", 200, "ok", "rejected"),
  };
  expect_cases("http", with_common(own), [](const vendor_request& each) {
    const auto body = json::parse(each.body);
    const bool fits = each.method() == "POST" && each.target() == "/" &&
                      body.at("to").as_string() == phone_number(0).c_str() &&
                      code_in(body.at("text").as_string().c_str()).size() == 6 &&
                      body.at("from").as_string() == "Example" && body.at("ref").as_string().size() == 36;
    return fits ? answer_of(202, R"({"status":"ok","id":"1"})") : answer_of(400, "{}");
  });
}

// Nobody who could be the vendor: each is unavailable, is asked twice, and never sees a byte of a request.
TEST(Vendors, WhoIsNotReachedOrNotTrustedIsUnavailable) {
  delivery_server server;
  const auto accept = [](const vendor_request&) { return answer_of(201, "{}"); };
  const identity other_name = server.trusted().issue("DNS:vendor.example");
  const identity expired = server.trusted().issue("IP:127.0.0.1", -60);
  const authority somebody;
  const identity stranger = somebody.issue("IP:127.0.0.1");
  vendor_stub wrong_name(other_name, accept);
  vendor_stub too_old(expired, accept);
  vendor_stub untrusted(stranger, accept);
  scripted_server closes_at_accept([](scripted_server::peer&) {});
  scripted_server speaks_plain([](scripted_server::peer& peer) { peer.write("HTTP/1.1 200 OK\r\n\r\n"); });
  const refused_port nobody;
  const hanging_port black_hole;
  const auto at = [](std::uint16_t port) { return "https://127.0.0.1:" + std::to_string(port); };
  const std::vector<std::pair<std::string, std::string>> places{
      {"wrong-name", wrong_name.url()},   {"expired", too_old.url()},
      {"untrusted", untrusted.url()},     {"closes", at(closes_at_accept.port())},
      {"plain", at(speaks_plain.port())}, {"nobody", at(nobody.port())},
      {"hole", at(black_hole.port())}};
  int count = 0;
  for (const std::string vendor : {"twilio", "vonage", "mshastra", "http"}) {
    for (const auto& [name, url] : places) {
      server.provider(vendor + "-" + name, vendor, url, "connect_timeout = \"200ms\"\n");
      server.route(phone_number(count++), {vendor + "-" + name});
    }
  }
  ASSERT_NO_THROW(server.start());
  count = 0;
  for (const std::string vendor : {"twilio", "vonage", "mshastra", "http"}) {
    for (const auto& [name, url] : places) {
      SCOPED_TRACE(vendor + "-" + name);
      expect_told(server.issue(phone_number(count++)), server, "unavailable");
      EXPECT_EQ(server.attempts(vendor + "-" + name, "unavailable"), 2);
    }
  }
  for (const auto* each : {&wrong_name, &too_old, &untrusted})
    EXPECT_TRUE(each->requests().empty());
}

}  // namespace
}  // namespace otpd::test
