// The outbox: what is promised is sent once, or said not to have been.

#include <gtest/gtest.h>

#include <string>

#include "otp/outbox_format.hpp"
#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::fault;
using test::phone;
using test::world;

struct queueing_world : world {
  verification_view queued(std::string_view to = phone) {
    auto made = run(queueing.issue({to, std::nullopt, "default", "verify", "de", words, by}));
    EXPECT_EQ(word(made), "pending");
    return made.has_value() ? *std::move(made) : verification_view{};
  }
  queue_step send(queued_send what) { return run(queueing.send_queued(std::move(what))); }
  queued_send take() {
    queued_send out = std::move(queue.waiting.front());
    queue.waiting.erase(queue.waiting.begin());
    return out;
  }
  // The rows of the outbox, as a new process finds them.
  std::vector<std::string> rows() { return store.values(table::outbox); }

  std::vector<message_value> words{{"order", "4711"}};
};

TEST(Queue, IsFilledByTheSameStepThatMakesTheVerification) {
  queueing_world at;
  const auto made = at.queued();
  EXPECT_EQ(made.delivery, delivery::queued);
  EXPECT_EQ(at.store.calls(), 1U);
  EXPECT_EQ(at.rows().size(), 1U);
  ASSERT_EQ(at.queue.waiting.size(), 1U);
  EXPECT_TRUE(at.sender.sent.empty());
}

TEST(Queue, SendsOnceAndLeavesNothingBehind) {
  queueing_world at;
  const auto made = at.queued();
  const queued_send what = at.take();
  EXPECT_TRUE(at.send(what).done);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::sent);
  EXPECT_TRUE(at.rows().empty());
  EXPECT_TRUE(at.send(what).done);
  ASSERT_EQ(at.sender.sent.size(), 1U);
  EXPECT_EQ(at.last().locale, "de");
  ASSERT_EQ(at.last().parameters.size(), 1U);
  EXPECT_EQ(at.last().parameters[0].value, "4711");
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");
}

TEST(Queue, GoesOnAfterARestart) {
  queueing_world at;
  const auto made = at.queued();
  at.queue.waiting.clear();
  const auto rows = at.rows();
  ASSERT_EQ(rows.size(), 1U);
  const auto restored = at.run(at.queueing.restore(rows[0]));
  ASSERT_TRUE(restored.has_value() && restored->has_value());
  at.send(**restored);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::sent);
  ASSERT_EQ(at.sender.sent.size(), 1U);
  EXPECT_EQ(at.last().to, phone);
  EXPECT_EQ(at.last().locale, "de");
  EXPECT_EQ(at.last().parameters[0].name, "order");
}

TEST(Queue, AsksTheStoreAgainForWhatItCouldNotReadAfterARestart) {
  queueing_world at;
  at.queued();
  const auto rows = at.rows();
  at.store.fail(1, fault::lost, false);
  const auto failed = at.run(at.queueing.restore(rows[0]));
  ASSERT_TRUE(failed.has_error());
  EXPECT_EQ(failed.error().code, errc::store_unavailable);
  EXPECT_EQ(at.rows().size(), 1U);
  const auto restored = at.run(at.queueing.restore(rows[0]));
  EXPECT_TRUE(restored.has_value() && restored->has_value());
}

// Both are in the outbox of this process; the row is that of the second, which alone is sent.
TEST(Queue, AnEarlierSendDoesNotTakeTheRowOfALaterOne) {
  queueing_world at;
  const auto made = at.queued();
  const queued_send first = at.take();
  at.pass(61s);
  ASSERT_EQ(world::word(at.run(at.queueing.resend({made.id, {}, {}, at.by}))), "pending");
  EXPECT_TRUE(at.send(first).done);
  EXPECT_TRUE(at.sender.sent.empty());
  ASSERT_EQ(at.rows().size(), 1U) << "a crash now would leave the second for ever `queued`";
  at.queue.waiting.clear();
  const auto restored = at.run(at.queueing.restore(at.rows()[0]));
  ASSERT_TRUE(restored.has_value() && restored->has_value());
  EXPECT_TRUE(at.send(**restored).done);
  EXPECT_EQ(at.sender.sent.size(), 1U);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::sent);
  EXPECT_TRUE(at.rows().empty());
  EXPECT_TRUE(at.send(first).done);
  EXPECT_EQ(at.sender.sent.size(), 1U);
}

// No process was there to claim it, and the next one does not see a row that has expired.
TEST(Queue, WhatNobodyCameToBeforeTheCodeEndedHasFailed) {
  queueing_world at;
  const auto made = at.queued();
  at.queue.waiting.clear();
  at.pass(299s);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::queued);
  at.pass(1s);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::failed);
}

TEST(Queue, ASendThatWasUnderWayWhenTheProcessEndedIsUnknownAndNotRepeated) {
  queueing_world at;
  const auto made = at.queued();
  at.sender.slow = 1000;
  bool ended = false;
  at.loop.restart();
  at.start_task(at.queueing.send_queued(at.take()), [&ended](queue_step) { ended = true; });
  while (at.sender.sent.empty())
    at.loop.run_one();
  EXPECT_EQ(at.rows().size(), 0U) << "the claim is durable before the provider is asked";
  at.clock.at.started = at.clock.at.now + 1ms;
  at.clock.at.now += 1ms;
  std::optional<outcome<verification_view>> seen;
  at.start_task(at.queueing.find(made.id),
                [&seen](outcome<verification_view> out) { seen.emplace(std::move(out)); });
  while (!seen)
    at.loop.run_one();
  EXPECT_FALSE(ended);
  EXPECT_EQ((*seen)->delivery, delivery::unknown);
  at.finish();
}

TEST(Queue, SendsNothingForWhatIsNoLongerWanted) {
  struct ending {
    const char* name;
    void (*end)(queueing_world&, const std::string&);
  };
  for (const ending& each :
       {ending{"canceled", [](queueing_world&at, const std::string&id) { static_cast<void>(at.cancel(id)); }},
        ending{"expired", [](queueing_world&at, const std::string&) { at.pass(301s); }},
        ending{"about to expire", [](queueing_world&at, const std::string&) { at.pass(299'500ms); }}}) {
    queueing_world at;
    const auto made = at.queued();
    each.end(at, made.id);
    EXPECT_TRUE(at.send(at.take()).done) << each.name;
    EXPECT_TRUE(at.sender.sent.empty()) << each.name;
    EXPECT_EQ(at.find(made.id)->delivery, delivery::failed) << each.name;
    EXPECT_TRUE(at.rows().empty()) << each.name;
  }
}

TEST(Queue, WhatIsStillThereWhenTheCodeExpiresHasFailed) {
  queueing_world at;
  const auto made = at.queued();
  at.pass(300s);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::failed);
}

TEST(Queue, WaitsForAProviderWhileTheCodeLives) {
  queueing_world at;
  const auto made = at.queued();
  at.sender.blocked = 5000ms;
  const queued_send what = at.take();
  const queue_step step = at.send(what);
  EXPECT_FALSE(step.done);
  EXPECT_EQ(step.try_again, 5000ms);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::queued);
  at.pass(301s);
  EXPECT_TRUE(at.send(what).done);
  EXPECT_TRUE(at.sender.sent.empty());
  EXPECT_EQ(at.find(made.id)->delivery, delivery::failed);
}

TEST(Queue, TakesBackWhatNobodyWasAskedFor) {
  queueing_world at;
  const auto made = at.queued();
  at.sender.report.state = delivery::failed;
  at.sender.report.untried = true;
  at.sender.report.retry_after = 700ms;
  const queued_send what = at.take();
  const queue_step step = at.send(what);
  EXPECT_FALSE(step.done);
  EXPECT_EQ(step.try_again, 700ms);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::queued);
  EXPECT_EQ(at.rows().size(), 1U);
  at.sender.report = {delivery::sent};
  EXPECT_TRUE(at.send(what).done);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::sent);
}

TEST(Queue, NeverSendsWithoutADurableClaim) {
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    queueing_world at;
    const auto made = at.queued();
    at.store.fail(1, how, false);
    const queued_send what = at.take();
    EXPECT_FALSE(at.send(what).done);
    EXPECT_TRUE(at.sender.sent.empty());
    EXPECT_TRUE(at.send(what).done);
    EXPECT_LE(at.sender.sent.size(), 1U);
    EXPECT_EQ(at.sender.sent.size(), how == fault::silent ? 0U : 1U);
  }
}

TEST(Queue, ThatIsFullRefusesBeforeAnythingIsCharged) {
  queueing_world at;
  at.queue.room = false;
  const auto refused = at.run(at.queueing.issue({phone, std::nullopt, "default", "verify", {}, {}, at.by}));
  EXPECT_EQ(world::word(refused), "overloaded");
  EXPECT_EQ(at.store.calls(), 0U);
  at.queue.room = true;
  at.queued();
}

TEST(Queue, OneMessageServesAllWhoAskWhileItWaits) {
  queueing_world at;
  at.by = {caller::network{7, false}, 0};
  const auto first = at.queued();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(at.queued().id, first.id);
  EXPECT_EQ(at.queue.waiting.size(), 1U);
  EXPECT_EQ(at.find(first.id)->sends, 1U);
  EXPECT_EQ(at.sends_left(at.by), 59);
}

TEST(OutboxRow, SharesTheRecordsLock) {
  record_key record;
  for (std::size_t i = 0; i < record.bytes.size(); ++i)
    record.bytes[i] = static_cast<std::uint8_t>(i);
  const record_key row = outbox_key(record, 0x0102030405060708);
  EXPECT_EQ(row.table, table::outbox);
  EXPECT_TRUE(std::equal(row.bytes.begin(), row.bytes.begin() + 8, record.bytes.begin()));
  EXPECT_EQ(row.bytes[8], 8 ^ 0x08);
  EXPECT_EQ(row.bytes[15], 15 ^ 0x01);
}

TEST(OutboxRow, ComesBackAsItWasAndIsRefusedWhenItIsNone) {
  outbox_row row;
  row.record.bytes[3] = 7;
  row.nonce = 0x1122334455667788;
  row.send = 4;
  row.sealed_words = "sealed";
  const std::string bytes = encode(row);
  const auto back = decode_outbox_row(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->record, row.record);
  EXPECT_EQ(back->nonce, row.nonce);
  EXPECT_EQ(back->send, row.send);
  EXPECT_EQ(back->sealed_words, row.sealed_words);
  for (std::size_t size = 0; size < 26; ++size)
    EXPECT_FALSE(decode_outbox_row(bytes.substr(0, size))) << size;
  std::string other = bytes;
  other[0] = 2;
  EXPECT_FALSE(decode_outbox_row(other));
  const std::string words = encode(message_words{"de", "jo@example.com", {{"a", "b"}, {"c", ""}}});
  for (std::size_t size = 0; size < words.size(); ++size)
    EXPECT_FALSE(decode_words(words.substr(0, size))) << size;
  EXPECT_FALSE(decode_words(words + "x"));
  EXPECT_EQ(decode_words(words)->parameters[1].name, "c");
  EXPECT_EQ(decode_words(words)->fallback, "jo@example.com");
}

}  // namespace
}  // namespace otpd::otp
