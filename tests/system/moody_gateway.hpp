#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace otpd::test {

// What a gateway does with a request.
enum class reply {
  accepted,  // 200
  busy,      // 503 with Retry-After: certainly not taken
  refused,   // 400: certainly not taken
  broken,    // 500: nobody knows
  reset,     // the connection is reset: nobody knows
  silent,    // there is no answer
};

// A request that has come in whole.
struct sms_request {
  int process = 0;  // which of the test's processes has sent it
  std::string to;
  std::string reference;
  std::chrono::steady_clock::time_point at;
  std::chrono::system_clock::time_point at_wall;
  test::reply reply = reply::accepted;
};

// How often, in a thousand; the rest is accepted.
struct gateway_mood {
  int busy = 0;
  int refused = 0;
  int broken = 0;
  int reset = 0;
  int silent = 0;
  std::chrono::milliseconds slowest{0};  // half of the replies come at once, the others after up to this
};

// Plays the provider: a loopback HTTP server that replies as its mood is, and keeps every request with the
// process it came from. It never fails so often in a row that a circuit breaker would take it for dead.
// Thread-safe.
class moody_gateway {
 public:
  // Until open() it is dead: its port is taken, and connections are refused.
  moody_gateway(const gateway_mood& mood, std::uint64_t seed);
  moody_gateway(const moody_gateway&) = delete;
  moody_gateway& operator=(const moody_gateway&) = delete;
  ~moody_gateway();

  void open();
  void change(const gateway_mood& mood);

  // The configuration of a process that queues its messages for this gateway alone. The number is in the
  // URL, so it is known for certain who has sent what, also what was still on its way when its sender ended.
  [[nodiscard]] std::string tables(int process, const std::string& timeout = "2s") const;

  [[nodiscard]] std::vector<sms_request> requests() const;
  [[nodiscard]] std::size_t received() const;

 private:
  using time = std::chrono::steady_clock::time_point;
  struct connection {
    int fd = -1;
    std::uint64_t number = 0;
    std::string input;
  };
  struct pending_reply {
    int fd = -1;
    std::uint64_t number = 0;  // of the connection: the descriptor may be another's by then
    test::reply what = reply::accepted;
  };

  void run();
  void handle(int fd);
  void accept_all();
  // False: the connection is over.
  [[nodiscard]] bool read_from(connection& from);
  void take(connection& from, const std::string& target, const std::string& body);
  [[nodiscard]] reply choose();
  void answer(const pending_reply& one);
  void answer_due();
  void end(int fd);

  int x_listener = -1;
  int x_stop = -1;  // eventfd
  int x_epoll = -1;
  std::uint16_t x_port = 0;
  // Of the thread.
  std::unordered_map<int, connection> x_connections;
  std::multimap<time, pending_reply> x_later;
  std::uint64_t x_accepted = 0;
  int x_failed_in_a_row = 0;

  mutable std::mutex x_mutex;
  std::mt19937_64 x_random;
  gateway_mood x_mood;
  std::vector<sms_request> x_requests;
  std::thread x_thread;
};

}  // namespace otpd::test
