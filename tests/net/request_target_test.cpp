#include "net/request_target.hpp"

#include <gtest/gtest.h>

namespace otpd::net {
namespace {

TEST(RequestTarget, IsTakenApart) {
  struct {
    std::string_view target, path, query, authority;
  } const cases[] = {
      {"/", "/", "", ""},
      {"/a/b?c=d?e", "/a/b", "c=d?e", ""},
      {"/a?", "/a", "", ""},
      {"//a//b", "//a//b", "", ""},
      {"/%2e%2E/%00", "/%2e%2E/%00", "", ""},
      {"http://a", "/", "", "a"},
      {"http://a?b", "/", "b", "a"},
      {"HTTPS://a.b:65535/c?d", "/c", "d", "a.b:65535"},
      {"http://[::1]:80/c", "/c", "", "[::1]:80"},
  };
  for (const auto& c : cases) {
    const auto parts = split_target(method::get, c.target);
    ASSERT_TRUE(parts) << c.target;
    EXPECT_EQ(parts->path, c.path) << c.target;
    EXPECT_EQ(parts->query, c.query) << c.target;
    EXPECT_EQ(parts->authority, c.authority) << c.target;
  }
  EXPECT_EQ(split_target(method::options, "*")->path, "*");
}

TEST(RequestTarget, RefusesWhatIsNeitherAPathNorAnUrl) {
  for (const std::string_view bad : {"",
                                     "*",
                                     "a",
                                     "a:443",
                                     "?a",
                                     "/a#b",
                                     "/a\x7f",
                                     "/\xc3\xa4",
                                     "/a b",
                                     "http:",
                                     "http://",
                                     "http:///a",
                                     "http://:80/",
                                     "http://u@a/",
                                     "http://a:b@c/",
                                     "http://a:99999/",
                                     "http:/a",
                                     "ftp://a/",
                                     "javascript:1",
                                     "http://[::1/",
                                     "http://[]/",
                                     "http://[::1]x/",
                                     "http://a\\b/"}) {
    EXPECT_FALSE(split_target(method::get, bad)) << bad;
  }
}

TEST(Authority, IsANameOrAnAddressWithAPort) {
  for (const std::string_view good : {"a", "a.example", "a.example:80", "a:", "127.0.0.1:8080", "[::1]",
                                      "[2001:db8::1]:443", "a_b-c~d", "%41"}) {
    EXPECT_TRUE(is_valid_authority(good)) << good;
  }
  for (const std::string_view bad :
       {"", ":80", "a:b", "a:80:80", "a:65536", "a:-1", "a b", "a/b", "a@b", "a?b", "a#b", "[::1", "::1",
        "[g::]", "a,b c", "a\\b", "\xc3\xa4", "a\"", "<a>"}) {
    EXPECT_FALSE(is_valid_authority(bad)) << bad;
  }
}

}  // namespace
}  // namespace otpd::net
