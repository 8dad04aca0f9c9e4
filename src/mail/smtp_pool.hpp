#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "mail/smtp_connection.hpp"
#include "net/wakeup.hpp"

namespace otpd::mail {

// The connections to one mail server, of one loop. Every connection, busy or idle, and every attempt to make
// one holds a slot; who finds no slot waits in a bounded queue, first come, first served.
class smtp_pool {
 public:
  struct bounds {
    std::size_t connections = 4;
    std::size_t waiting = 256;              // messages in the queue
    std::chrono::milliseconds idle{30000};  // an idle connection is closed after that
  };

  // A slot, with a connection in it or not yet. It lives in the frame of the task and goes back to the pool
  // when it is destroyed, the connection being closed unless it is reusable. The pool may be destroyed first.
  class lease : public boost::intrusive::list_base_hook<> {
   public:
    lease() = default;
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease();

    // Null until the slot has a connection.
    [[nodiscard]] smtp_connection* connection() const noexcept { return connection_.get(); }
    void put(std::unique_ptr<smtp_connection> connection) noexcept { connection_ = std::move(connection); }

   private:
    friend class smtp_pool;
    smtp_pool* pool_ = nullptr;
    std::unique_ptr<smtp_connection> connection_;
  };

  // `deadlines` outlives the pool.
  smtp_pool(loop_executor loop, net::client_deadlines& deadlines, bounds limits);
  smtp_pool(const smtp_pool&) = delete;
  smtp_pool& operator=(const smtp_pool&) = delete;
  ~smtp_pool();

  // A slot, with an idle connection that is alive if there is one. False if all are taken and the queue is
  // full, `deadline` came first or the pool is closed.
  task<bool> take(lease& out, net::steady_time deadline);
  // Takes leave on idle connections and wakes all who wait; no lease is given any more, and what comes back
  // is closed.
  void close() noexcept;

 private:
  struct waiter;

  bool try_take(lease& out);
  void hand_out(lease& to, std::unique_ptr<smtp_connection> connection) noexcept;
  void take_back(lease& from) noexcept;

  loop_executor loop_;
  net::client_deadlines& deadlines_;
  bounds bounds_;
  std::vector<std::unique_ptr<smtp_connection>> idle_;  // the last used at the end
  std::size_t slots_ = 0;
  net::wakeup::list waiting_;  // all are waiters
  boost::intrusive::list<lease> leases_;
  bool closed_ = false;
};

}  // namespace otpd::mail
