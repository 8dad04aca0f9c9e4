#pragma once

// The vocabulary of the use cases' tests: a verifier with doubles for all that it needs.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/key_ring.hpp"
#include "otp/memory_store.hpp"
#include "otp/verifier.hpp"
#include "otp/words.hpp"

namespace otpd::otp::test {

inline constexpr instant start{milliseconds{1'800'000'000'000}};
inline const std::string phone = "+14155552671";
inline const std::string email = "jo@example.com";

class fake_clock final : public clock {
 public:
  [[nodiscard]] moment now() const override { return at; }
  moment at{start, 7};
};

// The same numbers each time, none twice.
class fixed_entropy final : public entropy {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& each : out) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      each = static_cast<std::uint8_t>(state_ >> 56);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

class recording_sender final : public sender {
 public:
  struct message {
    std::string to;
    otp::channel channel;
    std::string profile;
    std::string purpose;
    std::string locale;
    std::string code;
    std::chrono::seconds lifetime;
    std::string reference;
    std::uint32_t avoid;
    std::vector<message_value> parameters;
  };

  [[nodiscard]] bool serves(const recipient& to, std::string_view) const noexcept override {
    return to.channel == channel::sms ? sms : mail;
  }
  [[nodiscard]] bool sends(const recipient&, std::string_view) const noexcept override { return !silent; }
  task<delivery_report> send(const outgoing& what) override {
    sent.push_back({what.to.address,
                    what.to.channel,
                    what.profile.name,
                    std::string(what.purpose),
                    std::string(what.locale),
                    std::string(what.code),
                    what.lifetime,
                    std::string(what.reference),
                    what.avoid,
                    {what.parameters.begin(), what.parameters.end()}});
    const bool is_refused = what.to.channel == channel::sms && no_text_messages;
    const delivery_report answer =
        is_refused ? delivery_report{delivery::failed, failure::bad_number} : report;
    for (int i = 0; i < slow; ++i)
      co_await yield();
    co_return answer;
  }

  [[nodiscard]] parameter_verdict accepts(const outgoing&) const override {
    return {takes_parameters ? parameter_fault::none : parameter_fault::unknown, "order"};
  }
  [[nodiscard]] std::optional<milliseconds> blocked_for(const recipient& to,
                                                        std::string_view) const override {
    return to.channel == channel::sms && blocked_sms ? blocked_sms : blocked;
  }
  void on_approved(std::uint32_t provider, std::string_view country) noexcept override {
    approved.emplace_back(provider, country);
  }

  std::vector<message> sent;
  std::vector<std::pair<std::uint32_t, std::string>> approved;
  delivery_report report{delivery::sent};
  std::optional<milliseconds> blocked_sms;  // the same, for text messages alone
  std::optional<milliseconds> blocked;      // no provider may be tried for so long
  bool takes_parameters = true;
  bool sms = true;
  bool mail = true;
  bool silent = false;
  bool no_text_messages = false;  // each text message fails
  int slow = 1;                   // turns of the loop that a message takes
};

class waiting_queue final : public send_queue {
 public:
  [[nodiscard]] bool has_room() const noexcept override { return room; }
  void add(queued_send what) override { waiting.push_back(std::move(what)); }

  std::vector<queued_send> waiting;
  bool room = true;
};

inline crypto::secret_key master_key(std::uint8_t seed) {
  crypto::secret_key key;
  for (auto& each : key.bytes())
    each = seed++;
  return key;
}

struct world {
  world() {
    profiles.resize(2);
    profiles[0].name = "default";
    profiles[1].name = "own";
    profiles[1].sharing = sharing::independent;
    profiles[1].resend_after = std::chrono::seconds{0};
  }

  // Runs it to its end, and all else that is on the loop.
  template <class T>
  T run(task<T> work) {
    std::optional<T> out;
    start_task(std::move(work), [&out](T value) { out.emplace(std::move(value)); });
    finish();
    return *std::move(out);
  }
  template <class T, class Then>
  void start_task(task<T> work, Then then) {
    boost::asio::co_spawn(loop, std::move(work), [then](std::exception_ptr error, T value) {
      if (error) std::rethrow_exception(error);
      then(std::move(value));
    });
  }
  void finish() {
    loop.restart();
    loop.run();
  }

  outcome<verification_view> issue(std::string_view to, std::string_view profile = "default",
                                   std::string_view purpose = "verify") {
    return run(tested.issue({to, std::nullopt, profile, purpose, {}, {}, by}));
  }
  // One that must succeed.
  verification_view issued(std::string_view to = phone, std::string_view profile = "default",
                           std::string_view purpose = "verify") {
    auto made = issue(to, profile, purpose);
    EXPECT_EQ(word(made), "pending");
    return made.has_value() ? *std::move(made) : verification_view{};
  }
  outcome<check_view> check(std::string_view id, std::string_view code) {
    return run(tested.check(id, code, by));
  }
  outcome<check_view> check_recipient(std::string_view to, std::string_view code,
                                      std::string_view profile = "default",
                                      std::string_view purpose = "verify") {
    return run(tested.check_recipient(to, code, profile, purpose, by));
  }
  outcome<verification_view> resend(std::string_view id) { return run(tested.resend({id, {}, {}, by})); }
  outcome<verification_view> find(std::string_view id) { return run(tested.find(id)); }
  outcome<verification_view> cancel(std::string_view id) { return run(tested.cancel(id)); }
  outcome<void> unlock(std::string_view to, std::string_view profile = {}) {
    return run(tested.unlock(to, profile));
  }

  void pass(milliseconds time) { clock.at.now += time; }
  [[nodiscard]] const recording_sender::message& last() const { return sender.sent.back(); }
  // A code that was never sent.
  [[nodiscard]] std::string wrong() const {
    for (std::string guess = "000000";; ++guess.back()) {
      if (std::ranges::find(sender.sent, guess, &recording_sender::message::code) == sender.sent.end())
        return guess;
    }
  }

  // "pending", "approved" and so on, or the refusal.
  static std::string word(const outcome<verification_view>& out) {
    return out.has_value() ? std::string(to_string(out->status)) : test::word(out.error().code);
  }
  // "right", "wrong", or the refusal.
  static std::string word(const outcome<check_view>& out) {
    if (out.has_error()) return test::word(out.error().code);
    return out->valid ? "right" : "wrong";
  }

  // What is left of a limit outside the record; takes nothing.
  int left(const std::vector<limit>& of) {
    int count = 0;
    while (!limiter.admit(of, clock.at.now))
      ++count;
    for (int i = 0; i < count; ++i)
      limiter.give_back(of);
    return count;
  }
  int failures_left(const caller& who) { return left(failure_budgets(names, limits, who)); }
  // Of the client alone.
  int sends_left(const caller& who) {
    std::vector<limit> all = send_budgets(names, limits, recipient{channel::email, email, email, {}}, who);
    all.resize(1);
    return left(all);
  }

  boost::asio::io_context loop{1};
  fake_clock clock;
  fixed_entropy random;
  memory_store store{clock};
  recording_sender sender;
  otp::limiter limiter{1024};
  std::vector<profile> profiles;
  limits_options limits;
  crypto::key_ring ring{master_key(1)};
  vault names{ring};
  caller by;
  std::array<test_recipient, 1> test_recipients;  // over before it began
  waiting_queue queue;
  verifier tested{{store, clock, limiter, profiles, limits, test_recipients}, ring, random, sender};
  verifier queueing{{store, clock, limiter, profiles, limits, test_recipients}, ring, random, sender, &queue};
};

}  // namespace otpd::otp::test
