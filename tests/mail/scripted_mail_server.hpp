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

// A mail server on a loopback port of the kernel's choice that does what a script says, over blocking
// sockets. Each connection has a thread of its own.
class scripted_mail_server {
 public:
  // One accepted connection. Every call returns once it is done or the client is gone.
  class peer {
   public:
    // The next line without its CRLF; empty if the client is gone.
    std::string read_line();
    // Reads up to the line with one dot; its dots are unstuffed.
    std::string read_content();
    // Adds the CRLF.
    void say(std::string_view line) { write(std::string{line} + "\r\n"); }
    void write(std::string_view bytes);
    // The TLS handshake, as the server. False if it failed.
    bool start_tls();
    // Waits for bytes of any kind, which read_line() sees next. False if the client is gone.
    bool read_some();
    // Waits until the client closes or the server stops.
    void wait_for_close();
    // The number of this connection, from 0.
    std::size_t number = 0;

   private:
    friend class scripted_mail_server;
    SSL_CTX* context_ = nullptr;
    int socket_ = -1;
    SSL* tls_ = nullptr;
    std::string buffer_;
  };

  // The connection is closed when the script returns.
  using script = std::function<void(peer&)>;
  explicit scripted_mail_server(script play, const identity* who = nullptr);
  scripted_mail_server(const scripted_mail_server&) = delete;
  scripted_mail_server& operator=(const scripted_mail_server&) = delete;
  // Ends every connection.
  ~scripted_mail_server();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  // Returns once the server has closed `count` connections; their ends have then reached the clients.
  void wait_until_closed(std::size_t count);

 private:
  void accept_all();
  void serve(int socket, std::size_t number);

  script play_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex lock_;
  std::condition_variable changed_;
  std::size_t closed_ = 0;  // guarded by lock_
  std::vector<int> open_;   // guarded by lock_
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace otpd::test
