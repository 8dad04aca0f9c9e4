#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "net/connection_caps.hpp"
#include "net/counters.hpp"
#include "net/deadlines.hpp"
#include "net/limits.hpp"
#include "net/message.hpp"
#include "net/response_head.hpp"
#include "net/task_group.hpp"

namespace otpd::net {

// What the sessions of one server on one loop share. Used on the loop's thread only, except for `counted` and
// `tasks`. Sessions own it together with the server: a handler that never ends may keep a session past the
// server's drain.
struct service {
  // Told in plain words what went wrong and has no answer: exceptions, accept errors, failed handshakes.
  // Called on any loop.
  using report_function = std::function<void(std::string_view)>;

  service(loop_executor on, std::unique_ptr<net::handler> answers,
          std::shared_ptr<connection_caps> shared_caps, parser_limits parsing_limits,
          deadline_limits time_limits, clock_function clock, report_function told)
      : executor(on),
        handler(std::move(answers)),
        parsing(parsing_limits),
        times(time_limits),
        caps(std::move(shared_caps)),
        report(told),
        deadlines(on, std::move(clock)),
        tasks(on, std::move(told)) {}

  const loop_executor executor;
  const std::unique_ptr<net::handler> handler;
  const parser_limits parsing;
  const deadline_limits times;
  const std::shared_ptr<connection_caps> caps;
  const report_function report;
  net::deadlines deadlines;
  task_group tasks;
  http_date date;
  counters counted;
  std::size_t turned_away = 0;  // sessions that only say 503
  bool draining = false;        // answers carry Connection: close, idle connections are closed
};

}  // namespace otpd::net
