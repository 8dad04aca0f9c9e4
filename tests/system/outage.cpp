#include "system/outage.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

namespace otpd::test {

namespace {

using namespace std::chrono_literals;

// What a call that has begun needs to be seen at the gateway, on a busy machine.
constexpr auto wire = 50ms;

// Less than the time-out of a connection that nobody takes, far more than a message's usual way.
constexpr auto detour = 450ms;
constexpr outage::seconds a_lost_one = 1h;

}  // namespace

std::vector<provider_log::line> outage::breaker(const std::string& state) const {
  std::vector<provider_log::line> out;
  std::ranges::copy_if(log, std::back_inserter(out), [&](const provider_log::line& each) {
    return each.is_breaker && each.provider == "first" && each.to == state;
  });
  return out;
}

std::size_t outage::failures_before_opening() const {
  std::size_t out = 0;
  for (const provider_log::line& each : log) {
    if (each.provider != "first") continue;
    if (each.is_breaker) break;
    ++out;
  }
  return out;
}

std::size_t outage::on_the_wire_at(time opened) const {
  std::unordered_map<std::string, time> begun;
  for (const steady_load::issue& each : load.issues)
    begun.emplace(each.to, each.begun);
  return static_cast<std::size_t>(std::ranges::count_if(first, [&](const sms_sink::call& each) {
    return each.at >= opened && each.at < opened + wire && begun.at(each.to) < opened;
  }));
}

std::size_t outage::calls_between(time from, time until) const {
  const auto inside = [&](time at) { return at >= from && at < until; };
  const auto arrived = std::ranges::count_if(first, [&](const auto& each) { return inside(each.at); });
  std::unordered_set<std::string> known;
  for (const sms_sink::call& each : first)
    known.insert(each.to);
  std::unordered_map<std::string, time> went_on;
  for (const sms_sink::call& each : second)
    went_on.emplace(each.to, each.at);
  const auto in_vain = std::ranges::count_if(load.issues, [&](const steady_load::issue& each) {
    const auto found = went_on.find(each.to);
    const bool is_late = found == went_on.end() || found->second - each.begun >= detour;
    return inside(each.begun) && !known.contains(each.to) && is_late;
  });
  return static_cast<std::size_t>(arrived + in_vain);
}

outage::time outage::first_answered(const std::vector<sms_sink::call>& gateway, time since) {
  const auto found = std::ranges::find_if(
      gateway, [&](const sms_sink::call& each) { return each.answered && each.at >= since; });
  return found == gateway.end() ? time::max() : found->at;
}

std::vector<outage::seconds> outage::ways() const {
  std::unordered_map<std::string, time> reached;
  for (const auto* gateway : {&first, &second}) {
    for (const sms_sink::call& each : *gateway) {
      if (!each.answered) continue;
      const auto [known, is_new] = reached.emplace(each.to, each.at);
      if (!is_new) known->second = std::min(known->second, each.at);
    }
  }
  std::vector<seconds> out;
  for (const steady_load::issue& each : load.issues) {
    const auto found = reached.find(each.to);
    out.push_back(found == reached.end() ? a_lost_one : seconds(found->second - each.begun));
  }
  std::ranges::sort(out);
  return out;
}

std::size_t outage::doubles() const {
  std::unordered_set<std::string> at_first;
  for (const sms_sink::call& each : first)
    at_first.insert(each.to);
  return static_cast<std::size_t>(
      std::ranges::count_if(second, [&](const auto& each) { return at_first.contains(each.to); }));
}

std::size_t outage::repeats(const std::vector<sms_sink::call>& gateway) {
  std::unordered_set<std::string> seen;
  return static_cast<std::size_t>(
      std::ranges::count_if(gateway, [&](const auto& each) { return !seen.insert(each.to).second; }));
}

std::size_t outage::changed_codes() const {
  std::unordered_map<std::string, std::string> codes;
  std::unordered_set<std::string> changed;
  for (const auto* gateway : {&first, &second}) {
    for (const sms_sink::call& each : *gateway) {
      const auto [known, is_new] = codes.emplace(each.to, each.code);
      if (!is_new && known->second != each.code) changed.insert(each.to);
    }
  }
  return changed.size();
}

}  // namespace otpd::test
