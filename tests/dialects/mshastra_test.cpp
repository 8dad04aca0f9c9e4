// System s1 sent its messages through mShastra: so does otpd for it, without being told, once that is
// configured.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "system/delivery_server.hpp"
#include "system/vendor_stub.hpp"

namespace otpd::test {
namespace {

namespace json = boost::json;

constexpr std::string_view ok = R"({"message":"OTP sent successfully","status":"success"})";
constexpr std::string_view failed = R"({"message":"Failed to send OTP. Please try again.","status":"error"})";

std::string says(const std::string& text) {
  return json::serialize(json::array{json::object{{"msg_id", "1"}, {"str_response", text}}});
}

// An otpd with a provider of type mshastra, and another one that [delivery] names.
class world {
 public:
  explicit world(const std::string& mshastra_answer)
      : who(trusted.issue("IP:127.0.0.1")),
        mshastra(who, [=](const vendor_request&) { return answer_of(200, mshastra_answer); }),
        other(who, [](const vendor_request&) { return answer_of(200, R"({"status":"ok"})"); }) {
    const std::string ca_file = (place.path() / "authority.pem").string();
    std::ofstream(ca_file) << trusted.certificate();
    const auto provider = [&](const std::string& name, std::string_view vendor, const std::string& url) {
      return "[providers." + name + "]\n" + lines_of(vendor) + "url = \"" + url + "\"\nca_file = \"" +
             ca_file + "\"\n";
    };
    configuration settings;
    settings.delivery = provider("shastra", "mshastra", mshastra.url()) +
                        provider("other", "http", other.url() + "/send") +
                        "[delivery]\nsms = \"other\"\nemail = \"null\"\n";
    launch how;
    how.environment = {"MSHASTRA_PASSWORD=" + std::string(mshastra_password)};
    otpd = std::make_unique<otpd_process>(place.path(), settings, how);
    if (!otpd->serves()) throw std::runtime_error(otpd->log());
  }

  [[nodiscard]] http_answer post(std::string_view path, std::string_view body) const {
    return ask(otpd->port(), http_request("POST", path, body));
  }

  scratch_directory place;
  authority trusted;
  identity who;
  vendor_stub mshastra;
  vendor_stub other;
  std::unique_ptr<otpd_process> otpd;
};

std::string last_digits(const std::string& text) {
  return text.substr(text.size() - 4);
}

TEST(S1, SendsThroughMshastraWhatItsSystemSent) {
  world all(says("Send Successful"));
  const http_answer sent = all.post("/api/users/send-otp/", R"({"phone":"+255 694 230 173"})");
  EXPECT_EQ(sent.status, 200);
  EXPECT_EQ(sent.body, ok);
  const auto calls = all.mshastra.requests();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].method() + " " + calls[0].target(), "POST /sendsms_api_json.aspx");
  const auto body = json::parse(calls[0].body);
  const std::string text(body.at(0).at("msg").as_string());
  const std::string code = last_digits(text);
  const json::object expected{
      {"user", "20091234"},
      {"pwd", mshastra_password},
      {"number", "255694230173"},
      {"sender", "Example"},
      {"msg", "Welcome To Your App!\nThank you for using our service.\nYour OTP is " + code},
      {"language", "English"}};
  EXPECT_EQ(body.as_array().size(), 1U);
  EXPECT_EQ(body.at(0), expected);
  EXPECT_TRUE(all.other.requests().empty());
  const http_answer right =
      all.post("/api/users/verify-otp/", R"({"phone":"255694230173","otp":")" + code + "\"}");
  EXPECT_EQ(right.body, R"({"message":"OTP verified successfully","status":"success","verified":true})");
  // The other systems go where [delivery] says.
  EXPECT_EQ(all.post("/otp/generate/", R"({"phone_number":"+12125550123"})").status, 200);
  EXPECT_EQ(all.mshastra.requests().size(), 1U);
  EXPECT_EQ(all.other.requests().size(), 1U);
}

TEST(S1, GoesOnToTheOthersWhereMshastraHasNoCredit) {
  world all(says("No More Credits"));
  EXPECT_EQ(all.post("/api/users/send-otp/", R"({"phone":"255694230173"})").body, ok);
  EXPECT_EQ(all.mshastra.requests().size(), 1U);
  ASSERT_EQ(all.other.requests().size(), 1U);
  const auto body = json::parse(all.other.requests()[0].body);
  const std::string code = last_digits(std::string(body.at("text").as_string()));
  EXPECT_EQ(all.post("/api/users/verify-otp/", R"({"phone":"255694230173","otp":")" + code + "\"}")
                .number("verified"),
            1);
}

TEST(S1, SaysThatNothingWasSentToANumberThatIsNone) {
  world all(says("Invalid Mobile No."));
  const http_answer sent = all.post("/api/users/send-otp/", R"({"phone":"255694230173"})");
  EXPECT_EQ(sent.status, 500);
  EXPECT_EQ(sent.body, failed);
  EXPECT_TRUE(all.other.requests().empty());
}

}  // namespace
}  // namespace otpd::test
