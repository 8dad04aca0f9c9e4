#include "net/request_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/parsed_stream.hpp"

namespace otpd::net {
namespace {

using test::canary;
using test::parse_in_every_way;
using state = request_parser::state;

TEST(RequestParser, GivesWhatWasSent) {
  const std::string fields = "Host: a.example:8080\r\nX-Empty:\r\nX-Padded: \t v w \t\r\n";
  EXPECT_EQ(
      parse_in_every_way("POST /v1/x?y=1 HTTP/1.1\r\n" + fields + "Content-Length: 3\r\n\r\nabc" + canary),
      (std::vector<std::string>{
          "POST /v1/x?y=1 [Host=a.example:8080] [X-Empty=] [X-Padded=v w] [Content-Length=3] {abc}",
          "GET /canary? [Host=a] {}"}));
}

TEST(RequestParser, JoinsChunksAndDropsTrailers) {
  const std::string head = "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: cHunKed\r\n\r\n";
  const std::string expected = "PUT /c? [Host=a] [Transfer-Encoding=cHunKed] {hello world}";
  for (const std::string body :
       {"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "b\r\nhello world\r\n0\r\n\r\n",
        "00B\r\nhello world\r\n000\r\n\r\n", "5;a=b;c=\"d;e\"\r\nhello\r\n6;x\r\n world\r\n0;last\r\n\r\n",
        "B\r\nhello world\r\n0\r\nAuthorization: Bearer x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"}) {
    EXPECT_EQ(parse_in_every_way(head + body + canary),
              (std::vector<std::string>{expected, "GET /canary? [Host=a] {}"}))
        << body;
  }
  EXPECT_EQ(
      parse_in_every_way("PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + canary)
          .size(),
      2U);
}

TEST(RequestParser, KnowsWhenAConnectionMayStay) {
  struct {
    std::string head;
    bool stays;
  } const cases[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n", true},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", false},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n", false},
      {"GET / HTTP/1.0\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n", true},
      {"GET / HTTP/1.0\r\nHost: a\r\nConnection: close\r\n", false},
  };
  for (const auto& c : cases) {
    const auto seen = parse_in_every_way(c.head + "\r\n");
    ASSERT_EQ(seen.size(), 1U) << c.head;
    EXPECT_EQ(!seen[0].ends_with(" last"), c.stays) << c.head;
  }
}

TEST(RequestParser, KnowsTheMethods) {
  for (const std::string name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(parse_in_every_way(name + " / HTTP/1.1\r\nHost: a\r\n\r\n"),
              (std::vector<std::string>{name + " /? [Host=a] {}"}));
  }
  for (const std::string name : {"TRACE", "get", "G", "PROPFIND", "!#$%&'*+-.^_`|~1"}) {
    EXPECT_EQ(parse_in_every_way(name + " / HTTP/1.1\r\nHost: a\r\n\r\n"),
              (std::vector<std::string>{"OTHER /? [Host=a] {}"}));
  }
}

TEST(RequestParser, LetsTheAuthorityOfAnAbsoluteTargetWin) {
  EXPECT_EQ(parse_in_every_way("GET HTTP://b.example:81?q HTTP/1.1\r\nHost: a\r\n\r\n"),
            (std::vector<std::string>{"GET /?q [Host=b.example:81] {}"}));
  EXPECT_EQ(parse_in_every_way("GET https://b/x HTTP/1.1\r\n\r\n"),
            (std::vector<std::string>{"!400 malformed_request"}));
}

TEST(RequestParser, ToleratesOneEmptyLineBeforeARequest) {
  EXPECT_EQ(parse_in_every_way("\r\n" + canary + "\r\n" + canary).size(), 2U);
  EXPECT_EQ(parse_in_every_way("\r\n\r\n" + canary), (std::vector<std::string>{"!400 malformed_request"}));
  EXPECT_EQ(parse_in_every_way("\n" + canary), (std::vector<std::string>{"!400 malformed_request"}));
  EXPECT_EQ(parse_in_every_way("\r" + canary), (std::vector<std::string>{"!400 malformed_request"}));
}

TEST(RequestParser, SaysWhenAClientWaitsForContinue) {
  const parser_limits limits;
  request_parser parser(limits);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n";
  EXPECT_EQ(parser.put(head), head.size());
  EXPECT_EQ(parser.now(), state::body);
  EXPECT_TRUE(parser.expects_continue());
  parser.put("ok");
  EXPECT_EQ(parser.now(), state::complete);
  parser.reset();
  const std::string old = "POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  parser.put(old);
  EXPECT_FALSE(parser.expects_continue());
}

}  // namespace
}  // namespace otpd::net
