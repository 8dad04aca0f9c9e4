// The administration's calls for accounts, through real sockets.

#include <gtest/gtest.h>

#include "api/data_files.hpp"
#include "api/running_server.hpp"

namespace {

using namespace otpd::api::test;

const std::string ann = "+4915112345601";
const std::string mail = "Ann@example.org";
const std::string reach = R"({"realm":"default","address":")" + ann + R"("})";

class AccountCalls : public testing::Test {
 protected:
  answer put(const std::string& members) {
    return server.ask_admin("POST", "/accounts", R"({"realm":"default",)" + members + "}");
  }
  answer ask(const std::string& call, const std::string& address, const std::string& realm = "default") {
    return server.ask_admin("POST", "/accounts/" + call, object({{"realm", realm}, {"address", address}}));
  }

  running_server server{"[profiles.other]\nrealm = \"staff\"\n"};
};

TEST_F(AccountCalls, MakesChangesFindsAndRemoves) {
  const answer made = put(R"("phone":")" + ann + R"(","phone_verified":true)");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(made.members(),
            (std::set<std::string>{"id", "realm", "phone", "phone_verified", "email", "email_verified",
                                   "disabled", "has_password", "created_at"}));
  EXPECT_EQ(made.text("realm"), "default");
  EXPECT_EQ(made.text("phone"), ann) << "unmasked: it is the operator's";
  EXPECT_EQ(made.number("phone_verified"), 1);
  EXPECT_EQ(made.number("has_password"), 0);
  EXPECT_TRUE(made.json().at("email").is_null());

  const answer changed = put(R"("phone":")" + ann + R"(","email":")" + mail + R"(","disabled":true)");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.text("id"), made.text("id"));
  EXPECT_EQ(changed.number("phone_verified"), 1);
  EXPECT_EQ(changed.number("email_verified"), 0);
  EXPECT_EQ(changed.number("disabled"), 1);
  EXPECT_EQ(changed.text("created_at"), made.text("created_at"));

  for (const std::string& each :
       {ann, mail, std::string("+49 (151) 123 456 01"), std::string("ann@EXAMPLE.org")})
    EXPECT_EQ(ask("find", each).body, changed.body) << each;
  EXPECT_EQ(ask("find", ann, "staff").code(), "account_not_found");

  EXPECT_EQ(ask("remove", mail).status, 204);
  EXPECT_EQ(ask("remove", ann).code(), "account_not_found");
  EXPECT_EQ(ask("find", ann).code(), "account_not_found");
}

TEST_F(AccountCalls, ReadsNationalNumbersOfTheRegionThatIsNamed) {
  EXPECT_EQ(put(R"("phone":"0151 12345601")").code(), "invalid_recipient");
  const answer made = put(R"("phone":"0151 12345601","region":"DE")");
  EXPECT_EQ(made.text("phone"), ann) << made.body;
  const std::string national = object({{"realm", "default"}, {"address", "015112345601"}, {"region", "DE"}});
  EXPECT_EQ(server.ask_admin("POST", "/accounts/find", national).text("id"), made.text("id"));
}

TEST_F(AccountCalls, RefusesAnAddressThatAnotherHas) {
  ASSERT_EQ(put(R"("phone":")" + ann + R"(","email":")" + mail + "\"").status, 200);
  const answer taken = put(R"("phone":"+4915112345602","email":")" + mail + "\"");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.code(), "address_taken");
  EXPECT_EQ(ask("find", "+4915112345602").code(), "account_not_found");
}

TEST_F(AccountCalls, RefusesWhatItDoesNotUnderstand) {
  const std::tuple<const char*, const char*, const char*> table[] = {
      {"/accounts", "{}", "missing_member"},
      {"/accounts", R"({"realm":"default"})", "missing_member"},
      {"/accounts", R"({"realm":"nowhere","phone":"+4915112345601"})", "invalid_member"},
      {"/accounts", R"({"phone":"+4915112345601"})", "missing_member"},
      {"/accounts", R"({"realm":"default","phone":15112345601})", "invalid_member"},
      {"/accounts", R"({"realm":"default","phone":"ann@example.org"})", "invalid_recipient"},
      {"/accounts", R"({"realm":"default","email":"+4915112345601"})", "invalid_recipient"},
      {"/accounts", R"({"realm":"default","phone":""})", "invalid_recipient"},
      {"/accounts", R"({"realm":"default","phone":"015112345601","region":"de"})", "invalid_member"},
      {"/accounts", R"({"realm":"default","phone":"+4915112345601","disabled":"true"})", "invalid_member"},
      {"/accounts", R"({"realm":"default","phone":"+4915112345601","password":"x"})", "unknown_member"},
      {"/accounts", R"({"realm":"default","realm":"default"})", "duplicate_member"},
      {"/accounts/find", R"({"realm":"default"})", "missing_member"},
      {"/accounts/find", R"({"realm":"default","address":"nobody"})", "invalid_recipient"},
      {"/accounts/remove", R"({"realm":"default","phone":"+4915112345601"})", "unknown_member"},
      {"/accounts/unlock", "[]", "invalid_json"},
  };
  for (const auto& [path, body, code] : table)
    EXPECT_EQ(server.ask_admin("POST", path, body).code(), code) << path << body;
  EXPECT_EQ(ask("find", ann).code(), "account_not_found") << "nothing was made";
  EXPECT_EQ(server.ask_admin("POST", "/accounts", "{}", "Content-Type: text/plain\r\n").status, 415);
}

// RELIABILITY A24: a page of another site in the operator's browser.
TEST_F(AccountCalls, ReadsAndChangesNothingForAnotherSite) {
  ASSERT_EQ(put(R"("phone":")" + ann + "\"").status, 200);
  const std::pair<const char*, const char*> table[] = {
      {"Host: evil.example:8081\r\n", "host_not_allowed"},
      {"Origin: http://evil.example\r\n", "cross_site"},
      {"Origin: null\r\n", "cross_site"},
      {"Sec-Fetch-Site: cross-site\r\n", "cross_site"},
      {"Sec-Fetch-Site: same-site\r\n", "cross_site"},
  };
  for (const auto& [fields, code] : table) {
    for (const char* path : {"/accounts", "/accounts/find", "/accounts/remove", "/accounts/unlock"}) {
      const answer seen =
          server.ask_admin("POST", path, reach, "Content-Type: application/json\r\n" + std::string(fields));
      EXPECT_EQ(seen.code(), code) << path << fields;
    }
  }
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    const std::string field = "Content-Type: " + std::string(type) + "\r\n";
    EXPECT_EQ(server.ask_admin("POST", "/accounts/remove", reach, field).status, 415) << type;
  }
  EXPECT_EQ(ask("find", ann).status, 200) << "it is still there";
}

TEST_F(AccountCalls, HasNoOtherMethodAndStandsAtItsOwnListener) {
  for (const char* path : {"/accounts", "/accounts/find", "/accounts/remove", "/accounts/unlock"}) {
    for (const char* method : {"GET", "PUT", "DELETE"}) {
      const answer seen = server.ask_admin(method, path);
      EXPECT_EQ(seen.status, 405) << method << path;
      EXPECT_EQ(seen.header("Allow"), "POST");
    }
    EXPECT_EQ(server.ask("POST", path, "{}").status, 404) << "the API's listener has none of it";
  }
  EXPECT_EQ(server.ask_admin("POST", "/accounts/", "{}").code(), "not_found");
}

TEST_F(AccountCalls, SurvivesNaughtyStrings) {
  for (const auto& each : read_naughty_strings()) {
    for (const std::string& body :
         {object({{"realm", each}, {"phone", ann}}), object({{"realm", "default"}, {"email", each}}),
          object({{"realm", "default"}, {"phone", ann}, {"region", each}}), object({{each, ann}}), each}) {
      EXPECT_LT(server.ask_admin("POST", "/accounts", body).status, 500) << body;
    }
  }
}

}  // namespace
