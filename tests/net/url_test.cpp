#include "net/url.hpp"

#include <gtest/gtest.h>

namespace otpd::net {

TEST(Url, IsTakenApart) {
  struct row {
    const char* text;
    url parts;
  };
  const row rows[] = {
      {"http://example.com", {false, "example.com", 80, "/"}},
      {"https://Example.COM/", {true, "example.com", 443, "/"}},
      {"HTTPS://example.com:8443/a/b?c=d", {true, "example.com", 8443, "/a/b?c=d"}},
      {"https://example.com?x=1", {true, "example.com", 443, "/?x=1"}},
      {"http://127.0.0.1:9/x", {false, "127.0.0.1", 9, "/x"}},
      {"http://[::1]:80/x", {false, "::1", 80, "/x"}},
      {"http://[2001:DB8::1]", {false, "2001:db8::1", 80, "/"}},
      {"http://sms_gw.internal./a:b@c", {false, "sms_gw.internal.", 80, "/a:b@c"}},
      {"https://1and1.com/", {true, "1and1.com", 443, "/"}},
  };
  for (const row& each : rows) {
    const auto parsed = parse_url(each.text);
    ASSERT_TRUE(parsed) << each.text;
    EXPECT_EQ(*parsed, each.parts) << each.text;
  }
}

TEST(Url, OtherSpellingsAreRefused) {
  const char* rows[] = {
      "",
      "example.com",
      "//example.com",
      "ftp://example.com",
      "http://",
      "http:///path",
      "http://?",
      "http://user@example.com",
      "http://user:pw@example.com/",
      "http://example.com/#top",
      "http://example.com/a b",
      "http://example.com/\r\nX: y",
      "http://example.com/\xc3\xa9",
      "http://ex\xc3\xa4mple.com/",
      "http://example.com\\@evil.example/",
      "http://example.com:0/",
      "http://example.com:65536/",
      "http://example.com:/",
      "http://example.com:80x/",
      "http://exa%6dple.com/",
      "http://a..b/",
      "http://.a/",
      "http://127.1/",
      "http://0x7f.1/",
      "http://0x7f000001/",
      "http://2130706433/",
      "http://017700000001/",
      "http://127.0.0.1./",
      "http://127.0.0.256/",
      "http://1.2.3.4.5/",
      "http://[::1/",
      "http://[::1%25lo]/",
      "http://[127.0.0.1]/",
      "http://::1/",
      "http://[]/",
  };
  for (const char* each : rows)
    EXPECT_FALSE(parse_url(each)) << each;
  EXPECT_FALSE(parse_url("http://h/" + std::string(5000, 'a')));
}

TEST(Url, LoopbackIsKnown) {
  const char* loopback[] = {"http://localhost", "http://LOCALHOST:1/", "http://127.9.9.9", "http://[::1]"};
  const char* other[] = {"http://localhost.example", "http://126.0.0.1", "http://[::2]", "http://10.0.0.1",
                         "http://127.example"};
  for (const char* each : loopback)
    EXPECT_TRUE(is_loopback(*parse_url(each))) << each;
  for (const char* each : other)
    EXPECT_FALSE(is_loopback(*parse_url(each))) << each;
}

}  // namespace otpd::net
