// A code is good once, however it is spelled and however many say it at the same time; and
// nothing but a right code makes a token (RELIABILITY A5, A10).

#include <algorithm>

#include "api/code_variants.hpp"
#include "dialects/dialect_server.hpp"
#include "system/crowd.hpp"

namespace otpd::dialects::test {
namespace {

constexpr int connections = 100, each = 10;

// One way to a success: where a code goes to, and everything of the request but the code.
struct way {
  std::string path;
  std::string members;  // `"name":"value",…`
  std::string fields;
  std::string to;
  std::string name = "code";  // of the member that a code goes into

  [[nodiscard]] std::string request(const std::string& code) const {
    return request_text("POST", path, fields, "{" + members + ",\"" + name + "\":\"" + code + "\"}", json);
  }
};

class Once : public testing::Test {
 protected:
  Once()
      : server(
            "[dialects.s2]\nfailures = 100\n[profiles.s0]\nfailures = '100000/1s'\n"
            "[profiles.s1]\nfailures = '100000/1s'\n[profiles.s2]\nfailures = '100000/1s'\n"
            "[profiles.s3]\nfailures = '100000/1s'\n[profiles.s4]\nfailures = '100000/1s'\n",
            // Nobody is blocked here: the count of who succeeds is what matters.
            [](config& all) {
              all.dialects.s2.lockout = {60'000, std::chrono::hours(1), {}};
            }) {}

  way of_s0() {
    const std::string phone = R"("phone_number":"+12125550123")";
    server.administer("/accounts", R"({"realm":"s0","phone":"+12125550123"})");
    EXPECT_EQ(server.post("/otp/generate/", "{" + phone + "}").status, 200);
    return {"/otp/verify/", phone, {}, "+12125550123", "otp"};
  }
  way of_s1() {
    const std::string phone = R"("phone":"255694230173")";
    EXPECT_EQ(server.post("/api/users/send-otp/", "{" + phone + "}").status, 200);
    return {"/api/users/verify-otp/", phone, {}, "+255694230173", "otp"};
  }
  way registering() {
    const std::string phone = R"("phone_number":"+12125550123")";
    const reply began = server.post("/api/register/", "{" + phone + "}");
    return {"/api/verify-otp/", phone, began.cookie(), "+12125550123"};
  }
  way logging_in() {
    const std::string phone = R"("phone_number":"+12125550123")";
    const reply began = server.post("/api/login/", "{" + phone + "}");
    return {"/api/login/", phone, began.cookie(), "+12125550123"};
  }
  way of_s3() {
    const std::string uuid =
        server.post("/api/auth/otp/create/", R"({"receiver":"09123456789"})").text("uuid");
    return {
        "/api/auth/otp/verify/", R"("uuid":")" + uuid + R"(","receiver":"09123456789")", {}, "+989123456789"};
  }
  way of_s4() {
    EXPECT_EQ(server.post("/login/", R"({"email":"ann@example.com"})").status, 200);
    return {"/verify-otp/", R"("email":"ann@example.com")", {}, "ann@example.com"};
  }
  static std::vector<way (Once::*)()> ways() {
    return {&Once::of_s0, &Once::of_s1, &Once::registering, &Once::logging_in, &Once::of_s3, &Once::of_s4};
  }

  dialect_server server;
};

TEST_F(Once, OfAThousandRightAnswersAtOnceOneSucceeds) {
  for (const auto start : ways()) {
    const way of = (this->*start)();
    const std::vector<std::string> same(each, of.request(server.code_for(of.to)));
    const auto answers =
        otpd::test::ask_together(server.port(), std::vector<std::vector<std::string>>(connections, same));
    ASSERT_EQ(answers.size(), static_cast<std::size_t>(connections * each)) << of.path;
    EXPECT_EQ(std::ranges::count(answers, 200, &otpd::test::http_answer::status), 1) << of.path;
  }
}

TEST_F(Once, NoOtherSpellingOfAUsedCodeIsGood) {
  for (const auto start : ways()) {
    const way of = (this->*start)();
    const std::string code = server.code_for(of.to);
    ASSERT_EQ(otpd::test::ask(server.port(), of.request(code)).status, 200) << of.path;
    for (const std::string& body : api::test::variants(code)) {
      const bool is_object = body.starts_with("{\"code\"");
      const std::string text = is_object ? "{" + of.members + ",\"" + of.name + "\"" + body.substr(7) : body;
      const reply said = server.post(of.path, text, json, of.fields);
      EXPECT_GE(said.status, 400) << of.path << " " << body;
      EXPECT_LT(said.status, 500) << of.path << " " << body;
      EXPECT_EQ(said.body.find("access"), said.body.npos);
      EXPECT_EQ(said.body.find("\"verified\":true"), said.body.npos);
    }
  }
}

TEST_F(Once, WhatWasProvenElsewhereMakesNoToken) {
  const way s3 = of_s3();
  const std::string code = server.code_for(s3.to);
  // The number's code of another system, and of another receiver.
  ASSERT_EQ(server.post("/otp/generate/", R"({"phone_number":"+989123456789"})").status, 200);
  const std::string of_s0 = server.code_for(s3.to);
  ASSERT_EQ(server.post("/login/", R"({"mobile":"+989123456789"})").status, 200);
  const std::string of_s4 = server.code_for(s3.to);
  const auto status = [this](const way& of, const std::string& said) {
    return otpd::test::ask(server.port(), of.request(said)).status;
  };
  EXPECT_EQ(status(s3, of_s0), 400);
  EXPECT_EQ(status(s3, of_s4), 400);
  way other = s3;
  other.members = R"("uuid":"69559251-5247-442b-9f6e-685da251fcf2","receiver":"09123456789")";
  EXPECT_EQ(status(other, code), 400);
  // A code of s4 for one address says nothing of another.
  way ann{"/verify-otp/", R"("email":"ann@example.com")", {}, {}};
  EXPECT_EQ(status(ann, of_s4), 400) << "nothing is pending";
  EXPECT_EQ(status(s3, code), 200) << "its own code, nothing but that";
}

}  // namespace
}  // namespace otpd::dialects::test
