#include "sms/dispatcher.hpp"

#include <gtest/gtest.h>

#include "net/scripted_server.hpp"
#include "sms/dispatch_world.hpp"

namespace otpd::sms {
namespace {

using otp::delivery;
using otpd::test::scripted_server;

TEST(Dispatcher, SaysWhatServesAndSends) {
  dispatch_world at;
  const std::size_t box = at.add_inbox("box");
  at.route(channel::sms, {});
  at.route(channel::sms, {box}, "+49");
  EXPECT_TRUE(at.made().serves(phone, "default"));
  EXPECT_FALSE(at.made().sends(phone, "default"));
  EXPECT_TRUE(at.made().sends(german, "default"));
  EXPECT_FALSE(at.made().serves(mail, "default"));
}

TEST(Dispatcher, RendersTheProfilesTextAndSendsItOverHttp) {
  std::vector<std::string> seen;
  scripted_server server{[&](scripted_server::peer& p) {
    for (std::string request; !(request = p.read_request()).empty();) {
      seen.push_back(request.substr(request.find("\r\n\r\n") + 4));
      p.write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    }
  }};
  {
    dispatch_world at;
    const std::size_t gateway = at.add_gateway(server.port());
    at.route(channel::sms, {gateway});
    at.route(channel::email, {gateway});
    const auto first = at.send(phone);
    EXPECT_EQ(first.state, delivery::sent);
    EXPECT_EQ(first.failure, failure::none);
    EXPECT_EQ(first.provider, otp::provider_tag("gw"));
    EXPECT_EQ(at.send(mail, "777777", 1).state, delivery::sent);
    ASSERT_EQ(at.watcher.records.size(), 2U);
    EXPECT_EQ(at.watcher.records[0].provider, "gw");
    EXPECT_EQ(at.watcher.records[0].what.status, 202U);
    EXPECT_EQ(at.watcher.records[0].what.failure, failure::none);
    EXPECT_GT(at.watcher.records[0].what.duration.count(), 0);
    EXPECT_EQ(at.watcher.records[1].what.channel, channel::email);
  }
  server.wait_until_closed(1);
  const std::vector<std::string> expected{
      R"({"to":"+15551234567","text":"012345 is your Example code. It expires in 5 minutes."})",
      R"({"to":"a+b@b.example","text":"Example: 777777"})"};
  EXPECT_EQ(seen, expected);
}

TEST(Dispatcher, RefusalsAndSilenceBecomeReports) {
  struct row {
    const char* answer;
    delivery state;
    otp::failure why;
    unsigned status;
  };
  const row rows[] = {
      {"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", delivery::failed, failure::rejected, 400},
      {"HTTP/1.1 402 Pay\r\nContent-Length: 0\r\n\r\n", delivery::failed, failure::out_of_credit, 402},
      {"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", delivery::unknown, failure::unknown, 502},
      {"", delivery::unknown, failure::unknown, 0},
      {"nonsense\r\n\r\n", delivery::unknown, failure::unknown, 0},
  };
  for (const row& each : rows) {
    scripted_server server{[&](scripted_server::peer& p) {
      p.read_request();
      p.write(each.answer);
    }};
    dispatch_world at;
    at.route(channel::sms, {at.add_gateway(server.port())});
    const auto report = at.send(phone);
    EXPECT_EQ(report.state, each.state) << each.answer;
    EXPECT_EQ(report.failure, each.why) << each.answer;
    ASSERT_EQ(at.watcher.records.size(), 1U) << each.answer;
    EXPECT_EQ(at.watcher.records[0].what.status, each.status);
    EXPECT_EQ(at.watcher.records[0].what.error.failed(), each.status == 0);
  }
}

TEST(Dispatcher, AnUnreachableProviderIsAskedTwiceAndSentNothing) {
  const otpd::test::refused_port nobody;
  dispatch_world at;
  at.route(channel::sms, {at.add_gateway(nobody.port())});
  const auto report = at.send(phone);
  EXPECT_EQ(report.state, delivery::failed);
  EXPECT_EQ(report.failure, failure::unavailable);
  EXPECT_EQ(report.provider, 0U);
  ASSERT_EQ(at.watcher.records.size(), 2U);
  EXPECT_EQ(at.watcher.records[0].what.error, net::http_errc::not_connected);
  EXPECT_EQ(at.watcher.records[1].what.number, 2U);
}

TEST(Dispatcher, FailsOverWithTheSameCode) {
  for (const failure why :
       {failure::unavailable, failure::rate_limited, failure::out_of_credit, failure::misconfigured,
        failure::not_permitted, failure::rejected, failure::unknown}) {
    dispatch_world at;
    at.route(channel::sms, {at.add_inbox("first"), at.add_inbox("second")});
    at.set(0, why);
    const auto report = at.send(phone);
    EXPECT_EQ(report.state, delivery::sent);
    EXPECT_EQ(report.provider, otp::provider_tag("second"));
    ASSERT_EQ(at.boxes[1]->messages().size(), 1U);
    EXPECT_EQ(at.boxes[1]->messages()[0]->code, "012345");
    EXPECT_EQ(at.boxes[1]->messages()[0]->reference, "ref-1");
    EXPECT_EQ(at.watcher.duplicates, why == failure::unknown ? 1 : 0);
  }
}

TEST(Dispatcher, ABadNumberIsNobodysFailure) {
  dispatch_world at;
  at.route(channel::sms, {at.add_inbox("first"), at.add_inbox("second")});
  at.set(0, failure::bad_number);
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(at.send(phone).failure, failure::bad_number);
  EXPECT_TRUE(at.boxes[1]->messages().empty());
  EXPECT_TRUE(at.watcher.changes.empty());
}

TEST(Dispatcher, LeavesAFailingProviderAloneAndSaysForHowLong) {
  dispatch_world at;
  at.route(channel::sms, {at.add_inbox("only")});
  at.set(0, failure::misconfigured);
  EXPECT_FALSE(at.made().blocked_for(phone, "default"));
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(at.send(phone).untried);
  EXPECT_EQ(at.watcher.changes, std::vector<std::string>{"only open"});
  const auto report = at.send(phone);
  EXPECT_TRUE(report.untried);
  EXPECT_EQ(report.state, delivery::failed);
  EXPECT_GT(report.retry_after.count(), 3000);
  EXPECT_EQ(at.watcher.records.size(), 5U);
  ASSERT_TRUE(at.made().blocked_for(phone, "default"));
  EXPECT_LE(at.made().blocked_for(phone, "default")->count(), 6000);
}

TEST(Dispatcher, AnotherSendPrefersAnotherProvider) {
  dispatch_world at;
  at.route(channel::sms, {at.add_inbox("first"), at.add_inbox("second")});
  EXPECT_EQ(at.send(phone, "012345", 0, otp::provider_tag("first")).provider, otp::provider_tag("second"));
  EXPECT_EQ(at.send(phone, "012345", 0, otp::provider_tag("gone")).provider, otp::provider_tag("first"));
}

TEST(Dispatcher, TheLongestPrefixChoosesProvidersAndSender) {
  dispatch_world at;
  const std::size_t world = at.add_inbox("world");
  const std::size_t near = at.add_inbox("near");
  at.route(channel::sms, {world});
  at.route(channel::sms, {near}, "+49", "Haus");
  at.send(phone);
  at.send(german);
  ASSERT_EQ(at.boxes[0]->messages().size(), 1U);
  ASSERT_EQ(at.boxes[1]->messages().size(), 1U);
  EXPECT_EQ(at.boxes[0]->messages()[0]->from, "");
  EXPECT_EQ(at.boxes[1]->messages()[0]->from, "Haus");
}

TEST(Dispatcher, CountsAConversionForItsProvider) {
  dispatch_world at;
  at.route(channel::sms, {at.add_inbox("first")});
  at.made().on_approved(otp::provider_tag("first"), "US");
  at.made().on_approved(otp::provider_tag("nobody"), "US");
  EXPECT_EQ(at.watcher.conversions, std::vector<std::string>{"first US"});
}

TEST(Dispatcher, PrintsOnTheConsole) {
  char* data = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&data, &size);
  console printer{out};
  dispatch_world at;
  at.route(channel::sms, {at.add("console", std::make_unique<console_carrier>(printer))});
  EXPECT_EQ(at.send(phone, "012345", 1).state, delivery::sent);
  EXPECT_NE(std::string(data, size).find("-- sms to +15551234567: Example: 012345\n"), std::string::npos);
  EXPECT_EQ(at.watcher.records.at(0).provider, "console");
  std::fclose(out);
  std::free(data);
}

TEST(Dispatcher, WhatCannotBeSaidIsNotAttempted) {
  dispatch_world at;
  at.route(channel::sms, {at.add_inbox("first")});
  at.profiles.push_back(profile("late", "{code}"));
  EXPECT_EQ(at.send(phone, "012345", 2).failure, failure::misconfigured);  // a profile it was not built with
  EXPECT_EQ(at.send(phone, "012 345").failure, failure::misconfigured);
  EXPECT_EQ(at.send(mail).failure, failure::misconfigured);
  EXPECT_TRUE(at.watcher.records.empty());
}

}  // namespace
}  // namespace otpd::sms
