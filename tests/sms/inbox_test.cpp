#include "sms/inbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace otpd::sms {
namespace {

using otp::failure;
using namespace std::chrono_literals;

rendered_message message_to(std::string_view to, std::string_view text = "123456 is your code") {
  rendered_message out;
  out.to = to;
  out.text = text;
  out.code = "123456";
  return out;
}

std::string treated(const inbox_behaviour& how, unsigned messages) {
  std::string out;
  for (unsigned n = 1; n <= messages; ++n)
    out += step_of(how, n) == inbox_step{} ? '.' : 'x';
  return out;
}

inbox_behaviour dropping(std::uint32_t every, std::uint32_t percent, std::uint32_t count) {
  inbox_behaviour out;
  out.drop = true;
  out.every = every;
  out.percent = percent;
  out.count = count;
  return out;
}

TEST(InboxBehaviour, TreatsTheMessagesItSays) {
  const struct {
    inbox_behaviour how;
    const char* expected;
  } table[] = {
      {{}, "............"},
      {dropping(1, 100, 0), "xxxxxxxxxxxx"},
      {dropping(3, 100, 0), "..x..x..x..x"},
      {dropping(1, 50, 0), ".x.x.x.x.x.x"},
      {dropping(1, 25, 0), "...x...x...x"},
      {dropping(1, 0, 0), "............"},
      {dropping(2, 50, 0), "...x...x...x"},
      {dropping(1, 100, 4), "xxxx........"},
      {dropping(3, 100, 7), "..x..x......"},
      {dropping(20, 100, 0), "............"},
  };
  for (const auto& [how, expected] : table)
    EXPECT_EQ(treated(how, 12), expected) << how.every << " " << how.percent << " " << how.count;
}

TEST(InboxBehaviour, HoldsAPercentageExactlyInEachHundred) {
  for (std::uint32_t percent = 0; percent <= 100; ++percent) {
    const std::string all = treated(dropping(1, percent, 0), 1000);
    for (std::size_t hundred = 0; hundred < 10; ++hundred) {
      const auto part = all.substr(hundred * 100, 100);
      EXPECT_EQ(std::ranges::count(part, 'x'), percent) << hundred;
    }
  }
}

TEST(InboxBehaviour, GivesAStepWhole) {
  inbox_behaviour how;
  how.delay = 70ms;
  how.fail = failure::out_of_credit;
  EXPECT_EQ(step_of(how, 1), (inbox_step{70ms, failure::out_of_credit, false, false}));
  how.fail = failure::none;
  how.hang = true;
  EXPECT_EQ(step_of(how, 1), (inbox_step{70ms, failure::none, true, false}));
}

TEST(InboxBehaviour, IsSoundWithinItsBounds) {
  const auto with = [](auto change) {
    inbox_behaviour out;
    change(out);
    return is_sound(out);
  };
  EXPECT_TRUE(with([](auto&) {}));
  EXPECT_TRUE(with([](auto& b) { b.delay = 60s; }));
  EXPECT_FALSE(with([](auto& b) { b.delay = 60001ms; }));
  EXPECT_FALSE(with([](auto& b) { b.delay = -1ms; }));
  EXPECT_FALSE(with([](auto& b) { b.every = 0; }));
  EXPECT_FALSE(with([](auto& b) { b.every = 1'000'001; }));
  EXPECT_TRUE(with([](auto& b) { b.percent = 0; }));
  EXPECT_FALSE(with([](auto& b) { b.percent = 101; }));
  EXPECT_FALSE(with([](auto& b) { b.count = 1'000'001; }));
  EXPECT_FALSE(with([](auto& b) { b.hang = b.drop = true; }));
  EXPECT_FALSE(with([](auto& b) { b.fail = failure::rejected, b.drop = true; }));
}

class Inbox : public testing::Test {
 protected:
  void put(std::string_view to, inbox_outcome outcome = inbox_outcome::accepted) {
    const auto ticket = box.admit();
    box.file(ticket.number, message_to(to), outcome, failure::none);
  }

  std::int64_t clock = 1'000;
  inbox box{[this] { return clock++; }};
};

TEST_F(Inbox, KeepsWhatWasHandedOver) {
  rendered_message all = message_to("ann@example.org", "text 123456");
  all.channel = otp::channel::email;
  all.locale = "pt-BR";
  all.subject = "subject";
  all.html = "<p>123456";
  all.from = "Example";
  all.reference = "ref";
  box.file(7, all, inbox_outcome::refused, failure::rejected);
  const auto kept = box.messages();
  ASSERT_EQ(kept.size(), 1u);
  const inbox_message& one = *kept[0];
  EXPECT_EQ(one.number, 7u);
  EXPECT_EQ(one.at_ms, 1'000);
  EXPECT_EQ(one.channel, otp::channel::email);
  EXPECT_EQ(one.outcome, inbox_outcome::refused);
  EXPECT_EQ(one.failure, failure::rejected);
  EXPECT_EQ(one.to + "|" + one.subject + "|" + one.text + "|" + one.html + "|" + one.code,
            "ann@example.org|subject|text 123456|<p>123456|123456");
  EXPECT_EQ(one.locale + "|" + one.from + "|" + one.reference, "pt-BR|Example|ref");
}

TEST_F(Inbox, ForgetsTheOldest) {
  for (std::size_t i = 0; i < inbox::most_messages + 5; ++i)
    put("+1");
  const auto kept = box.messages();
  ASSERT_EQ(kept.size(), inbox::most_messages);
  EXPECT_EQ(kept.front()->number, inbox::most_messages + 5) << "newest first";
  EXPECT_EQ(kept.back()->number, 6u);
}

TEST_F(Inbox, CountsADroppedMessageAndKeepsNothingOfIt) {
  put("+1", inbox_outcome::dropped);
  put("+2", inbox_outcome::late);
  put("+3", inbox_outcome::hung);
  put("+4", inbox_outcome::refused);
  ASSERT_EQ(box.messages().size(), 3u);
  EXPECT_EQ(box.messages().back()->to, "+2");
  const inbox_counts counts = box.counts();
  EXPECT_EQ(counts.accepted, 0u);
  EXPECT_EQ(counts.dropped, 1u);
  EXPECT_EQ(counts.late, 1u);
  EXPECT_EQ(counts.hung, 1u);
  EXPECT_EQ(counts.refused, 1u);
}

TEST_F(Inbox, IsClearedButNeverUsesANumberTwice) {
  put("+1");
  const auto held = box.messages();
  box.clear();
  EXPECT_TRUE(box.messages().empty());
  EXPECT_EQ(box.counts().accepted, 0u);
  EXPECT_EQ(held[0]->to, "+1") << "who holds a message keeps it";
  put("+2");
  EXPECT_EQ(box.messages()[0]->number, 2u);
}

TEST_F(Inbox, CutsLongTextsAtACharacter) {
  for (const std::string character : {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    std::string text;
    while (text.size() < 10'000)
      text += character;
    box.file(1, message_to(text, text), inbox_outcome::accepted, failure::none);
    const auto kept = box.messages()[0];
    EXPECT_LE(kept->text.size(), 8192u);
    EXPECT_GT(kept->text.size(), 8188u);
    EXPECT_EQ(kept->text.size() % character.size(), 0u);
    EXPECT_LE(kept->to.size(), 320u);
    EXPECT_TRUE(text.starts_with(kept->text));
  }
}

TEST_F(Inbox, ReturnsToNormalAfterTheCount) {
  inbox_behaviour how;
  how.fail = failure::unavailable;
  how.count = 2;
  box.set_behaviour(how);
  EXPECT_EQ(box.behaviour(), how);
  EXPECT_EQ(box.admit().step.fail, failure::unavailable);
  EXPECT_EQ(box.behaviour().count, 1u);
  EXPECT_EQ(box.admit().step.fail, failure::unavailable);
  EXPECT_EQ(box.behaviour(), inbox_behaviour{});
  EXPECT_EQ(box.admit().step, inbox_step{});
}

TEST_F(Inbox, CountsAnewForANewBehaviour) {
  for (int i = 0; i < 2; ++i) {
    box.set_behaviour(dropping(2, 100, 0));
    EXPECT_FALSE(box.admit().step.drop);
    EXPECT_TRUE(box.admit().step.drop);
    EXPECT_FALSE(box.admit().step.drop);
  }
}

// A walk against step_of() alone: admit() is the same steps, numbered.
TEST_F(Inbox, StepsAsItsBehaviourSays) {
  std::mt19937 random(20);
  std::uint64_t number = 0;
  for (int round = 0; round < 200; ++round) {
    const inbox_behaviour how = dropping(1 + random() % 4, random() % 101, random() % 9);
    box.set_behaviour(how);
    for (std::uint64_t n = 1; n <= 12; ++n) {
      const auto ticket = box.admit();
      EXPECT_EQ(ticket.number, ++number);
      EXPECT_EQ(ticket.step, step_of(how, n)) << round << " " << n;
    }
  }
}

TEST(InboxThreads, NeverGiveOneNumberTwice) {
  inbox box{[] { return 0; }};
  std::vector<std::thread> threads;
  std::array<std::vector<std::uint64_t>, 4> numbers;
  for (auto& mine : numbers) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const auto ticket = box.admit();
        mine.push_back(ticket.number);
        box.file(ticket.number, message_to("+1"), inbox_outcome::accepted, failure::none);
        EXPECT_LE(box.messages().size(), inbox::most_messages);
      }
    });
  }
  for (auto& each : threads)
    each.join();
  std::set<std::uint64_t> all;
  for (const auto& mine : numbers)
    all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 800u);
  EXPECT_EQ(box.counts().accepted, 800u);
  EXPECT_EQ(box.messages().size(), inbox::most_messages);
}

}  // namespace
}  // namespace otpd::sms
