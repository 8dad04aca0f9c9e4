#pragma once

#include <boost/asio/error.hpp>
#include <ctime>
#include <exception>
#include <utility>

#include "net/session_of.hpp"

namespace otpd::net {
template <class Wire>
session_of<Wire>::session_of(stream s, boost::asio::ip::address peer, std::shared_ptr<service> owner,
                             connection_caps::ticket place)
    : x_stream(std::move(s)),
      x_service(std::move(owner)),
      x_place(std::move(place)),
      x_parser(x_service->parsing),
      x_in(session_sizes::usual_input, std::max(session_sizes::input_limit, x_service->parsing.header_bytes +
                                                                                session_sizes::usual_input)) {
  x_parser.request().peer = std::move(peer);
  x_parser.request().encrypted = Wire::encrypted;
  x_service->deadlines.add(*this);
  x_service->counted.connections.fetch_add(1, std::memory_order_relaxed);
}

template <class Wire>
session_of<Wire>::~session_of() {
  x_service->counted.connections.fetch_sub(1, std::memory_order_relaxed);
  x_service->deadlines.remove(*this);
}

template <class Wire>
task<void> session_of<Wire>::run() {
  expire_at(x_service->deadlines.now() + x_service->times.handshake);
  const bool opened = co_await Wire::open(x_stream);
  never_expire();
  if (!opened) {
    x_service->counted.count(refusal::handshake_failed);
    co_return;
  }
  for (step s = advance(); s != step::leave; s = advance()) {
    if (s == step::answer) {
      begin_handling();
      try {
        co_await x_service->handler->handle(x_parser.request(), x_response);
      } catch (const std::exception& e) {
        fail_handler(e.what());
      } catch (...) {
        fail_handler("an exception that is no std::exception");
      }
      finish_answer();
      if (x_out.size() < session_sizes::flush_at || flush_now()) continue;
      co_await flush();
      continue;
    }
    offer_continue();
    if (!flush_now()) co_await flush();
    if (!begin_receive()) continue;
    const auto room = x_in.prepare();
    const boost::asio::mutable_buffer space(room.data, room.size);
    const auto [ec, n] =
        co_await x_stream.async_read_some(space, boost::asio::as_tuple(boost::asio::deferred));
    end_receive(ec, n);
  }
  co_await leave();
}

template <class Wire>
task<void> session_of<Wire>::turn_away() {
  ++x_service->turned_away;
  refuse(503, "overloaded", refusal::too_many);
  co_await leave();
  --x_service->turned_away;
}

template <class Wire>
typename session_of<Wire>::step session_of<Wire>::advance() {
  if (x_ending != ending::none) return step::leave;
  x_in.consume(x_parser.put(x_in.content()));
  switch (x_parser.now()) {
    case request_parser::state::complete:
      return step::answer;
    case request_parser::state::refused:
      break;
    default:
      return step::receive;
  }
  const auto flaw = x_parser.flaw();
  const auto why = flaw == request_flaw::header_size ? refusal::header_too_large
                   : flaw == request_flaw::body_size ? refusal::body_too_large
                                                     : refusal::malformed;
  refuse(status_of(flaw), code_of(flaw), why);
  return step::leave;
}

template <class Wire>
void session_of<Wire>::begin_handling() {
  x_phase = phase::handling;
  expire_at(x_service->deadlines.now() + x_service->times.answer);
  x_response.clear();
  auto& requests = x_service->counted.requests;  // one writer
  requests.store(requests.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

template <class Wire>
void session_of<Wire>::finish_answer() {
  never_expire();
  // A pipelined request that was already read is answered too, even while draining.
  const bool last = x_service->draining && x_in.empty();
  const bool keep_alive = x_parser.keep_alive() && !x_response.close && !last && x_ending == ending::none;
  const answer_form form{x_parser.request().method == method::head, x_parser.version_1_1(), keep_alive};
  append_answer(x_out, x_response, form, x_service->date.text(std::time(nullptr)));
  x_parser.reset();
  x_deadline_for = request_parser::state::start;
  x_continued = false;
  x_used = true;
  if (!keep_alive && x_ending == ending::none) x_ending = ending::orderly;
}

template <class Wire>
void session_of<Wire>::fail_handler(std::string_view what) {
  x_service->report(what);
  x_service->counted.count(refusal::handler_failed);
  x_response.clear();
  x_service->handler->refuse(500, "internal_error", x_response);
  x_response.close = true;
}

// For what never became a request: no method, no version, and the connection ends.
template <class Wire>
void session_of<Wire>::refuse(unsigned status, std::string_view code, refusal why) {
  x_service->counted.count(why);
  x_response.clear();
  x_service->handler->refuse(status, code, x_response);
  append_answer(x_out, x_response, answer_form{false, true, false}, x_service->date.text(std::time(nullptr)));
  x_ending = ending::orderly;
}

template <class Wire>
bool session_of<Wire>::is_between_requests() const noexcept {
  return x_in.empty() && x_parser.now() == request_parser::state::start;
}

// RFC 9110, 10.1.1: once, and not to a client that has begun its body without waiting.
template <class Wire>
void session_of<Wire>::offer_continue() {
  if (x_continued || x_parser.now() != request_parser::state::body || !x_parser.expects_continue()) return;
  x_continued = true;
  if (x_in.empty()) x_out.append("HTTP/1.1 100 Continue\r\n\r\n");
}

// False: there is nothing to wait for, because the connection ends or because bytes are here.
template <class Wire>
bool session_of<Wire>::begin_receive() {
  if (x_ending != ending::none) return false;
  const auto now = x_service->deadlines.now();
  if (is_between_requests()) {
    if (x_service->draining && x_used) {
      if (!has_last_bytes()) x_ending = ending::orderly;
      return false;
    }
    x_phase = phase::idle;
    const std::chrono::nanoseconds wait =
        x_service->draining ? session_sizes::drain_idle : x_service->times.idle;
    expire_at(now + wait);
    shrink();
    return true;
  }
  x_phase = phase::receiving;
  const auto state = x_parser.now() == request_parser::state::body ? request_parser::state::body
                                                                   : request_parser::state::header;
  if (x_deadline_for != state) {
    x_deadline_for = state;
    x_request_deadline =
        now + (state == request_parser::state::body ? x_service->times.body : x_service->times.header);
  }
  expire_at(x_request_deadline);
  return true;
}

template <class Wire>
void session_of<Wire>::end_receive(error_code ec, std::size_t n) {
  never_expire();
  x_in.commit(n);
  if (x_ending != ending::none) return;
  if (x_late) return refuse(408, "request_timeout", refusal::late);
  const bool woken_to_drain = ec == boost::asio::error::operation_aborted && x_service->draining;
  if (ec && !woken_to_drain) x_ending = ending::broken;
}

// While draining, before an idle connection is closed: has a request arrived in this very moment?
template <class Wire>
bool session_of<Wire>::has_last_bytes() {
  error_code ec;
  const auto room = x_in.prepare();
  const std::size_t n = Wire::read_now(x_stream, boost::asio::buffer(room.data, room.size), ec);
  x_in.commit(n);
  return n > 0;
}

// True: nothing is left to write (or to hope for). False: the socket is full.
template <class Wire>
bool session_of<Wire>::flush_now() {
  while (x_sent < x_out.size()) {
    error_code ec;
    const std::size_t n =
        Wire::write_now(x_stream, boost::asio::buffer(x_out.data() + x_sent, x_out.size() - x_sent), ec);
    x_sent += n;
    if (ec == boost::asio::error::would_block) return false;
    if (ec) {
      x_ending = ending::broken;
      break;
    }
  }
  x_out.clear();
  x_sent = 0;
  return true;
}

template <class Wire>
task<void> session_of<Wire>::flush() {
  x_phase = phase::writing;
  expire_at(x_service->deadlines.now() + x_service->times.write);
  while (x_sent < x_out.size() && x_ending != ending::broken) {
    const boost::asio::const_buffer rest(x_out.data() + x_sent, x_out.size() - x_sent);
    const auto [ec, n] =
        co_await x_stream.async_write_some(rest, boost::asio::as_tuple(boost::asio::deferred));
    x_sent += n;
    if (ec) x_ending = ending::broken;
  }
  never_expire();
  x_out.clear();
  x_sent = 0;
}

template <class Wire>
task<void> session_of<Wire>::leave() {
  if (x_ending != ending::broken && !flush_now()) co_await flush();
  if (x_ending == ending::broken) co_return;
  x_phase = phase::closing;
  expire_at(x_service->deadlines.now() + x_service->times.linger);
  co_await Wire::close(x_stream, x_in);
}

template <class Wire>
void session_of<Wire>::shrink() {
  x_in.shrink();
  x_parser.shrink();
  if (x_out.capacity() > session_sizes::usual_output) x_out = {};
  if (x_response.body.capacity() > session_sizes::usual_output) x_response.body = {};
}

template <class Wire>
void session_of<Wire>::expire() {
  error_code ignored;
  switch (x_phase) {
    case phase::receiving:
      x_late = true;
      x_stream.lowest_layer().cancel(ignored);
      return;
    case phase::handling:
      x_service->counted.count(refusal::answer_late);
      x_service->report("a handler is over its deadline: its connection was closed");
      x_ending = ending::broken;
      x_stream.lowest_layer().shutdown(boost::asio::socket_base::shutdown_both, ignored);
      return;
    case phase::writing:
      // The peer does not read: the kernel shall not keep the rest for it.
      x_stream.lowest_layer().set_option(boost::asio::socket_base::linger(true, 0), ignored);
      break;
    default:
      break;
  }
  abort();
}

template <class Wire>
void session_of<Wire>::wind_down() {
  if (x_phase != phase::idle) return;
  if (!x_used) return expire_at(x_service->deadlines.now() + session_sizes::drain_idle);
  error_code ignored;
  x_stream.lowest_layer().cancel(ignored);
}

template <class Wire>
void session_of<Wire>::abort() {
  x_ending = ending::broken;
  error_code ignored;
  x_stream.lowest_layer().close(ignored);
}

}  // namespace otpd::net
