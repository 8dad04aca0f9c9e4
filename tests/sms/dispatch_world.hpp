#pragma once

// The vocabulary of the dispatcher's tests: providers added one by one, most of them inboxes.

#include <memory>
#include <string>
#include <vector>

#include "net/client_fixture.hpp"
#include "sms/console_carrier.hpp"
#include "sms/dispatcher.hpp"
#include "sms/http_carrier.hpp"
#include "sms/http_gateway.hpp"
#include "sms/inbox_carrier.hpp"

namespace otpd::sms {

using otp::channel;
using otp::failure;

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

inline otp::profile profile(std::string name, std::string message) {
  otp::profile out;
  out.name = std::move(name);
  out.app = "Example";
  out.message = std::move(message);
  return out;
}

inline const otp::recipient phone{channel::sms, "+15551234567", "+15551234567", "US"};
inline const otp::recipient german{channel::sms, "+4915112345678", "+4915112345678", "DE"};
inline const otp::recipient mail{channel::email, "a+b@b.example", "a@b.example", ""};

// A dispatcher whose providers are added one by one.
struct dispatch_world : otpd::test::client_fixture {
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
    otp::outgoing message{to, profiles.at(number), "login", "en", code, std::chrono::seconds{300}};
    message.reference = "ref-1";
    message.avoid = avoid;
    message.left = std::chrono::seconds{300};
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

}  // namespace otpd::sms
