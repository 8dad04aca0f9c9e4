// Argon2id on its threads: what it makes, what it takes, and how many at once.

#include "auth/password_hasher.hpp"

#include <argon2.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <iterator>
#include <thread>

#include "auth/account_world.hpp"
#include "store/world.hpp"

namespace otpd::auth {
namespace {

using namespace test;
using store::test::loop_threads;

// Of this process.
std::size_t thread_count() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Little work, so that tests are quick.
password_options quick(std::size_t threads = 1, std::size_t max_queued = 1000) {
  return {.memory_kib = 64, .iterations = 1, .threads = threads, .max_queued = max_queued};
}

class PasswordHasher : public testing::Test {
 protected:
  std::string hash(const std::string& password) { return loops.run(tested.hash(password)).value(); }
  bool verify(const std::string& password, const std::string& phc) {
    return loops.run(tested.verify(tested.reserve().value(), password, phc)).value().is_right;
  }

  loop_threads loops{1};
  password_hasher tested{quick()};
};

TEST_F(PasswordHasher, KnowsItsOwnPasswords) {
  for (const std::string& password :
       {std::string("x"), std::string("correct horse battery staple"), std::string("\xc3\xa9\0y", 4),
        std::string(password_hasher::max_length, 'p')}) {
    const std::string phc = hash(password);
    EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << phc;
    EXPECT_LE(phc.size(), 255u);
    EXPECT_TRUE(verify(password, phc));
    EXPECT_FALSE(verify(password + "y", phc));
    EXPECT_FALSE(verify(password.substr(1), phc));
    EXPECT_NE(hash(password), phc) << "each has its own salt";
  }
}

// The command line program of the reference implementation: argon2 with these options.
TEST_F(PasswordHasher, TakesTheReferencesHashesWhateverTheirParameters) {
  const std::pair<const char*, const char*> table[] = {
      {"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
      {"password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
      {"password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
      {"differentpassword",
       "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
  };
  for (const auto& [password, phc] : table) {
    EXPECT_TRUE(verify(password, phc)) << phc;
    EXPECT_FALSE(verify("Password", phc)) << phc;
  }
}

// RFC 9106, 5.3: the library's core is what the RFC describes.
TEST(Argon2, ComputesTheVectorOfTheRfc) {
  std::array<std::uint8_t, 32> password, tag{};
  std::array<std::uint8_t, 16> salt;
  std::array<std::uint8_t, 8> secret;
  std::array<std::uint8_t, 12> data;
  password.fill(1), salt.fill(2), secret.fill(3), data.fill(4);
  argon2_context in{};
  in.out = tag.data(), in.outlen = tag.size();
  in.pwd = password.data(), in.pwdlen = password.size();
  in.salt = salt.data(), in.saltlen = salt.size();
  in.secret = secret.data(), in.secretlen = secret.size();
  in.ad = data.data(), in.adlen = data.size();
  in.t_cost = 3, in.m_cost = 32, in.lanes = 4, in.threads = 4;
  in.version = ARGON2_VERSION_13;
  ASSERT_EQ(argon2id_ctx(&in), ARGON2_OK);
  constexpr std::array<std::uint8_t, 32> expected{
      0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9,
      0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59};
  EXPECT_EQ(tag, expected);
}

TEST_F(PasswordHasher, FindsNoPasswordRightWhereThereIsNone) {
  EXPECT_FALSE(verify("", ""));
  EXPECT_FALSE(verify("nobody has this password", "")) << "nor that of the hash that stands in";
  for (const char* bad :
       {"x", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA"})
    EXPECT_FALSE(verify("password", bad)) << bad;
}

TEST_F(PasswordHasher, FindsALongPasswordWrongWhateverItBeginsWith) {
  const std::string longest(password_hasher::max_length, 'p');
  const std::string phc = hash(longest);
  EXPECT_FALSE(verify(longest + "p", phc));
  EXPECT_FALSE(verify(std::string(100'000, 'p'), phc));
}

// ---- many at once
// ----------------------------------------------------------------------------------------------------

TEST(PasswordQueue, HasSoManyPlacesAndNoMore) {
  loop_threads loops(1);
  password_hasher tested(quick(1, 8));
  std::vector<password_hasher::place> kept;
  for (int i = 0; i < 9; ++i) {
    auto place = tested.reserve();
    ASSERT_EQ(word(place), "ok") << i;
    kept.push_back(*std::move(place));
  }
  const auto refused = tested.reserve();
  ASSERT_EQ(word(refused), "overloaded") << "eight wait and one is verified";
  EXPECT_GT(refused.error().retry_after.count(), 0);
  EXPECT_EQ(word(loops.run(tested.hash("password"))), "ok") << "new ones need none";
  auto last = std::move(kept.back());
  kept.pop_back();
  EXPECT_EQ(word(loops.run(tested.verify(std::move(last), "password", ""))), "ok");
  EXPECT_EQ(word(tested.reserve()), "ok") << "its place is free again";
}

// A flood of registrations keeps nobody from logging in.
TEST(PasswordQueue, VerifiesBeforeItHashes) {
  loop_threads loops(1);
  // Each takes milliseconds, so that all wait before the first ones are done.
  password_hasher tested({.memory_kib = 4096, .iterations = 1, .max_queued = 8});
  std::string order;  // of the loop alone, until all are done
  std::promise<void> queued;
  boost::asio::post(loops[0], [&queued] { queued.get_future().wait(); });
  std::vector<std::future<void>> all;
  const auto start = [&](auto work, char what) {
    auto done = std::make_shared<std::promise<void>>();
    all.push_back(done->get_future());
    boost::asio::co_spawn(loops[0], std::move(work),
                          [&order, what, done](std::exception_ptr, const auto& out) {
                            order += word(out) == "ok" ? what : '!';
                            done->set_value();
                          });
  };
  for (int i = 0; i < 20; ++i)
    start(tested.hash("password"), 'h');
  for (int i = 0; i < 8; ++i)
    start(tested.verify(tested.reserve().value(), "password", ""), 'v');
  queued.set_value();
  for (auto& each : all)
    each.wait();
  EXPECT_EQ(std::ranges::count(order, 'h'), 20) << order;
  EXPECT_EQ(std::ranges::count(order, 'v'), 8) << order;
  EXPECT_LT(order.rfind('v'), 20U) << order;
}

TEST(PasswordQueue, HasRoomForNewOnesUpToItsBound) {
  EXPECT_EQ(word(password_hasher(quick(1, 1)).has_room()), "ok");
  EXPECT_EQ(word(password_hasher(quick(1, 0)).has_room()), "overloaded");
}

TEST(PasswordRenewal, MakesTheHashOfARightPasswordAnew) {
  loop_threads loops(1);
  password_hasher before(quick());
  password_hasher after(password_options{.memory_kib = 128, .iterations = 1});
  const auto verify = [&](password_hasher& by, const std::string& password, const std::string& phc) {
    return loops.run(by.verify(by.reserve().value(), password, phc)).value();
  };
  const std::string old = loops.run(before.hash("password")).value();
  EXPECT_EQ(verify(before, "password", old).renewed, "") << "it is of today";
  EXPECT_EQ(verify(after, "wrong", old).renewed, "");
  const auto verdict = verify(after, "password", old);
  EXPECT_TRUE(verdict.is_right);
  EXPECT_TRUE(verdict.renewed.starts_with("$argon2id$v=19$m=128,t=1,p=1$")) << verdict.renewed;
  const auto again = verify(after, "password", verdict.renewed);
  EXPECT_TRUE(again.is_right);
  EXPECT_EQ(again.renewed, "");
}

// Where a coroutine resumes: on the loop that awaited.
task<bool> resumes_where_it_was(password_hasher& tested, std::string password) {
  const auto before = std::this_thread::get_id();
  const auto phc = co_await tested.hash(password);
  if (phc.has_error() || std::this_thread::get_id() != before) co_return false;
  auto place = tested.reserve();
  if (place.has_error()) co_return false;
  const auto right = co_await tested.verify(*std::move(place), password, *phc);
  co_return right.has_value() && right->is_right&& std::this_thread::get_id() == before;
}

TEST(PasswordQueue, ResumesEachOnItsLoop) {
  loop_threads loops(4);
  password_hasher tested(quick(2));
  std::vector<std::future<bool>> all;
  for (std::size_t i = 0; i < 200; ++i) {
    all.push_back(boost::asio::co_spawn(
        loops[i % 4], resumes_where_it_was(tested, "password" + std::to_string(i)), boost::asio::use_future));
  }
  for (auto& each : all)
    EXPECT_TRUE(each.get());
}

TEST(PasswordQueue, HashesOnAsManyThreadsAsItHas) {
  for (const std::size_t threads : {1u, 2u}) {
    loop_threads loops(1);
    const auto before = thread_count();
    password_hasher tested(quick(threads));
    EXPECT_EQ(thread_count(), before + threads);
    std::vector<std::future<outcome<std::string>>> all;
    std::size_t most = 0;
    for (int i = 0; i < 50; ++i)
      all.push_back(boost::asio::co_spawn(loops[0], tested.hash("password"), boost::asio::use_future));
    for (auto& each : all) {
      EXPECT_EQ(word(each.get()), "ok");
      most = std::max(most, thread_count());
    }
    EXPECT_EQ(most, before + threads);
  }
}

}  // namespace
}  // namespace otpd::auth
