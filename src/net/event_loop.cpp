#include "net/event_loop.hpp"

#include <pthread.h>

#include <string>

namespace otpd::net {

event_loop::event_loop(std::size_t index) : index_(index), context_(1), work_(context_.get_executor()) {}

event_loop::~event_loop() {
  stop();
  join();
}

void event_loop::start() {
  thread_ = std::thread([this] { context_.run(); });
  const std::string name = "loop-" + std::to_string(index_);
  pthread_setname_np(thread_.native_handle(), name.c_str());
}

void event_loop::stop() {
  context_.stop();
}

void event_loop::join() {
  if (thread_.joinable()) thread_.join();
}

event_loops::event_loops(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    loops_.push_back(std::make_unique<event_loop>(i));
}

void event_loops::start() {
  for (auto& loop : loops_)
    loop->start();
}

void event_loops::stop() {
  for (auto& loop : loops_)
    loop->stop();
}

void event_loops::join() {
  for (auto& loop : loops_)
    loop->join();
}

}  // namespace otpd::net
