#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "net/connection_caps.hpp"
#include "net/counters.hpp"
#include "net/deadlines.hpp"
#include "net/limits.hpp"
#include "net/message.hpp"
#include "net/response_head.hpp"
#include "net/task_group.hpp"

namespace otpd::net {

// What the sessions of one server on one loop share. Used on the loop's thread only, except for `counted` and `tasks`.
// Sessions own it together with the server: a handler that never ends may keep a session past the server's drain.
struct service {
  // Told in plain words what went wrong and has no answer: exceptions, accept errors, failed handshakes. Called on any loop.
  using report_function = std::function<void(std::string_view)>;

  loop_executor executor;
  std::unique_ptr<net::handler> handler;
  parser_limits parsing;
  deadline_limits times;
  std::shared_ptr<connection_caps> caps;
  report_function report;
  net::deadlines deadlines;
  task_group tasks;
  http_date date;
  counters counted;
  bool draining = false;  // answers carry Connection: close, idle connections are closed
};

}  // namespace otpd::net
