#pragma once

#include <atomic>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "auth/password_options.hpp"
#include "auth/refusal.hpp"
#include "crypto/random.hpp"
#include "task.hpp"

namespace otpd::auth {

// Argon2id on threads of its own, so that no event loop waits for it. One for the process; any loop may await
// it and resumes on itself.
class password_hasher {
 public:
  static constexpr std::size_t max_length = 128;  // bytes of a password

  explicit password_hasher(const password_options& options);
  password_hasher(const password_hasher&) = delete;
  password_hasher& operator=(const password_hasher&) = delete;
  // Nothing may be waiting any more, and the loops that have awaited it are still there.
  ~password_hasher();

  // A place among the passwords that are verified or wait for that.
  class place {
   public:
    explicit place(std::atomic<std::size_t>& taken) : taken_(&taken) {}

   private:
    struct release {
      void operator()(std::atomic<std::size_t>* taken) const noexcept { taken->fetch_sub(1); }
    };
    std::unique_ptr<std::atomic<std::size_t>, release> taken_;
  };
  struct verdict {
    bool is_right = false;
    std::string renewed;  // the right password's PHC string under today's options; empty: it is so already
  };

  // Refuses with overloaded.
  [[nodiscard]] outcome<place> reserve();
  // Whether it is the password of `phc`. With an empty `phc` the same work is done and the answer is false,
  // so that nobody learns from the time which accounts have a password. Refuses with overloaded: no memory.
  task<outcome<verdict>> verify(place kept, std::string password, std::string phc);

  // Refuses with overloaded while as many new passwords wait as may. It keeps no place: whoever was told yes
  // may come later, so that no more wait than connections.
  [[nodiscard]] outcome<void> has_room() const;
  // The PHC string of a password of at most max_length bytes under a fresh salt; it waits until there is none
  // to verify. Refuses with overloaded: no memory.
  task<outcome<std::string>> hash(std::string password);

 private:
  // One password on its way through a thread; it lives in the frame of the coroutine that waits for it.
  struct job {
    std::string password;  // wiped by the thread
    std::string phc;       // to verify against
    std::string made;      // what came of hashing
    bool verifies = false;
    bool is_right = false;
    bool has_failed = false;
    boost::asio::io_context* loop = nullptr;
    // Set and called on the loop. Emplaced: assigning to one calls itself for ever in Boost 1.81.
    std::optional<boost::asio::any_completion_handler<void()>> resume;
  };

  task<outcome<void>> run(job& one);
  // The next one, once there is one; nothing at the end.
  [[nodiscard]] job* next();
  void work();
  void do_job(job& one, crypto::random_source& random) const;
  [[nodiscard]] std::string hashed(const std::string& password, crypto::random_source& random) const;

  // Whether it was made with other options.
  [[nodiscard]] bool is_outdated(std::string_view phc) const;

  password_options options_;
  std::string dummy_;                   // what an account without a password is verified against
  std::atomic<std::size_t> places_{0};  // taken
  mutable std::mutex mutex_;            // guards the queues
  std::condition_variable filled_;
  std::deque<job*> to_verify_;
  std::deque<job*> to_hash_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace otpd::auth
