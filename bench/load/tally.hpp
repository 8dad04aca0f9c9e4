#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace otpd::bench {

// What happened, by kind.
struct tally {
  std::array<std::uint64_t, 600> statuses{};  // answers by HTTP status

  // What the server must never do.
  std::uint64_t wrong_verdicts = 0;       // a wrong code called valid, or a right one called invalid
  std::uint64_t double_approvals = 0;     // a code that worked twice
  std::uint64_t unexpected_statuses = 0;  // another status than the request must have
  std::uint64_t unreadable_answers = 0;   // not HTTP, or without the member that must be there

  // What did not come to an end.
  std::uint64_t broken_connections = 0;  // closed by the server with a request under way, or refused
  std::uint64_t timeouts = 0;            // no answer in time
  std::uint64_t missing_messages = 0;    // issued, but the sink saw no message in time
  std::uint64_t unsent = 0;              // open loop: due, but every connection was busy to the end

  // Good news, and news.
  std::uint64_t approvals = 0;  // right codes called valid
  std::uint64_t refusals = 0;   // wrong codes called invalid
  std::uint64_t repeats = 0;    // used codes refused
  std::uint64_t reopened = 0;   // connections opened again

  // The server was wrong.
  [[nodiscard]] std::uint64_t violations() const {
    return wrong_verdicts + double_approvals + unexpected_statuses + unreadable_answers;
  }
  [[nodiscard]] std::uint64_t failures() const {
    return broken_connections + timeouts + missing_messages + unsent;
  }

  void merge(const tally& other) {
    for (std::size_t i = 0; i < statuses.size(); i++)
      statuses[i] += other.statuses[i];
    wrong_verdicts += other.wrong_verdicts;
    double_approvals += other.double_approvals;
    unexpected_statuses += other.unexpected_statuses;
    unreadable_answers += other.unreadable_answers;
    broken_connections += other.broken_connections;
    timeouts += other.timeouts;
    missing_messages += other.missing_messages;
    unsent += other.unsent;
    approvals += other.approvals;
    refusals += other.refusals;
    repeats += other.repeats;
    reopened += other.reopened;
  }
};

}  // namespace otpd::bench
