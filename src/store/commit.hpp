#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "otp/ports.hpp"
#include "task.hpp"

namespace otpd::store {

// One update on its way to the disk. It lives in the frame of the coroutine that waits for it; the writer
// thread reads `set` in between.
struct commit {
  explicit commit(loop_executor executor) : loop(&executor.context()) {}
  commit(const commit&) = delete;
  commit& operator=(const commit&) = delete;

  otp::write_set set;                // empty: only waits for what is before it
  std::uint64_t sequence = 0;        // order of queueing, from 1
  boost::system::error_code result;  // set by the writer
  boost::asio::io_context* loop;
  // Set and called on the loop. Emplaced: assigning to one calls itself for ever in Boost 1.81.
  std::optional<boost::asio::any_completion_handler<void(boost::system::error_code)>> resume;
};

// Hands finished commits back to their loops: one wake-up per loop, however many there are.
void complete_on_loops(std::vector<commit*>& finished);

}  // namespace otpd::store
