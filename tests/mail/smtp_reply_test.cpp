#include "mail/smtp_reply.hpp"

#include <gtest/gtest.h>

#include <random>

namespace otpd::mail {
namespace {

using step = smtp_reply_parser::step;

struct parsed {
  step last = step::more;
  smtp_reply reply;
  std::string rest;
};

parsed parse(std::string_view bytes, std::size_t piece = 1000000) {
  smtp_reply_parser parser;
  parsed out;
  while (!bytes.empty() && out.last == step::more) {
    std::string_view part = bytes.substr(0, piece);
    const auto size = part.size();
    out.last = parser.feed(part);
    bytes.remove_prefix(size - part.size());
  }
  out.reply = parser.reply();
  out.rest = bytes;
  return out;
}

TEST(SmtpReply, RepliesAreRead) {
  struct row {
    std::string bytes;
    unsigned code;
    std::string text;
    enhanced_status status;
  };
  const std::vector<row> table{
      {"220 mx.example ESMTP\r\n", 220, "mx.example ESMTP\n", {}},
      {"250\r\n", 250, "\n", {}},
      {"250 \r\n", 250, "\n", {}},
      {"250-mx\r\n250-SIZE\r\n250 HELP\r\n", 250, "mx\nSIZE\nHELP\n", {}},
      {"250-\r\n250 \r\n", 250, "\n\n", {}},
      {"250 2.1.0 Ok\r\n", 250, "2.1.0 Ok\n", {2, 1, 0}},
      {"550-5.1.1 No\r\n550 5.1.1 such\r\n", 550, "5.1.1 No\n5.1.1 such\n", {5, 1, 1}},
      {"421 4.7.0\r\n", 421, "4.7.0\n", {4, 7, 0}},
      {"550 4.7.0 mixed\r\n", 550, "4.7.0 mixed\n", {}},
      {"550 5.7 short\r\n", 550, "5.7 short\n", {}},
      {"550 5.1.1x\r\n", 550, "5.1.1x\n", {}},
      {"550 5.1234.1 long\r\n", 550, "5.1234.1 long\n", {}},
      {"354 go\r\n", 354, "go\n", {}},
  };
  for (const auto& [bytes, code, text, status] : table) {
    for (const std::size_t piece : {1000U, 1U, 2U, 3U}) {
      const auto [last, reply, rest] = parse(bytes + "220 next", piece);
      EXPECT_EQ(last, step::done) << bytes;
      EXPECT_EQ(reply.code, code);
      EXPECT_EQ(reply.text, text);
      EXPECT_EQ(reply.status, status) << bytes;
      EXPECT_EQ(rest, "220 next");
    }
  }
}

TEST(SmtpReply, WhatIsNoReplyIsMalformed) {
  for (const std::string_view bytes :
       {std::string_view{"HTTP/1.1 400 Bad\r\n"}, std::string_view{"\r\n"}, std::string_view{"25\r\n"},
        std::string_view{"150 x\r\n"}, std::string_view{"650 x\r\n"}, std::string_view{"260 x\r\n"},
        std::string_view{"25a x\r\n"}, std::string_view{"250_x\r\n"}, std::string_view{"250x\r\n"},
        std::string_view{"250 x\n"}, std::string_view{"250 x\rx\r\n"}, std::string_view{"250 x\r\r\n"},
        std::string_view{"250 \0\r\n", 7}, std::string_view{"250-x\r\n251 x\r\n"},
        std::string_view{"250-x\r\nx\r\n"}, std::string_view{" 250 x\r\n"}}) {
    for (const std::size_t piece : {1000U, 1U}) {
      EXPECT_EQ(parse(bytes, piece).last, step::malformed) << bytes;
    }
  }
}

TEST(SmtpReply, BothBoundsHold) {
  const std::string longest = "250 " + std::string(smtp_reply_parser::longest_line - 6, 'x') + "\r\n";
  EXPECT_EQ(parse(longest).last, step::done);
  EXPECT_EQ(parse("250 x" + longest.substr(4)).last, step::malformed);
  // An endless line is given up at the bound, not at its end.
  EXPECT_EQ(parse(std::string(smtp_reply_parser::longest_line + 1, '2')).last, step::malformed);
  std::string lines;
  for (std::size_t i = 1; i < smtp_reply_parser::most_lines; ++i)
    lines += "250-x\r\n";
  EXPECT_EQ(parse(lines + "250 x\r\n").last, step::done);
  EXPECT_EQ(parse(lines + "250-x\r\n250 x\r\n").last, step::malformed);
}

TEST(SmtpReply, AWalkEndsAndSplitsMeanNothing) {
  const std::string_view pieces[] = {"250", "421", "-",     " ",  "\r\n", "\r",
                                     "\n",  "x",   "5.1.1", "4.", "\0",   "2"};
  unsigned done = 0;
  for (unsigned seed = 0; seed < 20000; ++seed) {
    std::mt19937 random{seed};
    std::string bytes = random() % 2 ? "250" : "";
    for (auto n = random() % 12; n > 0; --n)
      bytes += pieces[random() % std::size(pieces)];
    bytes += random() % 2 ? "\r\n" : "";
    const auto whole = parse(bytes), split = parse(bytes, 1 + random() % 4);
    EXPECT_EQ(whole.last, split.last) << seed;
    EXPECT_EQ(whole.reply.text, split.reply.text) << seed;
    EXPECT_EQ(whole.rest, split.rest) << seed;
    done += whole.last == step::done ? 1 : 0;
  }
  EXPECT_GT(done, 500U);
}

TEST(SmtpReply, TheQueueNamesTheMessage) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"2.0.0 Ok: queued as 4F2B\n", "4F2B"},
      {"OK id=1xW1wB-0008Oi-0l\n", "1xW1wB-0008Oi-0l"},
      {"2.0.0 Ok: Queued as AB12 (more)\n", "AB12"},
      {"2.0.0 OK 1767225600 abc.1 - gsmtp\nmore\n", "OK 1767225600 abc.1 - gsmtp"},
      {"2.0.0\n", ""},
      {"\n", ""},
      {"", ""},
      {"id=" + std::string(200, 'x') + "\n", std::string(128, 'x')},
      {"id=\x1b[2J\xc3\xa9\n", "?[2J??"},
  };
  for (const auto& [text, name] : table)
    EXPECT_EQ(queue_name(text), name);
}

}  // namespace
}  // namespace otpd::mail
