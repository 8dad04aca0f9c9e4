#pragma once

// The rules a second time, as plainly as they can be said: nothing is ever dropped, a bucket is a level, a
// ledger remembers each event. What the real ones do must agree with it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "otp/profile.hpp"
#include "otp/record.hpp"
#include "otp/time.hpp"

namespace otpd::otp::test {

// A vessel that drips full; a request is `interval` microseconds wide.
class level {
 public:
  explicit level(const rate& limit);
  [[nodiscard]] bool has_one(instant now) const;
  void take(instant now);
  void give_back(instant now);

 private:
  [[nodiscard]] std::int64_t content(instant now) const;

  std::int64_t interval_;
  std::int64_t full_;
  std::int64_t content_;
  instant at_{};
};

// When something happened. For any two moments no more of it lies between them than the rate allows.
class ledger {
 public:
  void note(instant now) { times_.push_back(now); }
  void take_back() { times_.pop_back(); }
  void clear() { times_.clear(); }
  [[nodiscard]] bool obeys(const rate& limit) const;

 private:
  std::vector<instant> times_;
};

class model {
 public:
  struct entry {
    std::size_t profile = 0;
    std::string purpose;
    std::uint32_t tag = 0;
    std::uint32_t epoch = 0;
    instant expires{};
    instant last_send{};
    int wrong = 0;
    int sends = 0;
    int uncounted = 0;        // of these, those that nobody knows to have left and that were sent again
    bool is_unknown = false;  // the newest one is such
    int approvals = 0;
    status state = status::pending;
  };

  // Both outlive it.
  model(const std::vector<profile>& profiles, const rate& per_day);

  // What a request must come to: "ok", "right", "wrong", or the refusal. issue(): the verification that was
  // sent goes to `sent`.
  std::string issue(std::size_t profile, const std::string& purpose, std::uint32_t tag, std::uint64_t nonce,
                    const moment& at, std::uint64_t& sent);
  std::string resend(std::uint64_t nonce, const moment& at);
  std::string check(std::uint64_t nonce, bool right, const moment& at);
  std::string cancel(std::uint64_t nonce, const moment& at);
  // The last send, just now, never left.
  // Nobody knows whether the newest send has left.
  void lose_send(std::uint64_t nonce) { all_.at(nonce).is_unknown = true; }
  void take_back_send(std::uint64_t nonce, const moment& at);
  void unlock(std::optional<std::size_t> profile);

  [[nodiscard]] status state(std::uint64_t nonce, const moment& at) const;
  [[nodiscard]] const std::map<std::uint64_t, entry>& all() const { return all_; }
  // What is true after every step; empty, or what is wrong.
  [[nodiscard]] std::string broken(std::uint64_t nonce) const;

 private:
  struct budget {
    level sends;
    level failures;
    int in_a_row = 0;
    instant next_send{};
    ledger sent;
    ledger failed;
  };

  [[nodiscard]] budget& budget_of(std::size_t profile, const std::string& purpose);
  std::string send(std::uint64_t nonce, budget& of, const moment& at);
  [[nodiscard]] std::string no_send(const budget& of, const profile& policy, const moment& at) const;

  const std::vector<profile>& profiles_;
  rate per_day_;
  level day_;
  ledger sent_;
  std::map<std::uint64_t, entry> all_;
  std::map<std::pair<std::size_t, std::string>, budget> budgets_;
};

}  // namespace otpd::otp::test
