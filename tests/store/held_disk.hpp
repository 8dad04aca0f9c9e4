#pragma once

// A world whose disk can hold syncs back: what is queued stays pending until it is released.

#include <boost/asio/post.hpp>
#include <future>

#include "store/faulty_files.hpp"
#include "store/world.hpp"

namespace otpd::store::test {

class held_disk {
 public:
  explicit held_disk(std::size_t loops = 1) : w(loops) { w.settings.env = env.get(); }
  ~held_disk() { files->release(); }

  // Starts an update without waiting for it; returns once its transition has run.
  std::future<error_code> start(std::uint64_t number, step& one, std::size_t loop = 0) {
    auto running =
        boost::asio::co_spawn(w.loops[loop], run_step(w.store(), key(number), one), boost::asio::use_future);
    settle(loop);
    return running;
  }
  // Blocks the writer: from here on every update is pending.
  [[nodiscard]] bool block() {
    files->hold_syncs();
    first_ = start(999'999, filler_);
    return files->holds_one();
  }
  // Everything posted to the loop so far has run.
  void settle(std::size_t loop = 0) {
    std::promise<void> done;
    boost::asio::post(w.loops[loop], [&done] { done.set_value(); });
    done.get_future().wait();
  }

  std::shared_ptr<faulty_files> files = std::make_shared<faulty_files>();
  std::unique_ptr<rocksdb::Env> env = environment_on(files);
  world w;

 private:
  step filler_{[](auto, otp::write_set& out) { out.put(key(999'999), "filler", otp::never); }};
  std::future<error_code> first_;
};

template <class T>
bool is_ready(const std::future<T>& one) {
  return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace otpd::store::test
