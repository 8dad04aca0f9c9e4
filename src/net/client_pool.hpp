#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "net/client_connection.hpp"
#include "net/client_deadlines.hpp"
#include "net/wakeup.hpp"

namespace otpd::net {

// The connections to one origin, of one loop. Every connection, busy or idle, and every attempt to make one
// holds a slot; who finds no slot waits in a bounded queue, first come, first served.
class client_pool {
 public:
  struct bounds {
    std::size_t waiting = 256;              // calls in the queue
    std::chrono::milliseconds idle{30000};  // an idle connection is closed after that
  };

  // A slot, with a connection in it or not yet. It lives in the frame of the call and goes back to the pool
  // when it is destroyed, the connection being closed unless keep() was called. The pool may be destroyed
  // first.
  class lease : public boost::intrusive::list_base_hook<> {
   public:
    lease() = default;
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease();

    // Null until the slot has a connection.
    [[nodiscard]] client_connection* connection() const noexcept { return connection_.get(); }
    void put(std::unique_ptr<client_connection> connection) noexcept { connection_ = std::move(connection); }
    void keep() noexcept { keep_ = true; }

   private:
    friend class client_pool;
    client_pool* pool_ = nullptr;
    std::unique_ptr<client_connection> connection_;
    bool keep_ = false;
  };

  // `deadlines` outlives the pool.
  client_pool(loop_executor loop, client_deadlines& watch, bounds limits);
  client_pool(const client_pool&) = delete;
  client_pool& operator=(const client_pool&) = delete;
  ~client_pool();

  // An idle connection that is alive, or a free slot while fewer than `max_connections` are taken. False if
  // there is neither.
  bool try_lease(lease& out, std::size_t max_connections);
  // Waits for what others give back. False if the queue is full, `deadline` came first or the pool is closed.
  task<bool> wait_for_lease(lease& out, steady_time deadline);
  // Closes idle connections and wakes all who wait; no lease is given any more, and what comes back is
  // closed.
  void close() noexcept;

 private:
  struct waiter;

  void hand_out(lease& to, std::unique_ptr<client_connection> connection) noexcept;
  void take_back(lease& from) noexcept;

  loop_executor loop_;
  client_deadlines& deadlines_;
  bounds bounds_;
  std::vector<std::unique_ptr<client_connection>> idle_;  // the last used at the end
  std::size_t slots_ = 0;
  wakeup::list waiting_;  // all are waiters
  boost::intrusive::list<lease> leases_;
  bool closed_ = false;
};

}  // namespace otpd::net
