#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <ctime>
#include <limits>
#include <random>

namespace {

namespace json = otpd::json;

std::string one(auto write) {
  std::string out;
  json::writer json(out);
  write(json);
  json.end();
  return out;
}

std::string time_of(std::int64_t unix_ms) {
  return one([&](json::writer& json) { json.time("t", unix_ms); });
}

TEST(JsonText, WritesMembersInOrder) {
  std::string out = "before ";
  json::writer json(out);
  json.text("a", "x");
  json.number("b", -7);
  json.boolean("c", true);
  json.boolean("d", false);
  json.time("e", std::nullopt);
  json.end();
  EXPECT_EQ(out, R"(before {"a":"x","b":-7,"c":true,"d":false,"e":null})");
}

TEST(JsonText, WritesAnEmptyObject) {
  EXPECT_EQ(one([](json::writer&) {}), "{}");
}

TEST(JsonText, WritesEveryNumber) {
  for (const std::int64_t value : {std::int64_t{0}, std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(one([&](json::writer& json) { json.number("n", value); }),
              "{\"n\":" + std::to_string(value) + "}");
  }
}

TEST(JsonText, EscapesWhatAStringMayNotHold) {
  std::string every;
  for (int c = 0; c < 0x80; ++c)
    every += static_cast<char>(c);
  every += "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
  const std::string text = one([&](json::writer& json) { json.text("s", every); });
  EXPECT_EQ(boost::json::parse(text).at("s").as_string(), every);
  for (const char c : text)
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
}

TEST(JsonText, EscapesRandomTextSoThatAParserReadsItBack) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    std::string text(random() % 40, '\0');
    for (char& c : text)
      c = static_cast<char>(random() % 0x80);
    const std::string out = one([&](json::writer& json) { json.text("s", text); });
    ASSERT_EQ(boost::json::parse(out).at("s").as_string(), text) << "seed " << seed;
  }
}

TEST(JsonText, WritesTimesInUtcAndWholeSeconds) {
  EXPECT_EQ(time_of(0), R"({"t":"1970-01-01T00:00:00Z"})");
  EXPECT_EQ(time_of(999), R"({"t":"1970-01-01T00:00:00Z"})");
  EXPECT_EQ(time_of(-1), R"({"t":"1969-12-31T23:59:59Z"})");
  EXPECT_EQ(time_of(951'827'696'789), R"({"t":"2000-02-29T12:34:56Z"})");
  EXPECT_EQ(time_of(1'795'253'400'000), R"({"t":"2026-11-21T09:30:00Z"})");
  EXPECT_EQ(time_of(253'402'300'799'999), R"({"t":"9999-12-31T23:59:59Z"})");
}

TEST(JsonText, AgreesWithTheSystemAboutEveryMoment) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto seconds = static_cast<std::time_t>(random() % 253'402'300'800ULL);
    std::tm utc{};
    ASSERT_NE(gmtime_r(&seconds, &utc), nullptr);
    char text[40];
    std::strftime(text, sizeof text, "{\"t\":\"%Y-%m-%dT%H:%M:%SZ\"}", &utc);
    ASSERT_EQ(time_of(seconds * 1000 + static_cast<std::int64_t>(random() % 1000)), text);
  }
}

}  // namespace
