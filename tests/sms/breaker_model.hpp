#pragma once

// What RELIABILITY S1 says, read literally: time passes in steps of 100 ms, every call is kept, and
// everything is counted anew each time. Not how circuit_breaker does it.

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace otpd::sms {

struct breaker_model {
  enum kind { closed, half_open, open };  // numbered as breaker_state is
  struct seen {
    long at;
    bool failed, slow;
  };
  static constexpr long step = 100, lost_after = 20'000, minute = 60'000;

  kind state = closed;
  long now = 0, until = 0, clean = 0, not_before = 0, n = 0, generation = 0, next_id = 0, given = 0, won = 0;
  int row = 0;                  // failures in a row
  std::vector<seen> calls;      // since it closed
  std::map<long, long> probes;  // those under way: when each was given
  double random = 0.5;          // of the last probe, should it be lost

  void move(kind to) {
    state = to;
    ++generation;
    calls.clear();
    probes.clear();
    row = given = won = clean = 0;
  }
  void reopen(double r) {
    if (5'000 * std::pow(2, n - 1) < 300'000) ++n;
    const double base = std::min(5'000 * std::pow(2, n - 1), 300'000.0);
    until = std::max(now + std::lround(base + base * (r - 0.5) * 0.4), not_before);
    move(open);
  }
  void pass(long ms) {
    for (long end = now + ms; now < end;) {
      now += step;
      if (state == closed && (clean += step) % minute == 0 && n > 0) --n;
      if (state == half_open &&
          std::any_of(probes.begin(), probes.end(), [&](auto& p) { return now >= p.second + lost_after; }))
        reopen(random);
      if (state == open && now >= until) move(half_open);
    }
  }
  // The probe's name, 0 for a call while closed, -1 for no.
  long admit(double r) {
    if (state == closed) return 0;
    if (state == open || given == 3) return -1;
    random = r;
    ++given;
    probes[++next_id] = now;
    return next_id;
  }
  void record(long of_generation, long probe, char result, bool slow, long retry_after, double r) {
    if (of_generation != generation || (state == half_open && !probes.contains(probe))) return;
    if (result == 'n') given -= state == half_open ? static_cast<long>(probes.erase(probe)) : 0;
    if (result == 'n') return;
    not_before = result == 's' ? 0 : std::max(not_before, now + retry_after);
    if (state == half_open) {
      probes.erase(probe);
      if (result == 'f') return reopen(r);
      if (++won == 3) not_before = 0, move(closed);
      return;
    }
    calls.push_back({now, result == 'f', slow});
    row = result == 'f' ? row + 1 : 0;
    long all = 0, failed = 0, slowed = 0;
    for (const seen& each : calls) {
      if (each.at / 1000 <= now / 1000 - 10) continue;
      ++all, failed += each.failed, slowed += each.slow;
    }
    if (row >= 5 || (all >= 20 && (2 * failed >= all || 5 * slowed >= 4 * all))) reopen(r);
  }
};

}  // namespace otpd::sms
