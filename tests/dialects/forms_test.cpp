// What all five take: JSON and form bodies, paths with and without their slash, other sites' pages as
// configured.

#include <cstring>

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

struct call {
  const char* path;
  const char* name;  // of the member that it needs
  const char* value;
};
constexpr call calls[] = {
    {"/otp/generate/", "phone_number", "+12125550123"}, {"/api/users/send-otp/", "phone", "12125550123"},
    {"/api/register/", "phone_number", "+12125550123"}, {"/api/auth/otp/create/", "receiver", "+12125550123"},
    {"/register/", "mobile", "+12125550123"},           {"/login/", "email", "ann@example.com"},
};

std::string escaped(std::string text) {
  for (auto at = text.find('+'); at != text.npos; at = text.find('+', at))
    text.replace(at, 1, "%2B");
  return text;
}

std::string multipart_of(const call& of) {
  return std::string("--xYz\r\nContent-Disposition: form-data; name=\"") + of.name + "\"\r\n\r\n" + of.value +
         "\r\n--xYz--\r\n";
}

TEST(Dialects, TakeJsonAndBothFormsAndAnySlash) {
  for (const call& each : calls) {
    dialect_server server;
    const std::string bare(each.path, std::string(each.path).size() - 1);
    const std::string object = std::string("{\"") + each.name + "\":\"" + each.value + "\"}";
    const reply one = server.post(each.path, object);
    EXPECT_EQ(one.status, 200) << each.path << show(one);
    EXPECT_EQ(server.post(bare, std::string(each.name) + "=" + escaped(each.value), form).status, 200)
        << each.path;
    EXPECT_EQ(server.post(each.path, multipart_of(each), multipart).status, 200) << each.path;
  }
}

TEST(Dialects, OtherMembersAreLeftAlone) {
  dialect_server server;
  EXPECT_EQ(
      server.post("/otp/generate/", R"({"phone_number":"+12125550123","csrf":{"x":[1]},"y":null})").status,
      200);
  EXPECT_EQ(server.post("/otp/generate/", "a=1&phone_number=%2B12125550124&a=2", form).status, 200);
  EXPECT_EQ(server.post("/otp/generate/", "phone_number=(212) 555-0125&name=Zoë", form).status, 200)
      << "as curl -d";
}

TEST(Dialects, SayWhatTheFrameworkSays) {
  dialect_server server;
  const reply get = server.ask("GET", "/otp/generate/");
  EXPECT_REPLY(get, 405, R"({"detail":"Method \"GET\" not allowed."})");
  EXPECT_EQ(get.field("Allow"), "POST, OPTIONS");
  EXPECT_REPLY(server.post("/otp/generate/", "x", "text/plain"), 415,
               R"({"detail":"Unsupported media type \"text/plain\" in request."})");
  const reply malformed = server.post("/otp/generate/", "{");
  EXPECT_EQ(malformed.status, 400);
  EXPECT_EQ(malformed.body.find(R"({"detail":"JSON parse error - )"), 0U) << malformed.body;
  EXPECT_EQ(server.post("/otp/generate/", "--xYz\r\n", multipart).status, 400);
  EXPECT_EQ(server.ask("OPTIONS", "/otp/generate/").field("Allow"), "POST, OPTIONS");
  EXPECT_EQ(server.ask("POST", "/otp//generate/").status, 404);
  EXPECT_EQ(server.ask("POST", "/OTP/generate/").status, 404);
}

TEST(Dialects, MethodsAreThoseOfTheirRoute) {
  dialect_server server;
  for (const call& each : calls) {
    for (const char* method : {"GET", "PUT", "PATCH", "DELETE"}) {
      for (const std::string& path :
           {std::string(each.path), std::string(each.path, std::strlen(each.path) - 1)}) {
        const reply said = server.ask(method, path);
        EXPECT_REPLY(said, 405, std::string(R"({"detail":"Method \")") + method + R"(\" not allowed."})");
        EXPECT_EQ(said.field("Allow"), "POST, OPTIONS") << path;
      }
    }
    const reply options = server.ask("OPTIONS", each.path);
    EXPECT_REPLY(options, 200, "");
    EXPECT_EQ(options.field("Allow"), "POST, OPTIONS");
  }
  EXPECT_EQ(server.ask("POST", "/home/").field("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_REPLY(server.ask("POST", "/profile/"), 405, R"({"detail":"Method \"POST\" not allowed."})");
}

// Pages that are not ours start nothing, in whatever way a browser lets them ask.
TEST(Dialects, OtherSitesPagesChangeNothing) {
  dialect_server server;
  const std::string theirs = "Origin: https://evil.example\r\n";
  for (const call& each : calls) {
    const std::string object = std::string("{\"") + each.name + "\":\"" + each.value + "\"}";
    const std::string fields = std::string(each.name) + "=" + escaped(each.value);
    for (const auto& [type, body] :
         {std::pair(json, object), std::pair(std::string_view("text/plain"), object), std::pair(form, fields),
          std::pair(multipart, multipart_of(each))}) {
      const reply said = server.post(each.path, body, type, theirs);
      EXPECT_REPLY(said, 403, R"({"detail":"Requests of other sites' pages are not allowed."})");
      EXPECT_EQ(said.cookie(), "");
      EXPECT_EQ(said.field("Access-Control-Allow-Origin"), "");
    }
  }
  EXPECT_EQ(server.code_for("+12125550123"), "") << "nobody was sent anything";
  EXPECT_EQ(server.code_for("ann@example.com"), "");
}

TEST(Dialects, CanEachBeSwitchedOff) {
  dialect_server server("[dialects.s0]\nenabled = false\n[dialects.s4]\nenabled = false\n");
  EXPECT_EQ(server.post("/otp/generate/", R"({"phone_number":"+12125550123"})").status, 404);
  EXPECT_EQ(server.ask("GET", "/home/").status, 404);
  EXPECT_EQ(server.post("/api/users/send-otp/", R"({"phone":"12125550123"})").status, 200);
}

TEST(Dialects, OtherSitesPagesNeedToBeNamed) {
  dialect_server server("", [](config& all) { all.server.cors_origins = {"https://app.example.com"}; });
  const std::string body = R"({"phone_number":"+12125550123"})";
  const std::string cross = "Sec-Fetch-Site: cross-site\r\n";
  const std::string ours = "Origin: https://app.example.com\r\n", theirs = "Origin: https://evil.example\r\n";
  EXPECT_EQ(server.post("/otp/generate/", body, json, cross + theirs).status, 403);
  // Over plain HTTP to a named host browsers leave Sec-Fetch-Site out.
  EXPECT_EQ(server.post("/otp/generate/", "phone_number=%2B12125550123", form, theirs).status, 403);
  EXPECT_EQ(server.post("/otp/generate/", body, json, "Origin: null\r\n").status, 403);
  EXPECT_EQ(server.post("/otp/generate/", body, json, "Sec-Fetch-Site: same-site\r\n" + theirs).status, 403);
  EXPECT_EQ(server.post("/otp/generate/", body, json, "Origin: http://LOCALHOST\r\n").status, 200)
      << "our own page";
  EXPECT_EQ(server
                .post("/otp/generate/", body, json,
                      "Sec-Fetch-Site: same-origin\r\nOrigin: https://public.example\r\n")
                .status,
            200)
      << "our own page, behind a proxy that changes Host";
  const reply allowed = server.post("/otp/generate/", body, json, cross + ours);
  EXPECT_EQ(allowed.status, 200);
  EXPECT_EQ(allowed.field("Access-Control-Allow-Origin"), "https://app.example.com");
  EXPECT_EQ(allowed.field("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(allowed.field("Vary"), "Origin");
  const std::string asks = "Access-Control-Request-Method: POST\r\n";
  const reply preflight = server.ask("OPTIONS", "/otp/generate/", ours + asks);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.field("Access-Control-Allow-Methods"), "POST, OPTIONS");
  const reply refused = server.ask("OPTIONS", "/otp/generate/", theirs + asks);
  EXPECT_EQ(refused.field("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(server.post("/otp/generate/", body, json, theirs).field("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(server.ask("GET", "/home/", cross + theirs).status, 200) << "anybody may link to a page";
  const std::string token = R"({"refresh_token":"x"})";
  EXPECT_EQ(server.post("/v1/tokens/refresh", token, json, cross + theirs).status, 403);
  const reply native = server.post("/v1/tokens/refresh", token, json, cross + ours);
  EXPECT_EQ(native.status, 400);
  EXPECT_EQ(native.field("Access-Control-Allow-Origin"), "https://app.example.com");
  EXPECT_EQ(server.post("/v1/verifications", "{}", json, ours).field("Access-Control-Allow-Origin"), "")
      << "keys belong to backends";
}

}  // namespace
}  // namespace otpd::dialects::test
