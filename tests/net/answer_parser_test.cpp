#include "net/answer_parser.hpp"

#include <gtest/gtest.h>

#include <string>

namespace otpd::net {
namespace {

using step = answer_parser::step;

struct reading {
  step end = step::more;
  http_answer answer;
  bool reusable = false;
};

// Feeds `bytes` in two pieces, and then the peer's close.
reading read(std::string_view bytes, std::size_t split, bool is_head = false, answer_bounds bounds = {}) {
  answer_parser parser{is_head, bounds};
  reading out;
  for (const std::string_view piece : {bytes.substr(0, split), bytes.substr(split)})
    if (out.end == step::more) out.end = parser.feed(piece);
  if (out.end == step::more) out.end = parser.finish();
  if (out.end == step::done) {
    out.reusable = parser.reusable();
    out.answer = parser.take();
  }
  return out;
}

reading read(std::string_view bytes, bool is_head = false) {
  return read(bytes, bytes.size(), is_head);
}

TEST(AnswerParser, ReadsEveryFramingAtEverySplit) {
  struct row {
    std::string_view bytes;
    unsigned status;
    std::string_view body;
    bool reusable;
  };
  const row rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello", 200, "hello", true},
      {"HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", 200, "", true},
      {"HTTP/1.1 200\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
      {"HTTP/1.1 201 Created\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n6;x=\"y\"\r\n "
       "world\r\n0\r\n\r\n",
       201, "hello world", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 200,
       "0123456789", true},
      {"HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nuntil the end", 200, "until the end", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"HTTP/1.1 200 OK\r\nConnection: foo ,Close\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", true},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 "
       "OK\r\nContent-Length: 2\r\n\r\nok",
       200, "ok", true},
  };
  for (const row& each : rows) {
    for (std::size_t split = 0; split <= each.bytes.size(); ++split) {
      const reading got = read(each.bytes, split);
      ASSERT_EQ(got.end, step::done) << each.bytes << " at " << split;
      EXPECT_EQ(got.answer.status, each.status);
      EXPECT_EQ(got.answer.body, each.body);
      EXPECT_EQ(got.reusable, each.reusable) << each.bytes << " at " << split;
    }
  }
}

TEST(AnswerParser, RefusesWhatIsNotClearAtEverySplit) {
  const std::string_view rows[] = {
      "ICY 200 OK\r\n\r\n",
      "HTTP/2 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 099 x\r\n\r\n",
      "HTTP/1.1 600 x\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 200 O\x01K\r\n\r\n",
      "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\nB: c\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
      "",
      "HTTP/1.1 200 OK\r\n",
  };
  for (const std::string_view each : rows)
    for (std::size_t split = 0; split <= each.size(); ++split)
      EXPECT_EQ(read(each, split).end, step::malformed) << each << " at " << split;
}

TEST(AnswerParser, HoldsItsBounds) {
  const answer_bounds small{64, 8};
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  struct row {
    std::string bytes;
    step end;
  };
  const row rows[] = {
      {head + "Content-Length: 8\r\n\r\n12345678", step::done},
      {head + "Content-Length: 9\r\n\r\n123456789", step::too_large},
      {head + "\r\n12345678", step::done},
      {head + "\r\n123456789", step::too_large},
      {chunked + "4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n", step::done},
      {chunked + "4\r\n1234\r\n5\r\n56789\r\n0\r\n\r\n", step::too_large},
      {chunked + "4;" + std::string(40, 'x') + "\r\n1234\r\n0\r\n\r\n",
       step::too_large},  // chunk lines count as head
      {chunked + "0\r\nX: " + std::string(40, 'x') + "\r\n\r\n", step::too_large},
      {chunked + "9\r\n123456789\r\n0\r\n\r\n", step::too_large},
      {chunked + "ffffffffffffffff\r\n", step::too_large},
      {head + "X: " + std::string(100, 'x') + "\r\n\r\n", step::too_large},
      {head + "X: " + std::string(100, 'x'), step::too_large},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
       step::too_large},
  };
  for (const row& each : rows)
    for (std::size_t split = 0; split <= each.bytes.size(); ++split)
      EXPECT_EQ(read(each.bytes, split, false, small).end, each.end) << each.bytes << " at " << split;
}

TEST(AnswerParser, AnswerToHeadHasNoBody) {
  const reading got = read("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", true);
  EXPECT_EQ(got.end, step::done);
  EXPECT_TRUE(got.reusable);
}

TEST(AnswerParser, BytesAfterTheAnswerSpoilTheConnection) {
  const reading got = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n");
  EXPECT_EQ(got.end, step::done);
  EXPECT_EQ(got.answer.body, "ok");
  EXPECT_FALSE(got.reusable);
}

TEST(AnswerParser, FieldsAreFoundInAnyCase) {
  const reading got =
      read("HTTP/1.1 503 Slow\r\nA:\r\nretry-AFTER: \t7 \r\nRetry-After: 8\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(got.answer.field_value("Retry-After"), "7");
  EXPECT_EQ(got.answer.field_value("A"), "");
  EXPECT_EQ(got.answer.field_value("B"), "");
}

TEST(HttpCall, FieldsThatWouldBreakTheHeadAreRefused) {
  http_call call;
  EXPECT_TRUE(call.add_field("X-A", "b c"));
  EXPECT_FALSE(call.add_field("X-A", "b\r\nX-B: c"));
  EXPECT_FALSE(call.add_field("X-A", "b\nc"));
  EXPECT_FALSE(call.add_field("X-A", std::string_view{"b\0c", 3}));
  EXPECT_FALSE(call.add_field("X A", "b"));
  EXPECT_FALSE(call.add_field("X-A:", "b"));
  EXPECT_FALSE(call.add_field("", "b"));
  EXPECT_EQ(call.fields, "X-A: b c\r\n");
}

}  // namespace
}  // namespace otpd::net
