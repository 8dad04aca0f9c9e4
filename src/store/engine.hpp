#pragma once

#include <atomic>
#include <bitset>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "otp/ports.hpp"
#include "store/commit.hpp"
#include "store/database.hpp"
#include "store/overlay.hpp"

namespace otpd::store {

// What the engine tells the outside. Called on the writer thread.
class observer {
 public:
  virtual ~observer() = default;
  // A group became durable: how many updates it held, and how long the write took.
  virtual void on_commit(std::size_t updates, std::chrono::nanoseconds took) = 0;
  // The store failed, was reopened, or lost state; one line each.
  virtual void on_event(std::string_view text) = 0;
};

// The RocksDB engine. Transitions run on the caller's thread under their key's shard lock and see the newest
// pending value; one writer thread drains the queue into one batch and one sync per group, then wakes each
// event loop once.
//
// A failed write poisons the store: everything queued fails, and so does every update until the writer has
// closed and reopened the database, which it tries each second (RELIABILITY S8: never Resume()). After
// `reopen_limit` failures `on_fatal` is called, once, on the writer thread: the supervisor must restart the
// process.
class engine final : public otp::store {
 public:
  struct settings {
    options store;
    std::array<std::uint8_t, 32> key_check{};
    bool accept_restore = false;
    bool clock_confirmed = false;
    std::size_t max_queued = 65'536;  // commits waiting; beyond it updates fail with errc::overloaded
    unsigned reopen_limit = 60;
    std::function<void()> on_fatal;
    std::chrono::milliseconds tick_interval{1000};  // a test ticks faster
    rocksdb::Env* env = rocksdb::Env::Default();    // a test gives a failing disk
  };

  // Opens the store and starts `clock` from its mark. Throws store_error. `clock` and `watch` outlive the
  // engine.
  engine(settings options, life_clock& clock, observer& watch);
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  ~engine() override;

  task<boost::system::result<std::optional<std::string>>> get(otp::record_key key) override;
  task<boost::system::result<void>> update(otp::record_key key, otp::transition& step) override;
  [[nodiscard]] bool has_room() const noexcept override { return has_room_.load(std::memory_order_relaxed); }

  // True while updates are accepted.
  [[nodiscard]] bool is_open() const noexcept { return open_.load(std::memory_order_acquire); }
  [[nodiscard]] recovery recovered() const;
  // Live records of a table, estimated; 0 while closed.
  [[nodiscard]] std::uint64_t estimated_records(otp::table table);
  [[nodiscard]] std::size_t queued() const noexcept { return queued_.load(std::memory_order_relaxed); }
  // Calls `visit(key bytes, payload)` with each live record. For start-up: updates wait. Throws store_error.
  void scan(otp::table table, const std::function<void(std::string_view, std::string_view)>& visit);

  // Commits what is queued, syncs, closes. Updates fail from then on.
  void close();

 private:
  using shard_set = std::bitset<overlay::shard_count>;

  [[nodiscard]] boost::system::error_code stage(const otp::record_key& key, otp::transition& step,
                                                commit& into, bool& wait);
  [[nodiscard]] boost::system::error_code stage_locked(const otp::record_key& key, otp::transition& step,
                                                       commit& into, bool& saw_pending);
  [[nodiscard]] boost::system::result<std::optional<std::string>> read_durable(const otp::record_key& key);
  [[nodiscard]] boost::system::error_code enqueue(commit& one);
  void begin_service();

  void run_writer();
  [[nodiscard]] bool next_group(std::vector<commit*>& group);
  void write_group(std::vector<commit*>& group);
  void finish(std::vector<commit*>& group, boost::system::error_code result);
  void tick();
  void write_idle_mark();
  void poison(const std::string& why);
  void try_reopen();

  settings settings_;
  life_clock& clock_;
  observer& watch_;
  directory directory_;
  std::unique_ptr<database> database_;  // replaced by the writer while it holds every shard lock
  recovery recovered_;
  overlay overlay_;

  mutable std::mutex queue_mutex_;  // guards the queue and recovered_
  std::condition_variable queue_filled_;
  std::vector<commit*> queue_;
  std::uint64_t sequence_ = 0;
  bool writer_waits_ = false;
  bool closing_ = false;

  std::atomic<bool> open_{false};
  std::atomic<bool> has_room_{true};
  std::atomic<std::size_t> queued_{0};
  unsigned reopen_failures_ = 0;
  otp::instant last_write_{};
  std::thread writer_;
};

}  // namespace otpd::store
