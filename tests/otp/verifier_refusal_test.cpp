// Every way in which a request is refused, and that it costs nothing.

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::email;
using test::phone;
using test::world;

const std::string nobody(32, 'A');

struct refusal_case {
  errc code;
  const char* name;
  std::function<outcome<verification_view>(world&)> ask;
};

// A check as if it told no more than its verification.
outcome<verification_view> flat(outcome<check_view> out) {
  if (out.has_error()) return out.error();
  return std::move(out->verification);
}

std::vector<refusal_case> requests() {
  return {
      {errc::invalid_recipient, "a number in no plan", [](world& at) { return at.issue("+1415"); }},
      {errc::invalid_recipient, "a national number", [](world& at) { return at.issue("(415) 555-2671"); }},
      {errc::invalid_recipient, "two at signs", [](world& at) { return at.issue("a@b@example.com"); }},
      {errc::invalid_recipient, "nobody", [](world& at) { return at.issue(""); }},
      {errc::invalid_recipient, "a check of nobody",
       [](world& at) { return flat(at.check_recipient("x", "123456")); }},
      {errc::unknown_profile, "an unknown profile", [](world& at) { return at.issue(phone, "none"); }},
      {errc::unknown_profile, "a check in one",
       [](world& at) { return flat(at.check_recipient(phone, "123456", "none")); }},
      {errc::channel_not_allowed, "a phone by e-mail",
       [](world& at) {
         return at.run(at.tested.issue({phone, channel::email, "default", "verify", {}, {}, {}}));
       }},
      {errc::channel_not_allowed, "a channel that the profile does not have",
       [](world& at) {
         at.profiles[0].channels = {channel::sms};
         return at.issue(email);
       }},
      {errc::channel_not_allowed, "a channel that nothing serves",
       [](world& at) {
         at.sender.mail = false;
         return at.issue(email);
       }},
      {errc::country_not_allowed, "another country",
       [](world& at) {
         at.profiles[0].countries = {"DE", "AT"};
         return at.issue(phone);
       }},
      {errc::provider_unavailable, "every provider has failed too often",
       [](world& at) {
         at.sender.blocked = milliseconds{5000};
         return at.issue(phone);
       }},
      {errc::invalid_parameters, "a word that the message does not take",
       [](world& at) {
         at.sender.takes_parameters = false;
         return at.issue(phone);
       }},
      {errc::id_required, "an independent profile by recipient",
       [](world& at) { return flat(at.check_recipient(phone, "123456", "own")); }},
      {errc::not_found, "an id of no form", [](world& at) { return at.find("short"); }},
      {errc::not_found, "an id that we never made", [](world& at) { return at.find(nobody); }},
      {errc::not_found, "a check of it", [](world& at) { return flat(at.check(nobody, "123456")); }},
      {errc::not_found, "a check of no id", [](world& at) { return flat(at.check("short", "123456")); }},
      {errc::not_found, "a resend of it", [](world& at) { return at.resend(nobody); }},
      {errc::not_found, "a resend of no id", [](world& at) { return at.resend("short"); }},
      {errc::not_found, "its end", [](world& at) { return at.cancel(nobody); }},
      {errc::not_found, "the end of no id", [](world& at) { return at.cancel("short"); }},
      {errc::not_found, "a check of a recipient without any",
       [](world& at) { return flat(at.check_recipient(email, "123456")); }},
      {errc::not_found, "a profile that is gone",
       [](world& at) {
         const auto made = at.issued(email, "own");
         at.profiles.pop_back();
         EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "not_found");
         return at.resend(made.id);
       }},
      {errc::storage_low, "a disk that is nearly full",
       [](world& at) {
         at.store.set_room(false);
         return at.issue(phone);
       }},
      {errc::overloaded, "a store that is busy",
       [](world& at) {
         at.store.fail(1, test::fault::full, true);
         return at.issue(phone);
       }},
      {errc::store_unavailable, "a store that is broken",
       [](world& at) {
         at.store.fail(1, test::fault::lost, true);
         return at.issue(phone);
       }},
  };
}

// The same for what needs a verification of its own first.
std::vector<refusal_case> closed_requests() {
  return {
      {errc::invalid_code, "a code of no form",
       [](world& at) { return flat(at.check(at.issued(email).id, "12345")); }},
      {errc::expired, "after its time",
       [](world& at) {
         const auto made = at.issued(email);
         at.pass(300s);
         return flat(at.check(made.id, at.last().code));
       }},
      {errc::approved, "once more",
       [](world& at) {
         const auto made = at.issued(email);
         EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");
         return at.cancel(made.id);
       }},
      {errc::canceled, "canceled",
       [](world& at) {
         const auto made = at.issued(email);
         EXPECT_EQ(world::word(at.cancel(made.id)), "canceled");
         return at.resend(made.id);
       }},
      {errc::max_attempts_reached, "used up",
       [](world& at) {
         at.profiles[0].attempts = 1;
         const auto made = at.issued(email);
         EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
         return flat(at.check(made.id, at.last().code));
       }},
      {errc::rate_limited, "too soon",
       [](world& at) {
         at.issued(email);
         return at.issue(email);
       }},
      {errc::too_many_failures, "too often wrong",
       [](world& at) {
         at.profiles[0].failures = {1, 1h};
         const auto made = at.issued(email);
         EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
         return flat(at.check(made.id, at.last().code));
       }},
      {errc::recipient_locked, "locked",
       [](world& at) {
         at.profiles[0].max_consecutive_failures = 1;
         const auto made = at.issued(email);
         EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
         return flat(at.check(made.id, at.last().code));
       }},
      {errc::delivery_failed, "no provider",
       [](world& at) {
         at.sender.report = {delivery::failed, failure::misconfigured};
         return at.issue(email);
       }},
  };
}

TEST(Refusal, IsWhatTheRequestEarns) {
  for (const auto& all : {requests(), closed_requests()}) {
    for (const refusal_case& each : all) {
      world at;
      EXPECT_EQ(world::word(each.ask(at)), test::word(each.code)) << each.name;
    }
  }
}

TEST(Refusal, HasACaseForEachError) {
  std::set<errc> reached;
  for (const auto& all : {requests(), closed_requests()}) {
    for (const refusal_case& each : all)
      reached.insert(each.code);
  }
  for (int code = 1; code <= static_cast<int>(errc::storage_low); ++code) {
    EXPECT_TRUE(reached.contains(static_cast<errc>(code))) << test::word(static_cast<errc>(code));
    EXPECT_NE(make_error_code(static_cast<errc>(code)).message(), "unknown error");
  }
}

TEST(Refusal, CostsTheCallerNothing) {
  for (const refusal_case& each : requests()) {
    world at;
    at.by = {caller::network{7, false}, 3};
    EXPECT_TRUE(each.ask(at).has_error());
    const bool issued_first = !at.sender.sent.empty();
    EXPECT_EQ(at.sends_left(at.by), issued_first ? 59 : 60) << each.name;
    EXPECT_EQ(at.failures_left(at.by), 100) << each.name;
    EXPECT_EQ(at.sender.sent.size(), issued_first ? 1U : 0U) << each.name;
    EXPECT_EQ(at.store.writes(), issued_first ? 2U : 0U) << each.name;  // the one before, and its delivery
  }
}

TEST(Refusal, SaysWhenToComeBack) {
  world at;
  at.store.set_room(false);
  EXPECT_GT(at.issue(phone).error().retry_after, 0ms);
  at.store.set_room(true);
  for (const test::fault how : {test::fault::full, test::fault::lost}) {
    at.store.fail(1, how, false);
    EXPECT_GT(at.issue(phone).error().retry_after, 0ms);
  }
}

struct limit_case {
  const char* name;
  rate limits_options::*of;
  const char* other_recipient;  // counted apart, unless the same
};

TEST(Limits, RefuseASendByName) {
  const std::string neighbour = "+14155552672";
  const std::vector<limit_case> all{{"client_ip", &limits_options::client_ip, nullptr},
                                    {"prefix", &limits_options::prefix, "+14155562671"},
                                    {"country", &limits_options::country, "+4915123456789"},
                                    {"api_key", &limits_options::api_key, nullptr},
                                    {"server", &limits_options::server, nullptr}};
  for (const limit_case& each : all) {
    world at;
    at.by = {caller::network{7, true}, 3};
    at.limits.*each.of = {1, 1h};
    EXPECT_EQ(world::word(at.issue(phone)), "pending") << each.name;
    const auto refused = at.issue(neighbour);
    ASSERT_EQ(world::word(refused), "rate_limited") << each.name;
    EXPECT_EQ(refused.error().limit, each.name);
    EXPECT_EQ(refused.error().retry_after, 1h) << each.name;
    if (each.other_recipient != nullptr) {
      EXPECT_EQ(world::word(at.issue(each.other_recipient)), "pending") << each.name;
    }
    at.pass(1h);
    EXPECT_EQ(world::word(at.issue(neighbour)), "pending") << each.name;
  }
}

TEST(Limits, OfAClientAreItsOwn) {
  world at;
  at.limits.client_ip = {1, 1h};
  at.by.client = {7, false};
  EXPECT_EQ(world::word(at.issue("a@example.com")), "pending");
  EXPECT_EQ(world::word(at.issue("b@example.com")), "rate_limited");
  at.by.client = {7, true};  // the same number is another network in IPv6
  EXPECT_EQ(world::word(at.issue("b@example.com")), "pending");
  at.by.client = {8, false};
  EXPECT_EQ(world::word(at.issue("c@example.com")), "pending");
  at.by.client = std::nullopt;
  EXPECT_EQ(world::word(at.issue("d@example.com")), "pending");
}

TEST(Limits, CountAClientsWrongAnswersOverAllRecipients) {
  world at;
  at.limits.failures_per_ip = {3, 1h};
  at.by.client = {7, false};
  std::vector<std::pair<std::string, std::string>> made;
  for (int i = 0; i < 5; ++i) {
    const auto one = at.issued("someone" + std::to_string(i) + "@example.com");
    made.emplace_back(one.id, at.last().code);
  }
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(world::word(at.check(made[0].first, "1")), "invalid_code");
  EXPECT_EQ(world::word(at.check(made[4].first, made[4].second)), "right");
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(world::word(at.check(made[i].first, at.wrong())), "wrong");
  const auto refused = at.check(made[3].first, made[3].second);
  ASSERT_EQ(world::word(refused), "rate_limited");
  EXPECT_EQ(refused.error().limit, "client_ip");
  EXPECT_EQ(refused.error().retry_after, 20min);
  at.by.client = {8, false};
  EXPECT_EQ(world::word(at.check(made[3].first, made[3].second)), "right");
}

TEST(Unlock, LetsALockedRecipientInAgain) {
  world at;
  at.profiles[0].max_consecutive_failures = 3;
  const auto made = at.issued();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
  at.pass(30s);
  EXPECT_EQ(world::word(at.issue(phone)), "recipient_locked");
  EXPECT_TRUE(at.unlock(phone, "own").has_value());
  EXPECT_EQ(world::word(at.issue(phone)), "recipient_locked");
  EXPECT_TRUE(at.unlock(phone, "default").has_value());
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");
  EXPECT_TRUE(at.unlock(email).has_value());  // nobody knows him: nothing to forget
  EXPECT_EQ(test::word(at.unlock("nobody").error().code), "invalid_recipient");
  at.store.fail(1, test::fault::lost, false);
  EXPECT_EQ(test::word(at.unlock(phone).error().code), "store_unavailable");
}

}  // namespace
}  // namespace otpd::otp
