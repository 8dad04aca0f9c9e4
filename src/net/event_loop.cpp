#include "net/event_loop.hpp"

#include <pthread.h>

#include <string>

namespace otpd::net {

event_loop::event_loop(std::size_t index) : x_index(index), x_context(1), x_work(x_context.get_executor()) {}

event_loop::~event_loop() {
  stop();
  join();
}

void event_loop::start() {
  x_thread = std::thread([this] { x_context.run(); });
  const std::string name = "loop-" + std::to_string(x_index);
  pthread_setname_np(x_thread.native_handle(), name.c_str());
}

void event_loop::stop() {
  x_context.stop();
}

void event_loop::join() {
  if (x_thread.joinable()) x_thread.join();
}

event_loops::event_loops(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    x_loops.push_back(std::make_unique<event_loop>(i));
}

void event_loops::start() {
  for (auto& loop : x_loops)
    loop->start();
}

void event_loops::stop() {
  for (auto& loop : x_loops)
    loop->stop();
}

void event_loops::join() {
  for (auto& loop : x_loops)
    loop->join();
}

}  // namespace otpd::net
