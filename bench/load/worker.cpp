#include "worker.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace otpd::bench {
namespace {

constexpr std::uint64_t ms = 1'000'000;
constexpr std::uint64_t check_every_ns = 100 * ms;
constexpr std::uint64_t poll_parked_ns = ms / 10;
constexpr std::uint64_t backlog_grace_ns = 3'000 * ms;

}  // namespace

struct worker::connection {
  descriptor socket;
  bool busy = false;
  bool parked = false;
  job current;
  std::uint64_t intended_ns = 0;
  std::uint64_t asked_ns = 0;  // when the request was sent or the wait for the message began
  std::size_t input_size = 0;
  std::array<char, request_room> output;
  std::array<char, 4096> input;
};

std::uint64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

worker::worker(const sockaddr_in& server, std::size_t connections, plan& work)
    : server_(server), plan_(work), epoll_(make_epoll()), reopens_left_(connections + 1000) {
  for (std::size_t i = 0; i < connections; i++) {
    auto made = std::make_unique<connection>();
    made->socket = connect_to(server_);
    watch(epoll_, made->socket.get(), made.get());
    free_.push_back(made.get());
    connections_.push_back(std::move(made));
  }
}

worker::~worker() = default;

void worker::run(const schedule& when) {
  when_ = when;
  due_ns_ = when.start_ns + when.offset_ns;
  std::this_thread::sleep_until(
      std::chrono::steady_clock::time_point{std::chrono::nanoseconds{when.start_ns}});
  if (when_.interval_ns == 0) {
    const std::deque<connection*> all = std::move(free_);
    free_.clear();
    for (connection* one : all)
      begin_next(*one, now_ns());
  }
  for (std::uint64_t now = now_ns(); under_way_ > 0 || has_more(now); now = now_ns()) {
    if (has_due()) begin_due(now);
    if (!parked_.empty()) poll_parked(now);
    if (now >= next_check_ns_) find_overdue(now);
    if (has_due() && now > when_.stop_ns + backlog_grace_ns) give_up_unsent(now);
    wait(now);
  }
  plan_.finish(result_.counts);
}

bool worker::has_due() const {
  return when_.interval_ns != 0 && due_ns_ < when_.stop_ns && !exhausted_ && reopens_left_ > 0;
}

bool worker::has_more(std::uint64_t now) const {
  return has_due() || (when_.interval_ns == 0 && now < when_.stop_ns && !exhausted_ && reopens_left_ > 0);
}

void worker::begin_due(std::uint64_t now) {
  while (due_ns_ <= now && due_ns_ < when_.stop_ns && !free_.empty()) {
    connection& on = *free_.front();
    if (!plan_.next(on.current)) {
      exhausted_ = true;
      return;
    }
    free_.pop_front();
    begin(on, due_ns_, now);
    due_ns_ += when_.interval_ns;
  }
}

void worker::begin_next(connection& on, std::uint64_t now) {
  if (when_.interval_ns == 0 && now < when_.stop_ns) {
    if (plan_.next(on.current)) return begin(on, now, now);
    exhausted_ = true;
  }
  free_.push_back(&on);
}

void worker::begin(connection& on, std::uint64_t intended, std::uint64_t now) {
  on.busy = true;
  on.intended_ns = intended;
  under_way_++;
  send_request(on, now);
}

void worker::send_request(connection& on, std::uint64_t now) {
  on.asked_ns = now;
  on.input_size = 0;
  if (!on.socket.is_open() && !reopen(on)) return fail(on, result_.counts.broken_connections);
  const std::size_t size = plan_.compose(on.current, on.output.data());
  const ssize_t sent = send(on.socket.get(), on.output.data(), size, MSG_NOSIGNAL);
  // A request is far smaller than an empty socket buffer, so a part of one means a broken connection too.
  if (sent != static_cast<ssize_t>(size)) fail(on, result_.counts.broken_connections);
}

bool worker::reopen(connection& on) {
  if (reopens_left_ == 0) return false;
  reopens_left_--;
  try {
    on.socket = connect_to(server_);
    watch(epoll_, on.socket.get(), &on);
  } catch (const std::system_error&) {
    on.socket.reset();
    return false;
  }
  result_.counts.reopened++;
  return true;
}

void worker::wait(std::uint64_t now) {
  std::uint64_t until = next_check_ns_;
  if (has_due() && !free_.empty()) until = std::min(until, due_ns_);
  if (!parked_.empty()) until = std::min(until, now + poll_parked_ns);
  const std::uint64_t left = until > now ? until - now : 0;
  const timespec timeout{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
  std::array<epoll_event, 256> events;
  const int count =
      epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  for (int i = 0; i < count; i++) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    on_event(*static_cast<connection*>(event.data.ptr), event.events);
  }
}

void worker::on_event(connection& on, std::uint32_t events) {
  const bool peer_closes = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (!on.busy || on.parked) {
    if (peer_closes) on.socket.reset();
    return;
  }
  for (;;) {
    const std::size_t room = on.input.size() - on.input_size;
    const ssize_t got = recv(on.socket.get(), on.input.data() + on.input_size, room, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return fail(on, result_.counts.broken_connections);
    on.input_size += static_cast<std::size_t>(got);
    http_text answer;
    const framing state = frame({on.input.data(), on.input_size}, answer);
    if (state == framing::complete && answer.size == on.input_size) return on_answer(on, answer, peer_closes);
    if (state != framing::need_more || on.input_size == on.input.size()) {
      return fail(on, result_.counts.unreadable_answers);
    }
    if (static_cast<std::size_t>(got) < room && !peer_closes) return;
  }
}

void worker::on_answer(connection& on, const http_text& answer, bool peer_closes) {
  const int status = answer.status();
  if (status < 100 || status > 599) return fail(on, result_.counts.unreadable_answers);
  result_.counts.statuses[static_cast<std::size_t>(status)]++;
  const verdict said = plan_.judge(on.current, answer, result_.counts);
  if (answer.closes || peer_closes) on.socket.reset();
  switch (said) {
    case verdict::finished:
      end(on, now_ns());
      break;
    case verdict::follow_up:
      send_request(on, now_ns());
      break;
    case verdict::await_message:
      on.asked_ns = now_ns();
      on.parked = true;
      parked_.push_back(&on);
      break;
  }
}

void worker::end(connection& on, std::uint64_t now) {
  const bool within = now >= when_.measure_ns && now < when_.stop_ns;
  if (within) {
    result_.completed++;
    result_.last_ns = now;
  }
  if (when_.interval_ns == 0 ? within : on.intended_ns >= when_.measure_ns) {
    result_.latency.record(now - on.intended_ns);
  }
  on.busy = false;
  under_way_--;
  begin_next(on, now);
}

void worker::fail(connection& on, std::uint64_t& count) {
  count++;
  on.socket.reset();
  on.busy = false;
  under_way_--;
  // Not begin_next(): what fails at once would recurse. find_overdue() takes it up again.
  free_.push_back(&on);
}

void worker::poll_parked(std::uint64_t now) {
  for (std::size_t i = 0; i < parked_.size();) {
    connection& on = *parked_[i];
    const bool here = plan_.ready(on.current);
    if (!here && now - on.asked_ns < when_.patience_ns) {
      i++;
      continue;
    }
    parked_[i] = parked_.back();
    parked_.pop_back();
    on.parked = false;
    if (here) {
      send_request(on, now);
    } else {
      fail(on, result_.counts.missing_messages);
    }
  }
}

void worker::find_overdue(std::uint64_t now) {
  next_check_ns_ = now + check_every_ns;
  for (const auto& on : connections_) {
    if (on->busy && !on->parked && now > on->asked_ns + when_.patience_ns) fail(*on, result_.counts.timeouts);
  }
  if (when_.interval_ns != 0 || now >= when_.stop_ns) return;
  const std::deque<connection*> idle = std::move(free_);
  free_.clear();
  for (connection* on : idle)
    begin_next(*on, now);
}

void worker::give_up_unsent(std::uint64_t now) {
  for (; due_ns_ < when_.stop_ns; due_ns_ += when_.interval_ns) {
    result_.counts.unsent++;
    result_.latency.record(now - due_ns_);
  }
}

}  // namespace otpd::bench
