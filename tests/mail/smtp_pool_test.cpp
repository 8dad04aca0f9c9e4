// Which connection a message takes, and what becomes of connections that are idle.

#include <gtest/gtest.h>

#include <mutex>

#include "mail/carrier_fixture.hpp"
#include "mail/mail_dialogue.hpp"
#include "mail/smtp_error.hpp"
#include "net/scripted_server.hpp"

namespace otpd::mail {
namespace {

using otp::failure;
using std::chrono::milliseconds;
using test::a_message;
using test::carrier_fixture;
using test::mail_dialogue;
using test::scripted_mail_server;
using peer = scripted_mail_server::peer;

smtp_options options_for(std::uint16_t port) {
  smtp_options out;
  out.host = "127.0.0.1";
  out.port = port;
  out.security = smtp_security::none;
  out.from = "otp@mail.example";
  out.connect_timeout = out.timeout = std::chrono::seconds{20};
  return out;
}

// Serves `first` messages on connection 0, then does `oddity` at MAIL; other connections are as `others` has
// them.
scripted_mail_server::script tired(std::size_t first, std::function<bool(peer&)> oddity,
                                   mail_dialogue others = {}) {
  return [=](peer& to) {
    if (to.number > 0) return others(to);
    mail_dialogue play;
    play.odd = mail_dialogue::sender;
    play.oddity = [&, seen = std::size_t{0}](peer& p) mutable {
      if (seen++ >= first) return oddity(p);
      p.say("250 ok");
      return true;
    };
    play(to);
  };
}

TEST(SmtpPool, MessagesShareAConnection) {
  scripted_mail_server server{mail_dialogue{}};
  carrier_fixture with{options_for(server.port())};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(with.send(a_message()).failure, failure::none);
  EXPECT_EQ(with.carrier.connections_opened(), 1U);
}

TEST(SmtpPool, AConnectionThatTheServerClosedIsReplaced) {
  // Each connection takes one message and is closed, with and without a word.
  for (const std::string last_word : {"", "421 4.4.2 idle for too long\r\n"}) {
    scripted_mail_server server{[&](peer& to) {
      mail_dialogue play;
      play.odd = mail_dialogue::final_dot;
      play.oddity = [&](peer& p) {
        p.write("250 ok\r\n");
        return false;
      };
      play(to);
      to.write(last_word);
    }};
    carrier_fixture with{options_for(server.port())};
    for (std::size_t i = 1; i <= 3; ++i) {
      EXPECT_EQ(with.send(a_message()).failure, failure::none);
      server.wait_until_closed(i);
    }
    EXPECT_EQ(with.carrier.connections_opened(), 3U);
  }
}

TEST(SmtpPool, AConnectionLostAtMailIsReplacedOnce) {
  const auto ends = [](peer&) { return false; };
  const auto hangs_up = [](peer& to) { return to.say("421 4.4.2 idle for too long"), false; };
  for (const std::function<bool(peer&)>& oddity : {std::function<bool(peer&)>{ends}, {hangs_up}}) {
    scripted_mail_server server{tired(1, oddity)};
    carrier_fixture with{options_for(server.port())};
    EXPECT_EQ(with.send(a_message()).failure, failure::none);
    EXPECT_EQ(with.send(a_message()).failure, failure::none);
    EXPECT_EQ(with.carrier.connections_opened(), 2U);
  }
  mail_dialogue no_better;
  no_better.odd = mail_dialogue::sender;
  scripted_mail_server server{tired(1, ends, no_better)};
  carrier_fixture with{options_for(server.port())};
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
  const auto result = with.send(a_message());
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::reset);
  EXPECT_EQ(with.carrier.connections_opened(), 2U);
}

// A new connection that fails is not tried again.
TEST(SmtpPool, ANewConnectionHasOneChance) {
  mail_dialogue play;
  play.odd = mail_dialogue::sender;
  scripted_mail_server server{play};
  carrier_fixture with{options_for(server.port())};
  EXPECT_EQ(with.send(a_message()).failure, failure::unavailable);
  EXPECT_EQ(with.carrier.connections_opened(), 1U);
}

TEST(SmtpPool, ARefusalKeepsTheConnection) {
  std::size_t recipients = 0;
  mail_dialogue play;
  play.odd = mail_dialogue::recipient;
  play.oddity = [&](peer& to) {
    to.say(++recipients == 1 ? "550 5.1.1 no" : "250 ok");
    return true;
  };
  scripted_mail_server server{play};
  carrier_fixture with{options_for(server.port())};
  EXPECT_EQ(with.send(a_message()).failure, failure::bad_number);
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
  EXPECT_EQ(with.carrier.connections_opened(), 1U);
}

TEST(SmtpPool, WhoFindsNoConnectionWaitsForOne) {
  scripted_mail_server server{mail_dialogue{}};
  auto options = options_for(server.port());
  options.max_connections = 2;
  carrier_fixture with{options};
  std::array<std::optional<sms::handover>, 20> results;
  const auto message = a_message();
  for (auto& each : results)
    with.start(message, each);
  for (auto& each : results) {
    with.run_until(each);
    EXPECT_EQ(each->failure, failure::none);
  }
  EXPECT_EQ(with.carrier.connections_opened(), 2U);
}

TEST(SmtpPool, WhoWaitsTooLongIsTold) {
  mail_dialogue play;
  play.odd = mail_dialogue::final_dot;
  play.oddity = [](peer& to) { return to.wait_for_close(), false; };
  scripted_mail_server server{play};
  auto options = options_for(server.port());
  options.max_connections = 1;
  carrier_fixture with{options};
  std::optional<sms::handover> first, second;
  const auto message = a_message();
  with.start(message, first, milliseconds{2000});
  with.start(message, second, milliseconds{100});
  with.run_until(second);
  EXPECT_FALSE(first);
  EXPECT_EQ(second->failure, failure::unavailable);
  EXPECT_EQ(second->error, smtp_errc::busy);
  with.run_until(first);
  EXPECT_EQ(first->failure, failure::unknown);
}

TEST(SmtpPool, AnIdleConnectionTakesItsLeave) {
  std::mutex lock;
  std::string last;
  mail_dialogue play;
  play.on_line = [&](const std::string& line) {
    const std::lock_guard held{lock};
    last = line;
  };
  scripted_mail_server server{play};
  auto options = options_for(server.port());
  options.keep_idle = std::chrono::seconds{0};
  carrier_fixture with{options};
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
  with.loop.restart();
  with.loop.run();
  server.wait_until_closed(1);
  {
    const std::lock_guard held{lock};
    EXPECT_EQ(last, "QUIT");
  }
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
  EXPECT_EQ(with.carrier.connections_opened(), 2U);
}

TEST(SmtpPool, AfterCloseNothingIsSentAndTheLoopEnds) {
  scripted_mail_server server{mail_dialogue{}};
  carrier_fixture with{options_for(server.port())};
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
  with.carrier.close();
  with.loop.restart();
  with.loop.run();
  const auto result = with.send(a_message());
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::busy);
}

TEST(SmtpPool, ALoopThatStopsTakesItsMessagesAlong) {
  mail_dialogue play;
  play.odd = mail_dialogue::data;
  play.oddity = [](peer& to) { return to.wait_for_close(), false; };
  scripted_mail_server server{play};
  const auto message = a_message();
  std::optional<sms::handover> first, second;
  {
    auto options = options_for(server.port());
    options.max_connections = 1;
    carrier_fixture with{options};
    with.start(message, first);
    with.start(message, second);
    for (int i = 0; i < 8; ++i)
      with.loop.run_one();
  }
  EXPECT_FALSE(first || second);
}

TEST(SmtpPool, NobodyThereIsUnavailableInTime) {
  const test::refused_port refused;
  carrier_fixture with{options_for(refused.port())};
  auto result = with.send(a_message());
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::not_connected);

  const test::hanging_port hanging;
  auto options = options_for(hanging.port());
  options.connect_timeout = milliseconds{200};
  carrier_fixture second{options};
  result = second.send(a_message());
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::not_connected);

  options.host = "mail.invalid";
  options.insecure = true;
  carrier_fixture third{options};
  result = third.send(a_message(), milliseconds{3000});
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::not_resolved);
}

}  // namespace
}  // namespace otpd::mail
