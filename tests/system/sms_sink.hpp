#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace otpd::test {

// Plays the provider: a loopback HTTP server that answers 200 and keeps the code of every message. The code
// of an issue whose answer has arrived is already here. Thread-safe.
class sms_sink {
 public:
  // One message, as it came.
  struct call {
    std::string to;
    std::string code;
    std::chrono::steady_clock::time_point at;  // when its last byte had been read
    bool answered = false;                     // false: it was taken, and that was all
  };

  sms_sink();
  sms_sink(const sms_sink&) = delete;
  sms_sink& operator=(const sms_sink&) = delete;
  ~sms_sink();

  [[nodiscard]] std::uint16_t port() const noexcept { return x_port; }
  // The latest code for a recipient.
  [[nodiscard]] std::optional<std::string> code_for(const std::string& to) const;
  // The codes of every message so far.
  [[nodiscard]] std::vector<std::string> codes() const;
  [[nodiscard]] std::size_t received() const;
  // True once `count` messages have come; false after 30 s.
  [[nodiscard]] bool has_received(std::size_t count);
  // Every message so far, in the order of their coming.
  [[nodiscard]] std::vector<call> calls() const;
  // From now on messages are taken, but not answered: the provider hangs.
  void hang();
  // Returns once every connection is closed and no more are accepted: who connects waits for nothing.
  void shut();
  // After hang() or shut(): what comes from now on is served again. What was not answered stays so.
  void heal();

 private:
  enum class manner { serves, hangs, shut };

  struct connection {
    int fd = -1;
    std::string input;
  };

  void run();
  void change(manner to);
  // Does what `x_manner` says, if that is not done yet.
  void adapt(int epoll);
  void fill_backlog();
  void close_all(int epoll);
  void accept_all(int epoll);
  // False: the connection is over.
  [[nodiscard]] bool serve(connection& from);
  // True: this message is to be answered.
  [[nodiscard]] bool keep(const std::string& body);

  int x_listener = -1;
  int x_wake = -1;  // eventfd
  std::uint16_t x_port = 0;
  std::unordered_map<int, connection> x_connections;  // of the thread
  std::vector<int> x_fillers;                         // of the thread: they keep the backlog full
  mutable std::mutex x_mutex;
  std::condition_variable x_changed;
  std::unordered_map<std::string, std::string> x_latest;
  std::vector<call> x_calls;
  manner x_manner = manner::serves;
  bool x_is_shut = false;  // the thread has done it
  bool x_stopped = false;
  std::thread x_thread;
};

}  // namespace otpd::test
