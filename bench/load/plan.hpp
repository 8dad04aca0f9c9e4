#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "http_text.hpp"
#include "mailbox.hpp"
#include "request.hpp"
#include "tally.hpp"

namespace otpd::bench {

enum class step : std::uint8_t {
  post,   // a body to any server
  issue,  // start a verification
  right,  // check the code that was sent
  again,  // check it once more: it must have worked once in all
  wrong,  // check another code
};

// One operation: what latency and throughput count. A round has two requests, all others have one.
struct job {
  std::uint64_t item = 0;  // which number of the run
  step what = step::post;
  verification_id id{};  // of a round
};

enum class verdict : std::uint8_t {
  finished,       // the operation is over, for good or bad
  follow_up,      // compose() the next request of the job
  await_message,  // the same as soon as ready()
};

// What one worker sends and what it expects. Used by one thread; compose() and judge() allocate nothing.
class plan {
 public:
  virtual ~plan() = default;

  // The next operation. False when there is none now; there may be one again after a judge().
  virtual bool next(job& out) = 0;
  // Writes the request to `out`, which has room for request_room bytes, and returns its size.
  virtual std::size_t compose(const job& what, char* out) = 0;
  // Asserts the answer and counts.
  virtual verdict judge(job& what, const http_text& answer, tally& counts) = 0;
  virtual bool ready(const job&) { return true; }
  // After the last answer: asserts what only shows at the end.
  virtual void finish(tally&) {}
};

// Which share of a run a worker has: the items `index`, `index + count`, ... below `limit`.
struct share {
  std::size_t index = 0;
  std::size_t count = 1;
  std::uint64_t first = 0;  // the number of item 0
  std::uint64_t limit = 0;
};

// The verifications that a timed phase of checks uses. `ids` holds zeros where an issue failed.
struct prepared {
  std::vector<verification_id> ids;
  mailbox inbox;

  prepared(std::uint64_t first, std::size_t count) : ids(count), inbox(first, count) {}
};

// How many items get more than the right code.
struct mixture {
  double wrong = 0;   // a wrong code first
  double repeat = 0;  // the right code twice, on two connections at a time
};

// Bodies of an issue's or a check's kind to one path; expects 200.
[[nodiscard]] std::unique_ptr<plan> make_post_plan(const share& mine, const request_form& form);
// Expects 201 and an id. Keeps the ids in `ids` when it is not null.
[[nodiscard]] std::unique_ptr<plan> make_issue_plan(const share& mine, const endpoint& server,
                                                    std::vector<verification_id>* ids);
// Expects 200 and each verdict.
[[nodiscard]] std::unique_ptr<plan> make_check_plan(const share& mine, const endpoint& server,
                                                    const prepared& items, const mixture& mix);
// Issue, wait for the message, check.
[[nodiscard]] std::unique_ptr<plan> make_round_plan(const share& mine, const endpoint& server,
                                                    const mailbox& inbox);

}  // namespace otpd::bench
