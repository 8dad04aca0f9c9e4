#include "store/directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "store/world.hpp"

namespace otpd::store::test {
namespace {

namespace fs = std::filesystem;

options in(const fs::path& path) {
  options out;
  out.path = path;
  out.min_free_mib = 0;
  out.min_free_percent = 0;
  return out;
}

mark marked(std::uint64_t commits, std::int64_t life) {
  return {commits, otp::instant{otp::milliseconds{life}}, 3};
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777u : 0;
}

TEST(Directory, IsMadeForItsOwnerOnly) {
  const scratch dir;
  const directory one(in(dir / "a/b"));
  EXPECT_EQ(mode_of(dir / "a/b"), 0700u);
  EXPECT_EQ(mode_of(dir / "a/b.mark"), 0600u);
}

TEST(Directory, LeavesTheModeOfOneThatWasThere) {
  const scratch dir;
  fs::create_directory(dir / "a");
  ASSERT_EQ(::chmod((dir / "a").c_str(), 0755), 0);
  const directory one(in(dir / "a"));
  EXPECT_EQ(mode_of(dir / "a"), 0755u);
}

TEST(Directory, ASecondHandleIsRefusedWithThePid) {
  const scratch dir;
  const directory one(in(dir / "store"));
  try {
    const directory other(in(dir / "store"));
    FAIL() << "two handles";
  } catch (const store_error& error) {
    EXPECT_EQ(error.exit_code, 73);
    EXPECT_NE(std::string(error.what()).find("process " + std::to_string(::getpid())), std::string::npos)
        << error.what();
  }
}

TEST(Directory, IsFreeAgainOnceItsHandleIsGone) {
  const scratch dir;
  { const directory one(in(dir / "store")); }
  EXPECT_NO_THROW(directory{in(dir / "store")});
}

TEST(Directory, KillingItsHolderFreesIt) {
  const scratch dir;
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const directory held(in(dir / "store"));
    [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
    for (;;)
      ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);

  const auto begin = std::chrono::steady_clock::now();
  std::string said;
  try {
    const directory second(in(dir / "store"));
  } catch (const store_error& error) {
    EXPECT_EQ(error.exit_code, 73);
    said = error.what();
  }
  EXPECT_NE(said.find("process " + std::to_string(child)), std::string::npos) << said;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_NO_THROW(directory{in(dir / "store")});
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(Directory, AnUnusablePathIsRefused) {
  const scratch dir;
  write_file(dir / "file", "x");
  EXPECT_EQ(exit_code_of([&] { directory{in(dir / "file/store")}; }), 74);
  EXPECT_EQ(exit_code_of([&] { directory{in(dir / "file")}; }), 74);
}

// Without its mark a restored backup would go unnoticed.
TEST(Directory, AMarkThatCannotBeMadeIsRefusedAndLeavesNothingLocked) {
  const scratch dir;
  fs::create_directory(dir / "store.mark");
  EXPECT_EQ(exit_code_of([&] { directory{in(dir / "store")}; }), 74);
  fs::remove(dir / "store.mark");
  EXPECT_NO_THROW(directory{in(dir / "store")});
}

TEST(Directory, KeepsTheMarkBesideItself) {
  const scratch dir;
  {
    directory one(in(dir / "store"));
    EXPECT_FALSE(one.read_mark());
    one.write_mark(marked(7, 1'700'000'000'123));
  }
  const directory again(in(dir / "store"));
  EXPECT_EQ(again.read_mark(), marked(7, 1'700'000'000'123));
  EXPECT_TRUE(fs::exists(dir / "store.mark"));
}

// A copy of the directory must not bring its own mark along, however the path is written.
TEST(Directory, KeepsTheMarkOutsideForEverySpellingOfThePath) {
  for (const char* spelling : {"store/", "store//", "./store/.", "store/../store/"}) {
    SCOPED_TRACE(spelling);
    const scratch dir;
    fs::create_directory(dir / "store");
    directory one(in(dir / spelling));
    one.write_mark(marked(7, 1));
    EXPECT_TRUE(fs::exists(dir / "store.mark"));
    EXPECT_FALSE(fs::exists(dir / "store/.mark"));
  }
}

TEST(Directory, ADamagedMarkIsNoMark) {
  const scratch dir;
  { directory(in(dir / "store")).write_mark(marked(7, 1'700'000'000'123)); }
  const std::string good = read_file(dir / "store.mark");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    write_file(dir / "store.mark", bad);
    const directory again(in(dir / "store"));
    EXPECT_FALSE(again.read_mark()) << bit;
  }
  write_file(dir / "store.mark", good.substr(0, good.size() - 1));
  EXPECT_FALSE(directory(in(dir / "store")).read_mark());
}

TEST(Directory, KeepsBallastAndGivesItBack) {
  const scratch dir;
  options with = in(dir / "store");
  with.ballast_mib = 2;
  directory one(with);
  one.fill_ballast();
  EXPECT_EQ(fs::file_size(dir / "store/ballast"), 2u << 20);
  struct stat status {};
  ASSERT_EQ(::stat((dir / "store/ballast").c_str(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, 2 << 20);
  one.fill_ballast();
  EXPECT_EQ(fs::file_size(dir / "store/ballast"), 2u << 20);
  one.drop_ballast();
  EXPECT_FALSE(fs::exists(dir / "store/ballast"));
}

TEST(Directory, BallastNeverTakesTheRoomOfVerifications) {
  const scratch dir;
  struct statvfs disk {};
  ASSERT_EQ(::statvfs(dir.path().c_str(), &disk), 0);
  const std::uint64_t free_mib = disk.f_bavail * disk.f_frsize >> 20;
  if (free_mib < 4096) GTEST_SKIP() << "too little room to tell";
  options with = in(dir / "store");
  with.min_free_mib = free_mib - 1024;
  with.ballast_mib = 2048;
  directory one(with);
  ASSERT_TRUE(one.has_room());
  one.fill_ballast();
  EXPECT_FALSE(fs::exists(dir / "store/ballast"));
  EXPECT_TRUE(one.has_room());
}

TEST(Directory, SaysWhenRoomIsShort) {
  const scratch dir;
  options with = in(dir / "store");
  EXPECT_TRUE(directory(with).has_room());
  with.min_free_mib = 1ull << 40;
  EXPECT_FALSE(directory(with).has_room());
  with.min_free_mib = 0;
  with.min_free_percent = 100;
  EXPECT_FALSE(directory(with).has_room());
}

}  // namespace
}  // namespace otpd::store::test
