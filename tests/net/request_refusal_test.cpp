#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/parsed_stream.hpp"
#include "net/request_parser.hpp"

namespace otpd::net {
namespace {

using namespace std::string_literals;
using test::canary;
using test::parse_in_every_way;
using state = request_parser::state;

// RELIABILITY.md A20, H3, H4, H5. Behind each stands a canary, which must never be seen.
TEST(RequestParser, RefusesWhateverTwoParsersCouldFrameDifferently) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string refused[] = {
      // Transfer-Encoding: Beast 1.81 takes each of the first for "no body"
      post + "Transfer-Encoding: gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      post + "Transfer-Encoding: xchunked\r\n\r\n",
      post + "Transfer-Encoding: chunked, identity\r\n\r\n",
      post + "Transfer-Encoding: identity\r\n\r\n",
      post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: \"chunked\"\r\n\r\n",
      post + "Transfer-Encoding: chunked;q=1\r\n\r\n",
      post + "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding:\r\n\r\n",
      post +
          "Transfer-Encoding: \x0b"
          "chunked\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      // both
      post + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
      post + "Content-Length: 3\r\nTransfer-Encoding: gzip\r\n\r\nabc",
      post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
      // Content-Length
      post + "Content-Length: 3, 3\r\n\r\nabc",
      post + "Content-Length: 3,\r\n\r\nabc",
      post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
      post + "Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc",
      post + "Content-Length: +3\r\n\r\nabc",
      post + "Content-Length: -1\r\n\r\n",
      post + "Content-Length: 0x3\r\n\r\nabc",
      post + "Content-Length: 3 3\r\n\r\nabc",
      post + "Content-Length: 1e1\r\n\r\nabc",
      post + "Content-Length: \r\n\r\n",
      post + "Content-Length: 99999999999999999999\r\n\r\n",
      post + "Content-Length: \xef\xbc\x93\r\n\r\nabc",
      // Host
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost:\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
      "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
      // obs-fold
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n \r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n \r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\nY: d\r\n\r\n",
      "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
      post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
      post + "Content-Length:\r\n 3\r\n\r\nabc",
      // line grammar
      "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\n\n",
      "GET / HTTP/1.1\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"s,
      "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"s,
      "GET / HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n\xc3\xa4: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n",
      // request line
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
      "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
      " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / http/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
      "GET / HTTP/0.9\r\nHost: a\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
      "GET / HTTP/11\r\nHost: a\r\n\r\n",
      "GET /\r\nHost: a\r\n\r\n",
      "GET HTTP/1.1\r\nHost: a\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
      "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
      // chunks
      chunked + "5\nhello\r\n0\r\n\r\n",
      chunked + "5\r\nhello\n0\r\n\r\n",
      chunked + "5\r\nhelloX\r\n0\r\n\r\n",
      chunked + "5\r\nhell\r\n0\r\n\r\n     ",
      chunked + "5 \r\nhello\r\n0\r\n\r\n",
      chunked + " 5\r\nhello\r\n0\r\n\r\n",
      chunked + "+5\r\nhello\r\n0\r\n\r\n",
      chunked + "-5\r\nhello\r\n0\r\n\r\n",
      chunked + "0x5\r\nhello\r\n0\r\n\r\n",
      chunked + "g\r\nhello\r\n0\r\n\r\n",
      chunked + "\r\nhello\r\n0\r\n\r\n",
      chunked + "ffffffffffffffff5\r\nhello\r\n0\r\n\r\n",
      chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n",
      chunked + "5;\r\nhello\r\n0\r\n\r\n",
      chunked + "5;a\nb\r\nhello\r\n0\r\n\r\n",
      chunked + "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
      chunked + "5;a=\"\r\"\r\nhello\r\n0\r\n\r\n",
      chunked + "5;a=\"\r\nhello\r\n0\r\n\r\n\"\r\n",
      chunked + "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n"s,
      // trailers
      chunked + "0\r\nContent-Length: 5\r\n\r\n",
      chunked + "0\r\nTransfer-Encoding: chunked\r\n\r\n",
      chunked + "0\r\nTransfer-Encoding: gzip\r\n\r\n",
      chunked + "0\r\nHost: b\r\n\r\n",
      chunked + "0\r\nX: b\r\n c\r\n\r\n",
      chunked + "0\r\nX : b\r\n\r\n",
      chunked + "0\r\nX: b\nY: c\r\n\r\n",
  };
  for (const auto& bad : refused) {
    EXPECT_EQ(parse_in_every_way(bad + canary), (std::vector<std::string>{"!400 malformed_request"})) << bad;
  }
}

TEST(RequestParser, HoldsTheLimitsToTheByte) {
  const parser_limits limits{200, 20, 4, 10, 16, 64, 2};
  const std::string ok = "GET /aaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n";
  const std::vector<std::string> too_large{"!431 header_too_large"};
  EXPECT_EQ(parse_in_every_way(ok + "\r\n", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way("GET /aaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n\r\n", limits), too_large);
  EXPECT_EQ(parse_in_every_way(ok + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way(ok + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", limits), too_large);
  const std::size_t left = 200 - ok.size() - 7;
  EXPECT_EQ(parse_in_every_way(ok + "X: " + std::string(left, 'x') + "\r\n\r\n", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way(ok + "X: " + std::string(left + 1, 'x') + "\r\n\r\n", limits), too_large);
  EXPECT_EQ(parse_in_every_way(ok + "X: " + std::string(left, ' ') + "x\r\n\r\n", limits), too_large);
  EXPECT_EQ(parse_in_every_way(std::string(201, 'G'), limits), too_large);

  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::vector<std::string> body_too_large{"!413 body_too_large"};
  EXPECT_EQ(parse_in_every_way(post + "Content-Length: 10\r\n\r\n0123456789", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way(post + "Content-Length: 11\r\n\r\n", limits), body_too_large);
  EXPECT_EQ(parse_in_every_way(post + "Content-Length: 18446744073709551615\r\n\r\n", limits),
            body_too_large);
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(parse_in_every_way(chunked + "5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way(chunked + "5\r\nhello\r\n6\r\nhello!\r\n0\r\n\r\n", limits), body_too_large);
  EXPECT_EQ(parse_in_every_way(chunked + "ffffffffffffffff\r\n", limits), body_too_large);

  const std::vector<std::string> malformed{"!400 malformed_request"};
  EXPECT_EQ(parse_in_every_way(chunked + "1;aaaaaaa\r\nx\r\n1;bbbbbbb\r\nx\r\n0\r\n\r\n", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way(chunked + "1;aaaaaaa\r\nx\r\n1;bbbbbbbb\r\nx\r\n0\r\n\r\n", limits),
            malformed);
  EXPECT_EQ(parse_in_every_way(chunked + "0\r\nA: 1\r\nB: 2\r\n\r\n", limits).size(), 1U);
  EXPECT_EQ(parse_in_every_way(chunked + "0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits), malformed);
  EXPECT_EQ(parse_in_every_way(chunked + "0\r\nA: " + std::string(60, 'x') + "\r\n\r\n", limits), malformed);
}

// Beast 1.81 says "need more" to each of these for ever.
TEST(RequestParser, EndsWhatNeverEnds) {
  const parser_limits limits;
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string endless[] = {
      chunked + "5;a=" + std::string(1 << 20, 'x'),
      chunked + std::string(1 << 20, '0'),
      chunked + "0\r\nX: " + std::string(1 << 20, 'x'),
      chunked + "0\r\n" +
          [] {
            std::string s;
            for (int i = 0; i < 20'000; ++i)
              s += "X-Trailer-Field: abcdef\r\n";
            return s;
          }(),
      "GET / HTTP/1.1\r\nHost: a\r\n" +
          [] {
            std::string s;
            for (int i = 0; i < 20'000; ++i)
              s += "X: y\r\n";
            return s;
          }(),
      "GET /" + std::string(1 << 20, 'x'),
      "GET / HTTP/1.1\r\nHost: a\r\nX:" + std::string(1 << 20, ' '),
  };
  for (const auto& stream : endless) {
    for (const std::size_t piece : {1, 7, 4096}) {
      request_parser parser(limits);
      std::string buffer;
      std::size_t fed = 0;
      while (parser.now() != state::refused && fed < stream.size()) {
        buffer.append(stream, fed, piece);
        fed += piece;
        buffer.erase(0, parser.put(buffer));
        ASSERT_TRUE(parser.now() == state::refused || buffer.size() <= limits.header_bytes)
            << stream.substr(0, 80);
      }
      EXPECT_EQ(parser.now(), state::refused) << stream.substr(0, 80);
      EXPECT_LE(fed, 24'000U);
    }
  }
}

}  // namespace
}  // namespace otpd::net
