// RELIABILITY S8: a disk that another file fills up, and has room again.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "store/shelf.hpp"

namespace otpd::store::test {
namespace {

// 64 MiB of memory with a file system of its own.
class small_disk {
 public:
  small_disk() { mounted_ = ::mount("tmpfs", dir_.path().c_str(), "tmpfs", 0, "size=64m") == 0; }
  ~small_disk() {
    if (mounted_) ::umount2(dir_.path().c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool is_mounted() const { return mounted_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return dir_ / name; }

  // Another file takes every byte that is left.
  void fill() const {
    const int fd = ::open((dir_ / "other").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (std::size_t size = 1 << 20; size > 0;) {
      const std::string block(size, 'x');
      const auto written = ::write(fd, block.data(), size);
      if (written != static_cast<ssize_t>(size)) size /= 2;
    }
    ::close(fd);
  }
  void empty() const { std::filesystem::remove(dir_ / "other"); }

 private:
  scratch dir_;
  bool mounted_ = false;
};

TEST(FullDisk, FailsHonestlyAndComesBackByItself) {
  const small_disk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs takes root";
  world w;
  w.settings.store.path = disk / "store";
  w.settings.store.ballast_mib = 4;
  w.settings.store.min_free_mib = 8;
  w.settings.tick_interval = 50ms;
  w.settings.reopen_limit = 1'000'000;
  w.open();
  ASSERT_TRUE(w.store().has_room());
  const std::string filler(2'000, 'v');
  std::uint64_t acked = 0;
  std::size_t failures = 0;
  for (int round = 0; round < 4; ++round) {
    SCOPED_TRACE(round);
    for (int i = 0; i < 500; ++i) {
      ASSERT_FALSE(w.put(acked + 1, filler));
      ++acked;
    }
    disk.fill();
    error_code failed;
    for (int i = 0; i < 20'000 && !failed; ++i) {
      failed = w.put(acked + 1, filler);
      if (!failed) ++acked;
      disk.fill();  // the ballast's space, too
    }
    EXPECT_EQ(failed, otp::errc::store_unavailable);
    ASSERT_TRUE(w.log.saw("the store failed", ++failures));
    disk.empty();
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(w.log.saw("open again", failures));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_FALSE(w.put(acked + 1, filler));
    ++acked;
    EXPECT_TRUE(w.store().has_room());
    EXPECT_TRUE(std::filesystem::exists(disk / "store/ballast"));
  }
  w.close();
  const shelf found(disk / "store");
  EXPECT_FALSE(found.db.recovered().rolled_back) << found.db.recovered().detail;
  found.db.verify();
  for (std::uint64_t i = 1; i <= acked; ++i)
    ASSERT_EQ(found.get(i), filler) << i;
}

// What the operator is told before it comes to that, and that the room is noticed again.
TEST(FullDisk, SaysThatRoomIsShortBeforeItFails) {
  const small_disk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a tmpfs takes root";
  world w;
  w.settings.store.path = disk / "store";
  w.settings.store.ballast_mib = 4;
  w.settings.store.min_free_mib = 40;
  w.open();
  ASSERT_TRUE(w.store().has_room());
  write_file(disk / "other", std::string(20 << 20, 'x'));
  ASSERT_TRUE(w.log.saw("nearly full"));
  EXPECT_FALSE(w.store().has_room());
  EXPECT_FALSE(w.put(1, "an attempt is still charged"));
  disk.empty();
  ASSERT_TRUE(w.log.saw("room again"));
  EXPECT_TRUE(w.store().has_room());
}

}  // namespace
}  // namespace otpd::store::test
