#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/test_certificates.hpp"

namespace otpd::test {

// A server on a loopback port of the kernel's choice that does what a script says, over raw blocking sockets.
// Each connection has a thread of its own.
class scripted_server {
 public:
  // One accepted connection. Every call returns once it is done or the peer is gone.
  class peer {
   public:
    // Reads one request (Content-Length framing): head and body as they came. Empty if the client closed.
    std::string read_request();
    void write(std::string_view bytes);
    // Waits until the client closes or the server stops.
    void wait_for_close();
    // Ends with RST instead of FIN.
    void reset();
    // The number of this connection, from 0.
    std::size_t number = 0;

   private:
    friend class scripted_server;
    std::size_t read_some(char* into, std::size_t size);
    int socket_ = -1;
    SSL* tls_ = nullptr;
    std::string buffer_;
  };

  // The connection is closed when the script returns. With an identity it speaks TLS; a failed handshake runs
  // no script.
  using script = std::function<void(peer&)>;
  explicit scripted_server(script play, const identity* who = nullptr);
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;
  // Ends every connection.
  ~scripted_server();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::size_t accepted() const noexcept { return accepted_; }
  // Returns once the server has closed `count` connections; their ends have then reached the clients.
  void wait_until_closed(std::size_t count);

 private:
  void accept_all();
  void serve(int socket, std::size_t number);

  script play_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> accepted_{0};
  std::mutex lock_;
  std::condition_variable changed_;
  std::size_t closed_ = 0;  // guarded by lock_
  std::vector<int> open_;   // guarded by lock_
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// Answers every request of a connection with the same bytes.
[[nodiscard]] scripted_server::script always(std::string answer);

// A port that listens and takes no connection: connecting to it hangs.
class hanging_port {
 public:
  hanging_port();
  hanging_port(const hanging_port&) = delete;
  hanging_port& operator=(const hanging_port&) = delete;
  ~hanging_port();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  std::uint16_t port_ = 0;
  int socket_ = -1;
  std::vector<int> fillers_;
};

// A port on which nobody listens, held so that nobody will: connecting to it is refused.
class refused_port {
 public:
  refused_port();
  refused_port(const refused_port&) = delete;
  refused_port& operator=(const refused_port&) = delete;
  ~refused_port();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  std::uint16_t port_ = 0;
  int socket_ = -1;
};

}  // namespace otpd::test
