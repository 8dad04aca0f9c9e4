#include <gtest/gtest.h>

#include <array>
#include <list>
#include <map>
#include <random>

#include "sms/plan_desk.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;
using otp::failure;
using plan = delivery_plan;

constexpr std::array<failure, 9> failures{
    failure::none,          failure::bad_number,   failure::not_permitted,
    failure::rejected,      failure::rate_limited, failure::out_of_credit,
    failure::misconfigured, failure::unavailable,  failure::unknown};

// One message as the shell sees it, and what must hold of it.
struct message {
  message(plan_desk& desk, const plan_options& options)
      : tested(desk.route, options, desk.duplicates), deadline(options.deadline) {}

  plan tested;
  boot_time deadline;
  std::optional<plan::attempt> under_way;
  std::map<std::size_t, int> attempts;
  std::map<std::size_t, bool> ambiguous;
  int era = 0;  // of the breaker whose permit it has
  int all = 0;
  int maybe_sent = 0;
  bool over = false;
  std::optional<plan::done> end;

  void see(const plan::attempt& step, boot_time now) {
    under_way = step;
    EXPECT_FALSE(over) << "an attempt after its end";
    EXPECT_FALSE(ambiguous[step.candidate]) << "again on one that may have sent it";
    EXPECT_LE(++attempts[step.candidate], 2);
    EXPECT_LE(++all, 3);
    EXPECT_EQ(step.number, static_cast<unsigned>(all));
    EXPECT_GE(step.bound, 1ms);
    EXPECT_LE(now + step.bound, deadline);
    EXPECT_EQ(step.after_ambiguous, maybe_sent > 0);
  }
  void tell(failure what) {
    if (what == failure::unknown) ambiguous[under_way->candidate] = true;
    if (what == failure::unknown || what == failure::none) ++maybe_sent;
    over =
        what == failure::none || what == failure::bad_number || (what == failure::unknown && maybe_sent == 2);
    under_way.reset();
  }
  void see(const plan::done& step) {
    end = step;
    EXPECT_EQ(step.nothing_was_tried, all == 0);
    EXPECT_EQ(step.possible_duplicate, maybe_sent == 2);
    if (all > 0) {
      EXPECT_TRUE(step.candidate);
    }
    if (maybe_sent > 0) {
      EXPECT_TRUE(step.failure == failure::none || step.failure == failure::unknown);
    }
  }
};

// What reaches a provider between two transitions of its breaker.
struct trial {
  bool half_open = false;
  int era = 0;      // how many transitions there were
  int permits = 0;  // taken and not given back
};

struct tally {
  int ended = 0, duplicates = 0, untried = 0, called_off = 0, on_trial = 0;
};

struct walk {
  walk(unsigned seed, tally& counts) : dice(seed), desk(1 + seed % 4), seen(counts) {
    for (std::size_t i = 0; i < desk.route.size(); ++i)
      moods.push_back(below(4));
    trials.resize(desk.route.size());
  }

  std::mt19937 dice;
  plan_desk desk;
  tally& seen;
  std::vector<int> moods;  // 0 well, 1 mixed, 2 unavailable, 3 dark
  std::vector<trial> trials;
  std::list<message> messages;

  int below(std::size_t n) { return static_cast<int>(dice() % n); }
  double random() { return below(1000) / 1000.0; }

  void begin() {
    plan_options options = desk.within(below(3) == 0 ? 30s : 15s);
    if (below(4) == 0) options.avoid = below(5);
    if (below(4) == 0) options.on_ambiguous = on_ambiguous::stop;
    messages.emplace_back(desk, options);
  }
  failure meet(std::size_t candidate) {
    const int mood = moods[candidate];
    if (mood == 0) return failure::none;
    if (mood == 1) return failures[static_cast<std::size_t>(below(failures.size()))];
    return mood == 2 ? failure::unavailable : failure::unknown;
  }
  void note(message& of) {
    for (const plan::change& each : of.tested.take_changes()) {
      trial& on = trials[each.candidate];
      on = {each.what.to == breaker_state::half_open, on.era + 1, 0};
    }
  }
  // Its permit is free again, if it is still good.
  void free_permit(const message& of) {
    trial& on = trials[of.under_way->candidate];
    if (on.half_open && of.era == on.era) --on.permits;
  }
  void report(message& of) {
    const failure what = meet(of.under_way->candidate);
    if (counts_as(what) == call_result::neutral) free_permit(of);
    std::optional<milliseconds> retry_after;
    if (below(5) == 0) retry_after = milliseconds{below(20'000)};
    of.tested.report({what, milliseconds{below(4000)}, retry_after}, desk.now, random());
    of.tell(what);
    note(of);
  }
  void ask(message& of) {
    const auto step = of.tested.next(desk.now, random());
    note(of);
    if (const auto* attempt = std::get_if<plan::attempt>(&step)) {
      of.see(*attempt, desk.now);
      trial& on = trials[attempt->candidate];
      of.era = on.era;
      ++on.permits;
      if (!on.half_open) return;
      EXPECT_LE(on.permits, 3);
      ++seen.on_trial;
    } else if (const auto* pause = std::get_if<plan::pause>(&step)) {
      EXPECT_GE(pause->length, 1ms);
      EXPECT_LT(desk.now + pause->length, of.deadline);
    } else {
      of.see(std::get<plan::done>(step));
      ++seen.ended;
      seen.duplicates += of.end->possible_duplicate ? 1 : 0;
      seen.untried += of.end->nothing_was_tried ? 1 : 0;
    }
  }
  void advance() {
    if (messages.empty()) return;
    const auto at = std::next(messages.begin(), below(messages.size()));
    if (at->under_way && below(20) == 0) {
      ++seen.called_off;
      free_permit(*at);
      messages.erase(at);
    } else {
      at->under_way ? report(*at) : ask(*at);
      if (at->end) messages.erase(at);
    }
  }
  void step() {
    const int kind = below(20);
    if (kind == 0) begin();
    if (kind == 1) desk.now += milliseconds{below(3'000)};
    if (kind == 2) desk.now += milliseconds{below(60)};
    if (kind == 3 && below(10) == 0) moods[static_cast<std::size_t>(below(moods.size()))] = below(4);
    if (kind > 15) advance();
  }
  // Every message comes to its end by its deadline.
  void drain() {
    for (message& each : messages)
      for (int i = 0; !each.end; ++i) {
        ASSERT_LT(i, 40);
        each.under_way ? report(each) : ask(each);
        desk.now += 1s;
      }
    messages.clear();
  }
  // With nobody under way every permit was recorded or given back: those that are left are free.
  void count_permits() {
    for (std::size_t i = 0; i < trials.size(); ++i) {
      if (desk.health[i].state(desk.now) != breaker_state::half_open) continue;
      int free = 0;
      while (desk.health[i].admit("", desk.now, 0.5).permit)
        ++free;
      EXPECT_EQ(free, trials[i].half_open ? 3 - trials[i].permits : 3);
    }
  }
};

TEST(DeliveryPlanWalk, HoldsWhatItPromises) {
  tally seen;
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    walk one(seed, seen);
    for (int i = 0; i < 600; ++i)
      one.step();
    if (seed % 2 == 0) one.drain();
    for (const message& each : one.messages)
      if (each.under_way) one.free_permit(each);
    one.messages.clear();
    one.count_permits();
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(seen.ended, 10'000);
  EXPECT_GT(seen.duplicates, 500);
  EXPECT_GT(seen.untried, 500);
  EXPECT_GT(seen.called_off, 500);
  EXPECT_GT(seen.on_trial, 500);
}

}  // namespace
}  // namespace otpd::sms
