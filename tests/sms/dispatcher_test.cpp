#include "sms/dispatcher.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "net/client_fixture.hpp"
#include "net/scripted_server.hpp"
#include "sms/console_carrier.hpp"
#include "sms/http_carrier.hpp"
#include "sms/http_gateway.hpp"
#include "sms/inbox_carrier.hpp"

namespace otpd::sms {
namespace {

using otp::channel;
using otp::delivery;
using otp::failure;
using test::scripted_server;

struct recorder final : observer {
  struct record {
    std::string provider;
    attempt what;
  };
  void on_attempt(const attempt& what) noexcept override {
    records.push_back({std::string{what.provider}, what});
  }
  void on_breaker(std::string_view provider, bool, const breaker_change& what) noexcept override {
    changes.push_back(std::string(provider) + " " + std::string(name_of(what.to)));
  }
  void on_possible_duplicate(otp::channel) noexcept override { ++duplicates; }
  void on_conversion(std::string_view provider, std::string_view country) noexcept override {
    conversions.push_back(std::string(provider) + " " + std::string(country));
  }
  std::vector<record> records;
  std::vector<std::string> changes;
  std::vector<std::string> conversions;
  int duplicates = 0;
};

otp::profile profile(std::string name, std::string message) {
  otp::profile out;
  out.name = std::move(name);
  out.app = "Example";
  out.message = std::move(message);
  return out;
}

const otp::recipient phone{channel::sms, "+15551234567", "+15551234567", "US"};
const otp::recipient german{channel::sms, "+4915112345678", "+4915112345678", "DE"};
const otp::recipient mail{channel::email, "a+b@b.example", "a@b.example", ""};

// A dispatcher whose providers are added one by one.
struct dispatch_world : test::client_fixture {
  dispatch_world() {
    for (const otp::profile& each : profiles)
      common.books.emplace(each.name, message_book{each});
    common.wall = [] { return std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)); };
  }

  std::size_t add(std::string name, std::unique_ptr<carrier> by, std::string callback = {}) {
    carriers.push_back(std::move(by));
    healths.push_back(std::make_unique<provider_health>());
    outlets.push_back({std::move(name), carriers.back().get(), healths.back().get(), std::move(callback)});
    return outlets.size() - 1;
  }
  std::size_t add_inbox(std::string name, std::string callback = {}) {
    boxes.push_back(std::make_unique<inbox>([] { return std::int64_t{0}; }));
    return add(std::move(name), std::make_unique<inbox_carrier>(*boxes.back(), loop.get_executor()),
               std::move(callback));
  }
  std::size_t add_gateway(std::uint16_t port) {
    http_gateway_options options;
    options.url = "http://127.0.0.1:" + std::to_string(port) + "/sms";
    options.body = R"({"to":"{to}","text":"{text}"})";
    options.timeout = std::chrono::milliseconds{20000};
    gateways.push_back(std::make_unique<http_gateway>(options));
    return add("gw", std::make_unique<http_carrier>(*gateways.back(), client));
  }
  void route(channel kind, std::vector<std::size_t> providers, std::string prefix = {},
             std::string from = {}) {
    routes.push_back({kind, std::move(prefix), std::move(providers), std::move(from)});
  }
  dispatcher& made() {
    if (!subject) {
      common.routes = route_table(routes);
      subject = std::make_unique<dispatcher>(common, outlets, watcher);
    }
    return *subject;
  }

  otp::delivery_report send(const otp::recipient& to, std::string_view code = "012345",
                            std::size_t number = 0, std::uint32_t avoid = 0) {
    const otp::outgoing message{
        to, profiles.at(number), "login", "en", code, std::chrono::seconds{300}, {}, "ref-1", avoid};
    std::optional<otp::delivery_report> result;
    boost::asio::co_spawn(loop.get_executor(), made().send(message),
                          [&](std::exception_ptr error, otp::delivery_report report) {
                            if (error) std::rethrow_exception(error);
                            result = report;
                          });
    run_until(result);
    return *result;
  }
  void set(std::size_t box, failure fail, std::uint32_t count = 0) {
    inbox_behaviour how;
    how.fail = fail;
    how.count = count;
    boxes.at(box)->set_behaviour(how);
  }

  std::vector<otp::profile> profiles{profile("default", otp::profile{}.message),
                                     profile("short", "{app}: {code}")};
  dispatch_plan common;
  std::vector<std::unique_ptr<http_gateway>> gateways;
  std::vector<std::unique_ptr<inbox>> boxes;
  std::vector<std::unique_ptr<carrier>> carriers;
  std::vector<std::unique_ptr<provider_health>> healths;
  std::vector<outlet> outlets;
  std::vector<sms::route> routes;
  recorder watcher;
  std::unique_ptr<dispatcher> subject;
};

TEST(Dispatcher, SaysWhatServesAndSends) {
  dispatch_world at;
  const std::size_t box = at.add_inbox("box");
  at.route(channel::sms, {});
  at.route(channel::sms, {box}, "+49");
  EXPECT_TRUE(at.made().serves(phone));
  EXPECT_FALSE(at.made().sends(phone));
  EXPECT_TRUE(at.made().sends(german));
  EXPECT_FALSE(at.made().serves(mail));
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
  const test::refused_port nobody;
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
  EXPECT_FALSE(at.made().blocked_for(phone));
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(at.send(phone).untried);
  EXPECT_EQ(at.watcher.changes, std::vector<std::string>{"only open"});
  const auto report = at.send(phone);
  EXPECT_TRUE(report.untried);
  EXPECT_EQ(report.state, delivery::failed);
  EXPECT_GT(report.retry_after.count(), 3000);
  EXPECT_EQ(at.watcher.records.size(), 5U);
  ASSERT_TRUE(at.made().blocked_for(phone));
  EXPECT_LE(at.made().blocked_for(phone)->count(), 6000);
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
