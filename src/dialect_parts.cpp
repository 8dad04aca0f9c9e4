#include "dialect_parts.hpp"

#include <algorithm>
#include <stdexcept>

#include "api/dialects/home_page.hpp"
#include "api/dialects/s0.hpp"
#include "api/dialects/s1.hpp"
#include "api/dialects/s2.hpp"
#include "api/dialects/s3.hpp"
#include "api/dialects/s4.hpp"

namespace otpd {

namespace {

// The configuration has made sure that there is one.
const otp::profile& profile_of(const config& settings, const std::string& name) {
  const auto found = std::ranges::find(settings.profiles, name, &otp::profile::name);
  if (found == settings.profiles.end()) throw std::logic_error("no profile " + name);
  return *found;
}

}  // namespace

std::vector<std::unique_ptr<api::dialects::dialect>> make_dialects(
    const config& settings, const api::dialects::dialect_parts& parts) {
  namespace dialects = api::dialects;
  const auto& all = settings.dialects;
  std::vector<std::unique_ptr<dialects::dialect>> out;
  if (all.s0.enabled)
    out.push_back(std::make_unique<dialects::s0>(parts, profile_of(settings, all.s0.profile)));
  if (all.s1.enabled)
    out.push_back(std::make_unique<dialects::s1>(parts, profile_of(settings, all.s1.profile)));
  if (all.s2.enabled) {
    auth::attempt_policy of_client = all.s2.lockout;
    of_client.failures = settings.limits.failures_per_ip;  // wrong passwords are answers, too
    out.push_back(std::make_unique<dialects::s2>(parts, profile_of(settings, all.s2.profile), all.s2,
                                                 of_client, settings.passwords.min_length));
  }
  if (all.s3.enabled)
    out.push_back(std::make_unique<dialects::s3>(parts, profile_of(settings, all.s3.profile), all.s3));
  if (all.s4.enabled) {
    out.push_back(std::make_unique<dialects::s4>(parts, profile_of(settings, all.s4.profile), all.s4));
    out.push_back(std::make_unique<dialects::home_page>(profile_of(settings, all.s4.profile), parts.proxies));
  }
  return out;
}

}  // namespace otpd
