// The page of system s4 as it is served (RELIABILITY A25, V12). What a browser makes of it: tests/browser.

#include "api/dialects/home_page.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

net::response serve(const otp::profile& policy, bool encrypted) {
  boost::asio::io_context loop;
  const api::trusted_proxies nobody({}, 1);
  api::dialects::home_page page(policy, nobody);
  net::request in;
  in.method = net::method::get;
  in.encrypted = encrypted;
  net::response out;
  boost::asio::co_spawn(loop, page.serve(0, in, out), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  loop.run();
  return out;
}

TEST(HomePage, IsStrict) {
  dialect_server server;
  for (const char* path : {"/home/", "/home", "/home/page.css", "/home/page.js"}) {
    SCOPED_TRACE(path);
    const reply page = server.ask("GET", path);
    EXPECT_EQ(page.status, 200);
    const std::string policy = page.field("Content-Security-Policy") + ";";
    for (const char* each :
         {"default-src 'none';", "script-src 'self';", "style-src 'self';", "connect-src 'self';",
          "object-src 'none';", "base-uri 'none';", "form-action 'none';", "frame-ancestors 'none';"})
      EXPECT_NE(policy.find(each), std::string::npos) << each;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_EQ(page.field("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(page.field("X-Frame-Options"), "DENY");
    EXPECT_EQ(page.field("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(page.field("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(page.field("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(page.field("Permissions-Policy"), "otp-credentials=(self)");
    EXPECT_EQ(page.field("Set-Cookie"), "");
  }
  EXPECT_EQ(server.ask("GET", "/home/page.js/").status, 404);
  EXPECT_EQ(server.post("/home/", "{}").status, 405);
}

TEST(HomePage, IsWholeAndHasNothingOfOthers) {
  dialect_server server;
  const reply page = server.ask("GET", "/home/");
  EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.body.find("{{"), std::string::npos);
  EXPECT_NE(page.body.find(R"(data-lifetime="120")"), std::string::npos);
  for (const char* path : {"/home/", "/home/page.css", "/home/page.js"}) {
    SCOPED_TRACE(path);
    const std::string text = server.ask("GET", path).body;
    EXPECT_EQ(text.find("://"), text.find("://www.w3.org/2000/svg")) << "no other origin";
    for (const char* each : {" style=", "<style", "<script>", " onclick", "innerHTML", "localStorage"})
      EXPECT_EQ(text.find(each), std::string::npos) << each;
  }
}

TEST(HomePage, IsNotKeptAndItsFilesAreAskedForAgain) {
  dialect_server server;
  EXPECT_EQ(server.ask("GET", "/home/").field("Cache-Control"), "no-store");
  EXPECT_EQ(server.ask("GET", "/home/").field("ETag"), "");
  std::string last;
  for (const char* path : {"/home/page.css", "/home/page.js"}) {
    SCOPED_TRACE(path);
    const reply file = server.ask("GET", path);
    EXPECT_EQ(file.field("Cache-Control"), "no-cache");
    const std::string tag = file.field("ETag");
    ASSERT_EQ(tag.size(), 24U);
    EXPECT_NE(tag, last);
    last = tag;
    for (const std::string& known : {tag, "W/" + tag, R"("other", )" + tag, std::string("*")}) {
      const reply again = server.ask("GET", path, "If-None-Match: " + known + "\r\n");
      EXPECT_EQ(again.status, 304) << known;
      EXPECT_EQ(again.body, "");
      EXPECT_EQ(again.field("ETag"), tag);
    }
    EXPECT_REPLY(server.ask("GET", path, "If-None-Match: \"other\"\r\n"), 200, file.body);
  }
}

TEST(HomePage, WantsEncryptionForAYearWhereItHasIt) {
  const otp::profile policy;
  EXPECT_EQ(serve(policy, false).fields.find("Strict-Transport-Security"), std::string::npos);
  EXPECT_NE(serve(policy, true).fields.find("Strict-Transport-Security: max-age=31536000\r\n"),
            std::string::npos);
}

TEST(HomePage, SaysWhatItsProfileSays) {
  otp::profile policy;
  policy.code_length = 8;
  policy.alphabet = "0123456789abcdef";
  policy.lifetime = std::chrono::seconds(90);
  policy.resend_after = std::chrono::seconds(45);
  const std::string page = serve(policy, false).body;
  for (const char* each : {R"(maxlength="8")", R"(inputmode="text")", "8 characters", "for 90 seconds",
                           R"(data-again-after="45")"})
    EXPECT_NE(page.find(each), std::string::npos) << each;
}

}  // namespace
}  // namespace otpd::dialects::test
