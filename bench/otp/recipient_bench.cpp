#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "otp/phone.hpp"
#include "otp/recipient.hpp"

namespace otpd::otp {
namespace {

void parse(benchmark::State& state, const std::string& text, const char* region) {
  prepare_phones();
  if (!parse_recipient(text, region)) return state.SkipWithError("not a recipient");
  for (auto _ : state)
    benchmark::DoNotOptimize(parse_recipient(text, region));
}

// The issue path: another number each time.
void recipient_phone_canonical(benchmark::State& state) {
  prepare_phones();
  std::vector<std::string> texts;
  for (unsigned i = 0; i < 4096; ++i)
    texts.push_back("+98912" + std::to_string(1000000 + i * 2111));
  std::size_t next = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(parse_recipient(texts[next++ % texts.size()], ""));
}
BENCHMARK(recipient_phone_canonical);

void recipient_phone_spaced(benchmark::State& state) {
  parse(state, "+1 (415) 555-0123", "");
}
BENCHMARK(recipient_phone_spaced);

void recipient_phone_national(benchmark::State& state) {
  parse(state, "09121234567", "IR");
}
BENCHMARK(recipient_phone_national);

void recipient_phone_left_to_the_library(benchmark::State& state) {
  parse(state, "+261321234567", "");
}
BENCHMARK(recipient_phone_left_to_the_library);

void recipient_email(benchmark::State& state) {
  parse(state, "Joe.Doe+news@Example.com", "");
}
BENCHMARK(recipient_email);

void recipient_mask(benchmark::State& state) {
  const auto who = parse_recipient("+989121234567", "");
  for (auto _ : state)
    benchmark::DoNotOptimize(mask(*who));
}
BENCHMARK(recipient_mask);

}  // namespace
}  // namespace otpd::otp
