#include "system/drain_load.hpp"

#include "system/recipients.hpp"

namespace otpd::test {

drain_load::drain_load(std::uint16_t port, int first_number, int clients)
    : x_port(port), x_next(first_number) {
  for (int i = 0; i < clients; ++i) {
    if (i % 2 == 0) {
      x_threads.emplace_back([this] { keep_connection(); });
    } else {
      x_threads.emplace_back([this] { make_connections(); });
    }
  }
}

drain_load::result drain_load::finish() {
  x_threads.clear();
  return std::move(x_result);
}

void drain_load::keep_connection() {
  http_connection connection(x_port);
  bool is_new = true;
  while (connection.is_open() && ask_on(connection, is_new))
    is_new = false;
}

void drain_load::make_connections() {
  for (;;) {
    http_connection connection(x_port);
    if (!connection.is_open() || !ask_on(connection, true)) return;
  }
}

bool drain_load::ask_on(http_connection& connection, bool is_new) {
  const std::string to = phone_number(x_next++);
  bool sent = false;
  const http_answer answer = connection.exchange(issue_request(to), &sent);
  if (sent) count(answer, to, is_new);
  return sent && answer.status == 201 && !answer.closes();
}

void drain_load::count(const http_answer& answer, const std::string& to, bool is_new) {
  using how = http_answer::how;
  const std::lock_guard lock(x_mutex);
  if (answer.came == how::whole) {
    if (answer.status == 201) {
      ++x_result.answered;
      x_result.ids.push_back(answer.text("id"));
      ++x_answered;
    } else {
      ++(answer.status == 503 ? x_result.refused : x_result.other);
    }
    return;
  }
  x_result.unanswered.push_back(to);
  if (answer.came == how::closed) {
    ++(is_new ? x_result.closed_new : x_result.closed_idle);
  } else {
    ++(is_new && answer.came == how::reset ? x_result.reset_new : x_result.broken);
  }
}

}  // namespace otpd::test
