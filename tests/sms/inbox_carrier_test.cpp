#include "sms/inbox_carrier.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>

namespace otpd::sms {
namespace {

namespace asio = boost::asio;
using otp::failure;
using namespace std::chrono_literals;

class InboxCarrier : public testing::Test {
 protected:
  // Begins to hand over a message to `to`; its end is appended to `ended`.
  void begin(std::string_view to, std::chrono::milliseconds bound) {
    messages.push_back(std::make_unique<rendered_message>());
    messages.back()->to = to;
    messages.back()->text = "123456 is your code";
    asio::co_spawn(loop.get_executor(), carrier.hand_over(*messages.back(), bound),
                   asio::bind_cancellation_slot(cancels.emplace_back().slot(),
                                                [this, to](std::exception_ptr error, handover result) {
                                                  EXPECT_FALSE(error);
                                                  ended.emplace_back(to, std::move(result));
                                                }));
  }
  handover hand_over(std::string_view to, std::chrono::milliseconds bound) {
    begin(to, bound);
    loop.run();
    loop.restart();
    return ended.back().second;
  }
  void behave(auto change) {
    inbox_behaviour how;
    change(how);
    box.set_behaviour(how);
  }
  inbox_outcome last_outcome() const { return box.messages().at(0)->outcome; }

  asio::io_context loop{1};
  inbox box{[] { return 0; }};
  inbox_carrier carrier{box, loop.get_executor()};
  std::deque<asio::cancellation_signal> cancels;  // a signal has one listener
  std::vector<std::unique_ptr<rendered_message>> messages;
  std::vector<std::pair<std::string, handover>> ended;
};

TEST_F(InboxCarrier, AcceptsUnderAnIdOfItsOwn) {
  for (const char* id : {"inbox-1", "inbox-2"}) {
    const handover out = hand_over("+1", 0ms);
    EXPECT_EQ(out.failure, failure::none);
    EXPECT_EQ(out.message_id, id);
    EXPECT_EQ(out.status, 0u);
    EXPECT_FALSE(out.error);
  }
  EXPECT_EQ(last_outcome(), inbox_outcome::accepted);
  EXPECT_EQ(box.messages()[0]->text, "123456 is your code");
}

TEST_F(InboxCarrier, FailsWithEachClass) {
  for (const failure each :
       {failure::bad_number, failure::not_permitted, failure::rejected, failure::rate_limited,
        failure::out_of_credit, failure::misconfigured, failure::unavailable, failure::unknown}) {
    behave([&](auto& how) { how.fail = each; });
    const handover out = hand_over("+1", 1h);
    EXPECT_EQ(out.failure, each);
    EXPECT_EQ(out.message_id, "");
    EXPECT_FALSE(out.error);
    EXPECT_EQ(last_outcome(), inbox_outcome::refused);
    EXPECT_EQ(box.messages()[0]->failure, each);
  }
}

TEST_F(InboxCarrier, DropsAndSaysNothingOfIt) {
  behave([](auto& how) { how.drop = true; });
  const handover out = hand_over("+1", 1h);
  EXPECT_EQ(out.failure, failure::none);
  EXPECT_EQ(out.message_id, "inbox-1");
  EXPECT_TRUE(box.messages().empty());
  EXPECT_EQ(box.counts().dropped, 1u);
}

TEST_F(InboxCarrier, AnswersAfterTheDelay) {
  behave([](auto& how) { how.delay = 2ms, how.count = 1; });
  begin("slow", 1h);
  begin("fast", 1h);
  loop.run();
  ASSERT_EQ(ended.size(), 2u);
  EXPECT_EQ(ended[0].first, "fast");
  EXPECT_EQ(ended[1].first, "slow");
  EXPECT_EQ(ended[1].second.message_id, "inbox-1");
  EXPECT_EQ(last_outcome(), inbox_outcome::accepted);
}

TEST_F(InboxCarrier, DelaysAFailureToo) {
  behave([](auto& how) { how.delay = 1ms, how.fail = failure::rate_limited; });
  EXPECT_EQ(hand_over("+1", 1h).failure, failure::rate_limited);
}

TEST_F(InboxCarrier, HangsUntilTheBound) {
  behave([](auto& how) { how.hang = true, how.count = 1; });
  begin("stuck", 2ms);
  begin("well", 0ms);
  loop.run();
  ASSERT_EQ(ended.size(), 2u);
  EXPECT_EQ(ended[0].first, "well") << "others do not wait for it";
  EXPECT_EQ(ended[1].first, "stuck");
  EXPECT_EQ(ended[1].second.failure, failure::unknown);
  EXPECT_EQ(ended[1].second.error, net::http_errc::timed_out);
  EXPECT_EQ(ended[1].second.message_id, "");
  EXPECT_EQ(last_outcome(), inbox_outcome::hung);
  EXPECT_EQ(box.counts().hung, 1u);
}

TEST_F(InboxCarrier, DeliversLateWhatIsSlowerThanTheBound) {
  behave([](auto& how) { how.delay = 60s; });
  const handover out = hand_over("+1", 1ms);
  EXPECT_EQ(out.failure, failure::unknown);
  EXPECT_EQ(out.error, net::http_errc::timed_out);
  EXPECT_EQ(last_outcome(), inbox_outcome::late);
  behave([](auto& how) { how.delay = 60s, how.fail = failure::rejected; });
  EXPECT_EQ(hand_over("+1", 1ms).failure, failure::unknown);
  EXPECT_EQ(last_outcome(), inbox_outcome::hung);
}

TEST_F(InboxCarrier, IsSilentAtOnceWhenCanceled) {
  behave([](auto& how) { how.hang = true; });
  begin("+1", 1h);
  asio::post(loop, [&] { asio::post(loop, [&] { cancels[0].emit(asio::cancellation_type::terminal); }); });
  loop.run();
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].second.failure, failure::unknown);
  EXPECT_EQ(ended[0].second.error, asio::error::operation_aborted);
}

}  // namespace
}  // namespace otpd::sms
