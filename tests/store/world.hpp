#pragma once

// A store with its clock, its observer and a few event loops, and the verbs that tests speak.

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "otp/error.hpp"
#include "store/engine.hpp"
#include "store/scratch.hpp"

namespace otpd::store::test {

using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::int64_t year_ms = 365 * day_ms;
constexpr auto patience = 10s;  // far beyond what anything here takes

// Time that stands still until it is told.
class fake_time final : public time_source {
 public:
  [[nodiscard]] std::int64_t wall_ms() const noexcept override { return wall_; }
  [[nodiscard]] std::int64_t boot_ms() const noexcept override { return boot_; }
  void pass(std::int64_t ms) { wall_ += ms, boot_ += ms; }
  void jump(std::int64_t ms) { wall_ += ms; }
  void reboot() { boot_ = 0; }

 private:
  std::atomic<std::int64_t> wall_{1'700'000'000'000};
  std::atomic<std::int64_t> boot_{5'000'000};
};

// Threads, each with its own loop.
class loop_threads {
 public:
  explicit loop_threads(std::size_t count = 1);
  ~loop_threads();

  [[nodiscard]] boost::asio::io_context& operator[](std::size_t i) { return one_[i]->context; }
  // Runs a task on a loop and waits for it here.
  template <class T>
  T run(task<T> work, std::size_t loop = 0) {
    return boost::asio::co_spawn(one_[loop]->context, std::move(work), boost::asio::use_future).get();
  }

 private:
  struct one {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<loop_executor> work{context.get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<one>> one_;
};

// Remembers what the engine said.
class event_log final : public observer {
 public:
  void on_commit(std::size_t updates, std::chrono::nanoseconds) override;
  void on_event(std::string_view text) override;

  // Waits until `count` events contain `text`.
  [[nodiscard]] bool saw(std::string_view text, std::size_t count = 1);
  [[nodiscard]] std::size_t count(std::string_view text);
  // Waits for a commit after this call.
  [[nodiscard]] bool next_commit();

  std::atomic<std::size_t> groups{0};
  std::atomic<std::size_t> updates{0};
  std::atomic<std::size_t> largest{0};
  std::function<void()> at_commit;  // called on the writer thread

 private:
  std::size_t count_locked(std::string_view text) const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

// A transition made of a function.
class step final : public otp::transition {
 public:
  using body = std::function<void(std::optional<std::string_view>, otp::write_set&)>;
  explicit step(body run) : run_(std::move(run)) {}
  void apply(std::optional<std::string_view> current, otp::write_set& out) override {
    ++runs;
    run_(current, out);
  }
  int runs = 0;

 private:
  body run_;
};

[[nodiscard]] otp::record_key key(std::uint64_t number, otp::table table = otp::table::recipients);

// Sets `key` to a text; counts one up in `key`.
[[nodiscard]] task<error_code> put(otp::store& store, otp::record_key key, std::string text,
                                   otp::instant expires = otp::never);
[[nodiscard]] task<error_code> increment(otp::store& store, otp::record_key key);
[[nodiscard]] task<error_code> run_step(otp::store& store, otp::record_key key, step& one);
[[nodiscard]] std::uint64_t number_in(std::optional<std::string_view> value);

class world {
 public:
  explicit world(std::size_t loops = 1, const std::filesystem::path& root = std::filesystem::current_path());
  ~world();

  // As the engine's constructor.
  void open();
  void close() { engine_.reset(); }
  [[nodiscard]] engine& store() { return *engine_; }

  error_code put(std::uint64_t number, std::string text, otp::instant expires = otp::never);
  error_code increment(std::uint64_t number) { return loops.run(test::increment(*engine_, key(number))); }
  error_code update(std::uint64_t number, step& one) {
    return loops.run(run_step(*engine_, key(number), one));
  }
  // "-" if there is none; "!" if the store fails.
  [[nodiscard]] std::string get(std::uint64_t number, otp::table table = otp::table::recipients);
  [[nodiscard]] otp::instant now() const { return clock->now().now; }
  // Waits until the idle mark has come to now.
  [[nodiscard]] bool mark_is_now() const;

  scratch dir;
  fake_time time;
  engine::settings settings;
  event_log log;
  std::unique_ptr<life_clock> clock;
  loop_threads loops;

 private:
  std::unique_ptr<engine> engine_;
};

// What a call throws as its store_error's exit code; 0 if it does not.
template <class F>
int exit_code_of(F call) {
  try {
    call();
  } catch (const store_error& error) {
    return error.exit_code;
  }
  return 0;
}

}  // namespace otpd::store::test
