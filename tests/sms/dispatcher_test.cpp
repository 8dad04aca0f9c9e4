#include "sms/dispatcher.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "net/client_fixture.hpp"
#include "net/scripted_server.hpp"
#include "sms/http_gateway.hpp"

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
  std::vector<record> records;
};

struct dispatcher_fixture : test::client_fixture {
  explicit dispatcher_fixture(outlets use) : subject(profiles, std::move(use), client, watcher) {}

  otp::delivery_report send(const otp::recipient& to, std::string_view code = "012345",
                            std::size_t profile = 0) {
    const otp::outgoing message{to, profiles.at(profile), "login", "en", code, std::chrono::seconds{300}};
    std::optional<otp::delivery_report> result;
    boost::asio::co_spawn(loop.get_executor(), subject.send(message),
                          [&](std::exception_ptr error, otp::delivery_report report) {
                            if (error) std::rethrow_exception(error);
                            result = report;
                          });
    run_until(result);
    return *result;
  }

  static otp::profile profile(std::string name, std::string message) {
    otp::profile out;
    out.name = std::move(name);
    out.app = "Example";
    out.message = std::move(message);
    return out;
  }

  std::vector<otp::profile> profiles{profile("default", otp::profile{}.message),
                                     profile("short", "{app}: {code}")};
  recorder watcher;
  dispatcher subject;
};

const otp::recipient phone{channel::sms, "+15551234567", "+15551234567", "US"};
const otp::recipient mail{channel::email, "a+b@b.example", "a@b.example", ""};

http_gateway gateway_to(std::uint16_t port) {
  http_gateway_options options;
  options.url = "http://127.0.0.1:" + std::to_string(port) + "/sms";
  options.body = R"({"to":"{to}","text":"{text}"})";
  options.timeout = std::chrono::milliseconds{20000};
  return http_gateway{options};
}

TEST(Dispatcher, SaysWhatServesAndSends) {
  std::FILE* nowhere = std::fopen("/dev/null", "w");
  console printer{nowhere};
  const dispatcher_fixture none{{}};
  const dispatcher_fixture mixed{{{"null", channel_silent{}}, {"console", &printer}}};
  EXPECT_FALSE(none.subject.serves(channel::sms));
  EXPECT_FALSE(none.subject.sends(channel::email));
  EXPECT_TRUE(mixed.subject.serves(channel::sms));
  EXPECT_FALSE(mixed.subject.sends(channel::sms));
  EXPECT_TRUE(mixed.subject.serves(channel::email));
  EXPECT_TRUE(mixed.subject.sends(channel::email));
  std::fclose(nowhere);
}

TEST(Dispatcher, RendersTheProfilesTextAndSendsItOverHttp) {
  std::vector<std::string> seen;
  scripted_server server{[&](scripted_server::peer& p) {
    for (std::string request; !(request = p.read_request()).empty();) {
      seen.push_back(request.substr(request.find("\r\n\r\n") + 4));
      p.write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    }
  }};
  const http_gateway gateway = gateway_to(server.port());
  {
    dispatcher_fixture with{{{"gw", &gateway}, {"gw", &gateway}}};
    const auto first = with.send(phone);
    EXPECT_EQ(first.state, delivery::sent);
    EXPECT_EQ(first.failure, failure::none);
    EXPECT_EQ(with.send(mail, "777777", 1).state, delivery::sent);
    ASSERT_EQ(with.watcher.records.size(), 2U);
    EXPECT_EQ(with.watcher.records[0].provider, "gw");
    EXPECT_EQ(with.watcher.records[0].what.status, 202U);
    EXPECT_EQ(with.watcher.records[0].what.failure, failure::none);
    EXPECT_GT(with.watcher.records[0].what.duration.count(), 0);
    EXPECT_EQ(with.watcher.records[1].what.channel, channel::email);
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
      {"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", delivery::failed, failure::rate_limited, 429},
      {"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", delivery::unknown, failure::unknown, 502},
      {"HTTP/1.1 503 No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", delivery::failed,
       failure::unavailable, 503},
      {"", delivery::unknown, failure::unknown, 0},
      {"nonsense\r\n\r\n", delivery::unknown, failure::unknown, 0},
  };
  for (const row& each : rows) {
    scripted_server server{[&](scripted_server::peer& p) {
      p.read_request();
      p.write(each.answer);
    }};
    const http_gateway gateway = gateway_to(server.port());
    dispatcher_fixture with{{{"gw", &gateway}, {}}};
    const auto report = with.send(phone);
    EXPECT_EQ(report.state, each.state) << each.answer;
    EXPECT_EQ(report.failure, each.why) << each.answer;
    EXPECT_EQ(with.watcher.records.at(0).what.status, each.status);
    EXPECT_EQ(with.watcher.records.at(0).what.error.failed(), each.status == 0);
  }
}

TEST(Dispatcher, AnUnreachableProviderSentNothing) {
  const test::refused_port nobody;
  const http_gateway gateway = gateway_to(nobody.port());
  dispatcher_fixture with{{{"gw", &gateway}, {}}};
  const auto report = with.send(phone);
  EXPECT_EQ(report.state, delivery::failed);
  EXPECT_EQ(report.failure, failure::unavailable);
  EXPECT_EQ(with.watcher.records.at(0).what.error, net::http_errc::not_connected);
}

TEST(Dispatcher, PrintsOnTheConsole) {
  char* data = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&data, &size);
  console printer{out};
  dispatcher_fixture with{{{"console", &printer}, {}}};
  EXPECT_EQ(with.send(phone, "012345", 1).state, delivery::sent);
  EXPECT_NE(std::string(data, size).find("-- sms to +15551234567: Example: 012345\n"), std::string::npos);
  EXPECT_EQ(with.watcher.records.at(0).provider, "console");
  std::fclose(out);
  std::free(data);
}

TEST(Dispatcher, WhatCannotBeSaidIsNotAttempted) {
  const test::refused_port nobody;
  const http_gateway gateway = gateway_to(nobody.port());
  dispatcher_fixture with{{{"gw", &gateway}, {}}};
  with.profiles.push_back(dispatcher_fixture::profile("late", "{code}"));
  EXPECT_EQ(with.send(phone, "012345", 2).failure,
            failure::misconfigured);  // a profile it was not built with
  EXPECT_EQ(with.send(phone, "012 345").failure, failure::misconfigured);
  EXPECT_EQ(with.send(mail).failure, failure::misconfigured);
  EXPECT_TRUE(with.watcher.records.empty());
}

TEST(Dispatcher, ABadTemplateIsRefusedWithItsProfile) {
  net::http_client_options options;
  test::client_fixture with{options};
  recorder watcher;
  const std::vector<otp::profile> profiles{dispatcher_fixture::profile("vip", "no code")};
  try {
    const dispatcher subject{profiles, {}, with.client, watcher};
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_TRUE(std::string_view{error.what()}.starts_with("vip: ")) << error.what();
  }
}

}  // namespace
}  // namespace otpd::sms
