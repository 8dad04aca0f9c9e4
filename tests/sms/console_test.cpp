#include "sms/console.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace otpd::sms {
namespace {

// A stream into memory.
class memory_stream {
 public:
  memory_stream() : stream_(open_memstream(&data_, &size_)) {}
  memory_stream(const memory_stream&) = delete;
  memory_stream& operator=(const memory_stream&) = delete;
  ~memory_stream() {
    std::fclose(stream_);
    std::free(data_);
  }
  [[nodiscard]] std::FILE* get() const noexcept { return stream_; }
  [[nodiscard]] std::string text() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

TEST(Console, WarnsOnceAndPrintsOneLineEach) {
  memory_stream out;
  console printer{out.get()};
  const std::string warning = out.text();
  EXPECT_NE(warning.find("codes are visible"), std::string::npos);
  EXPECT_TRUE(
      printer.print({otp::channel::sms, "+15551234567", "123456 is it\n\n@x.com #123456", "123456", "en"}));
  EXPECT_TRUE(printer.print({otp::channel::email, "a@b.example", "1\x1b[2J", "1", "en"}));
  EXPECT_EQ(out.text().substr(warning.size()),
            "-- sms to +15551234567: 123456 is it\\n\\n@x.com #123456\n-- email to a@b.example: 1?[2J\n");
}

TEST(Console, LinesOfManyThreadsNeverMix) {
  memory_stream out;
  console printer{out.get()};
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter)
    threads.emplace_back([&printer, letter] {
      const std::string text(200, letter);
      for (int i = 0; i < 500; ++i)
        printer.print({otp::channel::sms, "+1", text, "1", "en"});
    });
  for (auto& each : threads)
    each.join();
  std::istringstream lines{out.text()};
  std::string line;
  std::getline(lines, line);
  int count = 0;
  for (; std::getline(lines, line); ++count) {
    ASSERT_EQ(line.size(), 214U);
    ASSERT_EQ(line.substr(14), std::string(200, line.back()));
  }
  EXPECT_EQ(count, 2000);
}

TEST(Console, ABrokenStreamIsSeen) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  console printer{full};
  EXPECT_FALSE(printer.print({otp::channel::sms, "+1", "1", "1", "en"}));
  std::fclose(full);
}

}  // namespace
}  // namespace otpd::sms
