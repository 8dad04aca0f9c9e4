// The cookie of a server-side session: what is read out of a request, and what an answer sets.

#include "api/dialects/session_cookie.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace otpd::api::dialects {
namespace {

std::string session_of(const std::vector<net::field>& fields) {
  net::request in;
  in.fields = fields;
  return std::string(session_in(in));
}

TEST(SessionCookie, IsFoundAmongOthers) {
  EXPECT_EQ(session_of({{"Cookie", "sessionid=abc"}}), "abc");
  EXPECT_EQ(session_of({{"cookie", "a=b; sessionid=abc; c=d"}}), "abc");
  EXPECT_EQ(session_of({{"Cookie", "a=b;sessionid=abc;"}}), "abc");
}

TEST(SessionCookie, IsNothingWhereItIsAbsentOrAmbiguous) {
  EXPECT_EQ(session_of({}), "");
  EXPECT_EQ(session_of({{"Cookie", ""}}), "");
  EXPECT_EQ(session_of({{"Cookie", "sessionid="}}), "");
  EXPECT_EQ(session_of({{"Cookie", "xsessionid=abc; SESSIONID=abc; sessionid2=abc; sessionid"}}), "");
  EXPECT_EQ(session_of({{"Cookie", "sessionid=abc; sessionid=abd"}}), "") << "one of them was planted";
  EXPECT_EQ(session_of({{"Cookie", "sessionid=abc"}, {"Cookie", "sessionid=abd"}}), "");
  EXPECT_EQ(session_of({{"X-Cookie", "sessionid=abc"}}), "");
}

TEST(SessionCookie, IsSecureWhereTheClientsSideIsEncrypted) {
  for (const bool encrypted : {false, true}) {
    net::response out;
    set_session("abc", std::chrono::seconds(90), encrypted, out);
    EXPECT_EQ(out.fields,
              std::string("Set-Cookie: sessionid=abc; Path=/; Max-Age=90; HttpOnly; SameSite=Lax") +
                  (encrypted ? "; Secure\r\n" : "\r\n"));
  }
}

}  // namespace
}  // namespace otpd::api::dialects
