#include "net/connection_caps.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace otpd::net {
namespace {

using verdict = connection_caps::verdict;

verdict admit(connection_caps& caps, const char* address, std::vector<connection_caps::ticket>& places) {
  connection_caps::ticket place;
  const auto v = caps.admit(boost::asio::ip::make_address(address), place);
  if (v == verdict::admitted) places.push_back(std::move(place));
  return v;
}

TEST(ConnectionCaps, CountInAllAndPerAddress) {
  connection_caps caps({3, 2});
  std::vector<connection_caps::ticket> places;
  EXPECT_EQ(admit(caps, "192.0.2.1", places), verdict::admitted);
  EXPECT_EQ(admit(caps, "::ffff:192.0.2.1", places), verdict::admitted);
  EXPECT_EQ(admit(caps, "192.0.2.1", places), verdict::too_many_from_address);
  EXPECT_EQ(admit(caps, "192.0.2.2", places), verdict::admitted);
  EXPECT_EQ(admit(caps, "192.0.2.3", places), verdict::too_many);
  places.pop_back();
  EXPECT_EQ(admit(caps, "192.0.2.3", places), verdict::admitted);
  places.clear();
  EXPECT_EQ(caps.open(), 0U);
}

TEST(ConnectionCaps, TakeAnIpv6NetworkForOneAddress) {
  connection_caps caps({10, 1});
  std::vector<connection_caps::ticket> places;
  EXPECT_EQ(admit(caps, "2001:db8:0:1::1", places), verdict::admitted);
  EXPECT_EQ(admit(caps, "2001:db8:0:1:ffff::2", places), verdict::too_many_from_address);
  EXPECT_EQ(admit(caps, "2001:db8:0:2::1", places), verdict::admitted);
  EXPECT_EQ(admit(caps, "::1", places), verdict::admitted);
}

TEST(ConnectionCaps, HoldAcrossThreads) {
  connection_caps caps({100, 50});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&caps, t] {
      for (int i = 0; i < 5000; ++i) {
        std::vector<connection_caps::ticket> places;
        for (int n = 0; n < 40; ++n)
          (void)admit(caps, t % 2 == 0 ? "192.0.2.1" : "192.0.2.2", places);
        EXPECT_LE(caps.open(), 100U);
      }
    });
  }
  for (auto& t : threads)
    t.join();
  EXPECT_EQ(caps.open(), 0U);
}

}  // namespace
}  // namespace otpd::net
