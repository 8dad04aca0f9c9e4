#pragma once

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
  // From now on messages are taken, but not answered: the provider hangs.
  void hang();

 private:
  struct connection {
    int fd = -1;
    std::string input;
  };

  void run();
  void accept_all(int epoll);
  // False: the connection is over.
  [[nodiscard]] bool serve(connection& from);
  void keep(const std::string& body);

  int x_listener = -1;
  int x_stop = -1;  // eventfd
  std::uint16_t x_port = 0;
  std::unordered_map<int, connection> x_connections;  // of the thread
  mutable std::mutex x_mutex;
  std::condition_variable x_changed;
  std::unordered_map<std::string, std::string> x_latest;
  std::vector<std::string> x_codes;
  bool x_hangs = false;
  std::thread x_thread;
};

}  // namespace otpd::test
