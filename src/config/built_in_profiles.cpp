// The profiles that are there without being written: the policy of each of the five systems, as its own
// documents have it (docs/migrating.md), with our bounds where it had none.

#include <algorithm>
#include <array>
#include <chrono>

#include "config/sections.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
using otp::profile;

// What all five have in common: they know neither a pause between two requests nor unassigned numbers.
void common(profile& p) {
  p.realm = p.name;
  p.resend_after = 0s;
  p.max_sends = 10;
  p.resend = otp::resend_policy::rotate;  // the newest code only
  p.numbers = otp::numbers::possible;
  p.channels = {otp::channel::sms};
  p.yields = otp::yield::account;
}

void s0(profile& p) {
  p.code_length = 4;
  p.legacy = true;
  p.default_region = "US";
}

void s1(profile& p) {
  p.app = "Your App";
  p.message = "Welcome To {app}!\nThank you for using our service.\nYour OTP is {code}";
  p.code_length = 4;
  p.legacy = true;
  p.sends = {3, 10min};
  p.yields = otp::yield::nothing;
}

void s2(profile& p) {
  p.sharing = otp::sharing::independent;
  p.default_region = "US";
}

void s3(profile& p) {
  p.code_length = 5;
  p.legacy = true;
  p.sharing = otp::sharing::independent;
  p.default_region = "IR";
  p.yields = otp::yield::tokens;
}

void s4(profile& p) {
  p.lifetime = 2min;
  p.default_region = "US";
  p.channels = {otp::channel::sms, otp::channel::email};
  p.yields = otp::yield::tokens;
}

constexpr std::array<std::pair<std::string_view, void (*)(profile&)>, 5> systems{
    {{"s0", s0}, {"s1", s1}, {"s2", s2}, {"s3", s3}, {"s4", s4}}};

}  // namespace

bool is_built_in(std::string_view name) {
  return std::ranges::any_of(systems, [name](const auto& each) { return each.first == name; });
}

// "123456 is your verification code."
otp::profile new_profile(std::string_view name) {
  profile p;
  p.name = name;
  p.app = "verification";
  for (const auto& [system, fill] : systems) {
    if (name != system) continue;
    common(p);
    fill(p);
  }
  return p;
}

}  // namespace otpd
