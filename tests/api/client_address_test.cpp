// RELIABILITY A13: who a request counts against, whatever its headers say.

#include "api/client_address.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace otpd;
using api::parse_address;
using api::trusted_proxies;
using boost::asio::ip::make_address;

struct sent {
  std::string peer;
  std::vector<net::field> fields;
};

std::string client_of(const trusted_proxies& proxies, const sent& what) {
  net::request in;
  in.peer = make_address(what.peer);
  in.fields = what.fields;
  return proxies.client_of(in).to_string();
}

net::field xff(std::string_view value) {
  return {"X-Forwarded-For", value};
}

TEST(ClientAddress, IsThePeerWhateverAStrangerClaims) {
  const trusted_proxies none({}, 1);
  const trusted_proxies some({"10.0.0.0/8", "::1"}, 1);
  const std::vector<std::vector<net::field>> claims{
      {},
      {xff("1.1.1.1")},
      {xff("1.1.1.1, 2.2.2.2")},
      {xff("1.1.1.1"), xff("2.2.2.2")},
      {{"Forwarded", "for=1.1.1.1"}},
      {{"X-Real-IP", "1.1.1.1"}},
      {{"CF-Connecting-IP", "1.1.1.1"}},
      {{"True-Client-IP", "1.1.1.1"}},
      {{"x-forwarded-for", "127.0.0.1"}},
      {xff("127.0.0.1"), {"X-Forwarded-For", "::1"}, {"Forwarded", "for=\"[::1]\""}},
  };
  for (const auto& fields : claims) {
    EXPECT_EQ(client_of(none, {"203.0.113.7", fields}), "203.0.113.7");
    EXPECT_EQ(client_of(some, {"203.0.113.7", fields}), "203.0.113.7");
    EXPECT_EQ(client_of(none, {"2001:db8::7", fields}), "2001:db8::7");
    EXPECT_EQ(client_of(none, {"127.0.0.1", fields}), "127.0.0.1");
  }
}

TEST(EncryptedClient, IsBelievedOfATrustedProxyAlone) {
  const trusted_proxies proxies({"10.0.0.0/8"}, 1);
  const auto is_encrypted = [&](const sent& what, bool by_itself = false) {
    net::request in;
    in.peer = make_address(what.peer);
    in.fields = what.fields;
    in.encrypted = by_itself;
    return proxies.is_encrypted(in);
  };
  const net::field https{"X-Forwarded-Proto", "https"}, http{"X-Forwarded-Proto", "http"};
  EXPECT_TRUE(is_encrypted({"203.0.113.7", {}}, true));
  EXPECT_FALSE(is_encrypted({"203.0.113.7", {https}})) << "a stranger says so";
  EXPECT_TRUE(is_encrypted({"10.1.2.3", {https}}));
  EXPECT_TRUE(is_encrypted({"::ffff:10.1.2.3", {{"x-forwarded-proto", "HTTPS"}}}));
  EXPECT_FALSE(is_encrypted({"10.1.2.3", {}}));
  EXPECT_FALSE(is_encrypted({"10.1.2.3", {http}}));
  EXPECT_FALSE(is_encrypted({"10.1.2.3", {https, http}}));
  EXPECT_FALSE(is_encrypted({"10.1.2.3", {{"X-Forwarded-Proto", "https, http"}}}));
}

struct row {
  std::vector<net::field> fields;
  const char* one_hop;
  const char* two_hops;
};

// The peer is a trusted proxy, 10.0.0.1; what it cannot make sense of counts against itself.
TEST(ClientAddress, CountsHopsFromTheRight) {
  const trusted_proxies one({"10.0.0.0/8"}, 1);
  const trusted_proxies two({"10.0.0.0/8"}, 2);
  const row table[] = {
      {{}, "10.0.0.1", "10.0.0.1"},
      {{xff("1.1.1.1")}, "1.1.1.1", "10.0.0.1"},
      {{xff("1.1.1.1, 2.2.2.2")}, "2.2.2.2", "1.1.1.1"},
      {{xff("9.9.9.9, 1.1.1.1, 2.2.2.2")}, "2.2.2.2", "1.1.1.1"},
      {{xff("9.9.9.9,1.1.1.1,2.2.2.2")}, "2.2.2.2", "1.1.1.1"},
      {{xff("1.1.1.1 \t,\t 2.2.2.2 ")}, "2.2.2.2", "1.1.1.1"},
      {{{"x-FORWARDED-for", "1.1.1.1, 2.2.2.2"}}, "2.2.2.2", "1.1.1.1"},
      // A line of its own, as HAProxy appends it: the client's lines stay to the left.
      {{xff("9.9.9.9"), xff("1.1.1.1")}, "1.1.1.1", "9.9.9.9"},
      {{xff("9.9.9.9, 8.8.8.8"), xff("1.1.1.1, 2.2.2.2")}, "2.2.2.2", "1.1.1.1"},
      {{xff("9.9.9.9, 8.8.8.8"), {"Host", "x"}, xff("1.1.1.1")}, "1.1.1.1", "8.8.8.8"},
      {{xff("nonsense"), xff("1.1.1.1")}, "1.1.1.1", "10.0.0.1"},
      // Not addresses.
      {{xff("")}, "10.0.0.1", "10.0.0.1"},
      {{xff(",")}, "10.0.0.1", "10.0.0.1"},
      {{xff("1.1.1.1,")}, "10.0.0.1", "1.1.1.1"},
      {{xff("1.1.1.1"), xff("")}, "10.0.0.1", "1.1.1.1"},
      {{xff("unknown")}, "10.0.0.1", "10.0.0.1"},
      {{xff("1.1.1.1:443")}, "10.0.0.1", "10.0.0.1"},
      {{xff("[2001:db8::1]")}, "10.0.0.1", "10.0.0.1"},
      {{xff("fe80::1%eth0")}, "10.0.0.1", "10.0.0.1"},
      {{xff("1.1.1.1 2.2.2.2")}, "10.0.0.1", "10.0.0.1"},
      {{xff("\"1.1.1.1\"")}, "10.0.0.1", "10.0.0.1"},
      // One address, several spellings.
      {{xff("::ffff:1.1.1.1")}, "1.1.1.1", "10.0.0.1"},
      {{xff("::FFFF:0101:0101")}, "1.1.1.1", "10.0.0.1"},
      {{xff("2001:DB8:0:0::1")}, "2001:db8::1", "10.0.0.1"},
      // Other headers say nothing.
      {{{"Forwarded", "for=1.1.1.1"}, {"X-Real-IP", "2.2.2.2"}}, "10.0.0.1", "10.0.0.1"},
  };
  for (const auto& [fields, one_hop, two_hops] : table) {
    std::string text;
    for (const auto& each : fields)
      text += std::string(each.name) + ": " + std::string(each.value) + "; ";
    EXPECT_EQ(client_of(one, {"10.0.0.1", fields}), one_hop) << text;
    EXPECT_EQ(client_of(two, {"10.0.0.1", fields}), two_hops) << text;
  }
}

TEST(ClientAddress, TreatsNoHopAsOne) {
  EXPECT_EQ(client_of(trusted_proxies({"10.0.0.1"}, 0), {"10.0.0.1", {xff("1.1.1.1, 2.2.2.2")}}), "2.2.2.2");
}

TEST(ClientAddress, KnowsItsProxies) {
  const trusted_proxies proxies(
      {"10.1.2.3", "192.168.0.0/16", "172.16.5.4/12", "::1", "2001:db8:1::/48", "fd00::5/8"}, 1);
  const auto is_trusted = [&](const char* peer) {
    return client_of(proxies, {peer, {xff("1.1.1.1")}}) == "1.1.1.1";
  };
  for (const char* peer :
       {"10.1.2.3", "192.168.0.0", "192.168.255.255", "172.16.0.1", "172.31.255.255", "::1",
        "2001:db8:1::", "2001:db8:1:ffff::1", "fd12:3456::1", "::ffff:10.1.2.3", "::ffff:192.168.7.7"}) {
    EXPECT_TRUE(is_trusted(peer)) << peer;
  }
  for (const char* peer : {"10.1.2.4", "10.1.2.2", "192.167.255.255", "192.169.0.0", "172.15.255.255",
                           "172.32.0.0", "::2", "2001:db8:2::", "fc00::1", "127.0.0.1", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(is_trusted(peer)) << peer;
  }
}

TEST(ClientAddress, CanTrustEveryAddress) {
  const trusted_proxies all({"0.0.0.0/0", "::/0"}, 1);
  for (const char* peer : {"203.0.113.7", "0.0.0.0", "255.255.255.255", "2001:db8::7", "::"}) {
    EXPECT_EQ(client_of(all, {peer, {xff("1.1.1.1")}}), "1.1.1.1") << peer;
  }
}

TEST(ClientAddress, RefusesProxiesThatAreNoNetwork) {
  for (const char* block :
       {"", "proxy.example", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "/8", "10.0.0.0/-1"}) {
    EXPECT_THROW(trusted_proxies({block}, 1), std::invalid_argument) << block;
  }
}

TEST(ClientNetwork, IsAnIpv4AddressOrTheUpperHalfOfAnIpv6One) {
  const auto network = [](const char* text) { return api::network_of(make_address(text)); };
  const auto equal = [](const otp::caller::network& a, const otp::caller::network& b) {
    return a.prefix == b.prefix && a.is_v6 == b.is_v6;
  };
  EXPECT_TRUE(equal(network("127.0.0.1"), network("::ffff:127.0.0.1")));
  EXPECT_TRUE(equal(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff")));
  EXPECT_FALSE(equal(network("2001:db8:1:2::1"), network("2001:db8:1:3::1")));
  EXPECT_FALSE(equal(network("1.2.3.4"), network("1.2.3.5")));
  EXPECT_FALSE(equal(network("0.0.0.0"), network("::")));
  EXPECT_EQ(network("1.2.3.4").prefix, 0x01020304u);
  EXPECT_EQ(network("2001:db8:1:2::1").prefix, 0x20010db800010002u);
}

TEST(Address, IsReadStrictly) {
  for (const char* text :
       {"1.2.3.4", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "2001:DB8::A", "::ffff:1.2.3.4",
        "1234:5678:9abc:def0:1234:5678:9abc:def0", "ABCD:EF01:2345:6789:abcd:ef01:255.255.255.255"}) {
    EXPECT_TRUE(parse_address(text)) << text;
  }
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv,
                                      " 1.2.3.4"sv,
                                      "1.2.3.4 "sv,
                                      "1.2.3.4\n"sv,
                                      "1.2.3.4\0"sv,
                                      "1.2.3.4\0.evil"sv,
                                      "::1\0"sv,
                                      "1.2.3"sv,
                                      "1.2.3.4.5"sv,
                                      "256.1.1.1"sv,
                                      "01.2.3.4"sv,
                                      "0x7f.0.0.1"sv,
                                      "0x7f000001"sv,
                                      "2130706433"sv,
                                      "127.1"sv,
                                      "1.2.3.4:80"sv,
                                      "[::1]"sv,
                                      "::1%lo"sv,
                                      "fe80::1%1"sv,
                                      "1::2::3"sv,
                                      ":::"sv,
                                      "g::1"sv,
                                      "１.2.3.4"sv,
                                      "1.2.3.4/32"sv,
                                      "localhost"sv,
                                      "1,2,3,4"sv,
                                      "-1.2.3.4"sv,
                                      "12345::"sv,
                                      "0000:0000:0000:0000:0000:0000:0000:0000:0000"sv}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

}  // namespace
