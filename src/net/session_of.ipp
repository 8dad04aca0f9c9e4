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
    : stream_(std::move(s)),
      service_(std::move(owner)),
      place_(std::move(place)),
      parser_(service_->parsing),
      in_(session_sizes::usual_input,
          std::max(session_sizes::input_limit, service_->parsing.header_bytes + session_sizes::usual_input)) {
  parser_.request().peer = std::move(peer);
  parser_.request().encrypted = Wire::encrypted;
  service_->deadlines.add(*this);
  service_->counted.connections.fetch_add(1, std::memory_order_relaxed);
}

template <class Wire>
session_of<Wire>::~session_of() {
  service_->counted.connections.fetch_sub(1, std::memory_order_relaxed);
  service_->deadlines.remove(*this);
}

template <class Wire>
task<void> session_of<Wire>::run() {
  expire_at(service_->deadlines.now() + service_->times.handshake);
  const bool opened = co_await Wire::open(stream_);
  never_expire();
  if (!opened) {
    service_->counted.count(refusal::handshake_failed);
    co_return;
  }
  for (step s = advance(); s != step::leave; s = advance()) {
    if (s == step::answer) {
      begin_handling();
      try {
        co_await service_->handler->handle(parser_.request(), response_);
      } catch (const std::exception& e) {
        fail_handler(e.what());
      } catch (...) {
        fail_handler("an exception that is no std::exception");
      }
      finish_answer();
      if (out_.size() < session_sizes::flush_at || flush_now()) continue;
      co_await flush();
      continue;
    }
    offer_continue();
    if (!flush_now()) co_await flush();
    if (!begin_receive()) continue;
    const auto room = in_.prepare();
    const boost::asio::mutable_buffer space(room.data, room.size);
    const auto [ec, n] =
        co_await stream_.async_read_some(space, boost::asio::as_tuple(boost::asio::deferred));
    end_receive(ec, n);
  }
  co_await leave();
}

template <class Wire>
task<void> session_of<Wire>::turn_away() {
  ++service_->turned_away;
  refuse(503, "overloaded", refusal::too_many);
  co_await leave();
  --service_->turned_away;
}

template <class Wire>
typename session_of<Wire>::step session_of<Wire>::advance() {
  if (ending_ != ending::none) return step::leave;
  in_.consume(parser_.put(in_.content()));
  switch (parser_.now()) {
    case request_parser::state::complete:
      return step::answer;
    case request_parser::state::refused:
      break;
    default:
      return step::receive;
  }
  const auto flaw = parser_.flaw();
  const auto why = flaw == request_flaw::header_size ? refusal::header_too_large
                   : flaw == request_flaw::body_size ? refusal::body_too_large
                                                     : refusal::malformed;
  refuse(status_of(flaw), code_of(flaw), why);
  return step::leave;
}

template <class Wire>
void session_of<Wire>::begin_handling() {
  phase_ = phase::handling;
  expire_at(service_->deadlines.now() + service_->times.answer);
  response_.clear();
  auto& requests = service_->counted.requests;  // one writer
  requests.store(requests.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

template <class Wire>
void session_of<Wire>::finish_answer() {
  never_expire();
  // A pipelined request that was already read is answered too, even while draining.
  const bool last = service_->draining && in_.empty();
  const bool keep_alive = parser_.keep_alive() && !response_.close && !last && ending_ == ending::none;
  const answer_form form{parser_.request().method == method::head, parser_.version_1_1(), keep_alive};
  append_answer(out_, response_, form, service_->date.text(std::time(nullptr)));
  parser_.reset();
  deadline_for_ = request_parser::state::start;
  continued_ = false;
  used_ = true;
  if (!keep_alive && ending_ == ending::none) ending_ = ending::orderly;
}

template <class Wire>
void session_of<Wire>::fail_handler(std::string_view what) {
  service_->report(what);
  service_->counted.count(refusal::handler_failed);
  response_.clear();
  service_->handler->refuse(500, "internal_error", response_);
  response_.close = true;
}

// For what never became a request: no method, no version, and the connection ends.
template <class Wire>
void session_of<Wire>::refuse(unsigned status, std::string_view code, refusal why) {
  service_->counted.count(why);
  response_.clear();
  service_->handler->refuse(status, code, response_);
  append_answer(out_, response_, answer_form{false, true, false}, service_->date.text(std::time(nullptr)));
  ending_ = ending::orderly;
}

template <class Wire>
bool session_of<Wire>::is_between_requests() const noexcept {
  return in_.empty() && parser_.now() == request_parser::state::start;
}

// RFC 9110, 10.1.1: once, and not to a client that has begun its body without waiting.
template <class Wire>
void session_of<Wire>::offer_continue() {
  if (continued_ || parser_.now() != request_parser::state::body || !parser_.expects_continue()) return;
  continued_ = true;
  if (in_.empty()) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

// False: there is nothing to wait for, because the connection ends or because bytes are here.
template <class Wire>
bool session_of<Wire>::begin_receive() {
  if (ending_ != ending::none) return false;
  const auto now = service_->deadlines.now();
  if (is_between_requests()) {
    if (service_->draining && used_) {
      if (!has_last_bytes()) ending_ = ending::orderly;
      return false;
    }
    phase_ = phase::idle;
    const std::chrono::nanoseconds wait =
        service_->draining ? session_sizes::drain_idle : service_->times.idle;
    expire_at(now + wait);
    shrink();
    return true;
  }
  phase_ = phase::receiving;
  const auto state = parser_.now() == request_parser::state::body ? request_parser::state::body
                                                                  : request_parser::state::header;
  if (deadline_for_ != state) {
    deadline_for_ = state;
    request_deadline_ =
        now + (state == request_parser::state::body ? service_->times.body : service_->times.header);
  }
  expire_at(request_deadline_);
  return true;
}

template <class Wire>
void session_of<Wire>::end_receive(error_code ec, std::size_t n) {
  never_expire();
  in_.commit(n);
  if (ending_ != ending::none) return;
  if (late_) return refuse(408, "request_timeout", refusal::late);
  const bool woken_to_drain = ec == boost::asio::error::operation_aborted && service_->draining;
  if (ec && !woken_to_drain) ending_ = ending::broken;
}

// While draining, before an idle connection is closed: has a request arrived in this very moment?
template <class Wire>
bool session_of<Wire>::has_last_bytes() {
  error_code ec;
  const auto room = in_.prepare();
  const std::size_t n = Wire::read_now(stream_, boost::asio::buffer(room.data, room.size), ec);
  in_.commit(n);
  return n > 0;
}

// True: nothing is left to write (or to hope for). False: the socket is full.
template <class Wire>
bool session_of<Wire>::flush_now() {
  while (sent_ < out_.size()) {
    error_code ec;
    const std::size_t n =
        Wire::write_now(stream_, boost::asio::buffer(out_.data() + sent_, out_.size() - sent_), ec);
    sent_ += n;
    if (ec == boost::asio::error::would_block) return false;
    if (ec) {
      ending_ = ending::broken;
      break;
    }
  }
  out_.clear();
  sent_ = 0;
  return true;
}

template <class Wire>
task<void> session_of<Wire>::flush() {
  phase_ = phase::writing;
  expire_at(service_->deadlines.now() + service_->times.write);
  while (sent_ < out_.size() && ending_ != ending::broken) {
    const boost::asio::const_buffer rest(out_.data() + sent_, out_.size() - sent_);
    const auto [ec, n] =
        co_await stream_.async_write_some(rest, boost::asio::as_tuple(boost::asio::deferred));
    sent_ += n;
    if (ec) ending_ = ending::broken;
  }
  never_expire();
  out_.clear();
  sent_ = 0;
}

template <class Wire>
task<void> session_of<Wire>::leave() {
  if (ending_ != ending::broken && !flush_now()) co_await flush();
  if (ending_ == ending::broken) co_return;
  phase_ = phase::closing;
  expire_at(service_->deadlines.now() + service_->times.linger);
  co_await Wire::close(stream_, in_);
}

template <class Wire>
void session_of<Wire>::shrink() {
  in_.shrink();
  parser_.shrink();
  if (out_.capacity() > session_sizes::usual_output) out_ = {};
  if (response_.body.capacity() > session_sizes::usual_output) response_.body = {};
}

template <class Wire>
void session_of<Wire>::expire() {
  error_code ignored;
  switch (phase_) {
    case phase::receiving:
      late_ = true;
      stream_.lowest_layer().cancel(ignored);
      return;
    case phase::handling:
      service_->counted.count(refusal::answer_late);
      service_->report("a handler is over its deadline: its connection was closed");
      ending_ = ending::broken;
      stream_.lowest_layer().shutdown(boost::asio::socket_base::shutdown_both, ignored);
      return;
    case phase::writing:
      // The peer does not read: the kernel shall not keep the rest for it.
      stream_.lowest_layer().set_option(boost::asio::socket_base::linger(true, 0), ignored);
      break;
    default:
      break;
  }
  abort();
}

template <class Wire>
void session_of<Wire>::wind_down() {
  if (phase_ != phase::idle) return;
  if (!used_) return expire_at(service_->deadlines.now() + session_sizes::drain_idle);
  error_code ignored;
  stream_.lowest_layer().cancel(ignored);
}

template <class Wire>
void session_of<Wire>::abort() {
  ending_ = ending::broken;
  error_code ignored;
  stream_.lowest_layer().close(ignored);
}

}  // namespace otpd::net
