#include "net/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace otpd::test {

namespace {

int bind_loopback(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0)
    throw std::runtime_error("cannot bind a loopback port");
  port = ntohs(address.sin_port);
  return socket;
}

SSL_CTX* make_context(const identity& who) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  BIO* certificate_text = BIO_new_mem_buf(who.certificate.data(), static_cast<int>(who.certificate.size()));
  BIO* key_text = BIO_new_mem_buf(who.key.data(), static_cast<int>(who.key.size()));
  X509* certificate = PEM_read_bio_X509(certificate_text, nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(certificate_text);
  BIO_free(key_text);
  return context;
}

}  // namespace

std::size_t scripted_server::peer::read_some(char* into, std::size_t size) {
  const ssize_t count = tls_ ? SSL_read(tls_, into, static_cast<int>(size)) : ::recv(socket_, into, size, 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::string scripted_server::peer::read_request() {
  char piece[4096];
  std::size_t whole = std::string::npos;
  while (whole == std::string::npos || buffer_.size() < whole) {
    if (whole == std::string::npos) {
      const std::size_t end = buffer_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const std::size_t length = buffer_.find("Content-Length: ");
        whole = end + 4 + (length < end ? std::strtoul(buffer_.c_str() + length + 16, nullptr, 10) : 0);
        continue;
      }
    }
    const std::size_t count = read_some(piece, sizeof piece);
    if (count == 0) return {};
    buffer_.append(piece, count);
  }
  std::string request = buffer_.substr(0, whole);
  buffer_.erase(0, whole);
  return request;
}

void scripted_server::peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void scripted_server::peer::wait_for_close() {
  char piece[4096];
  while (read_some(piece, sizeof piece) > 0) {
  }
}

void scripted_server::peer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

scripted_server::scripted_server(script play, const identity* who) : play_(std::move(play)) {
  std::signal(SIGPIPE, SIG_IGN);
  if (who) context_.reset(make_context(*who));
  listener_ = bind_loopback(port_);
  ::listen(listener_, 128);
  acceptor_ = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard held{lock_};
    for (const int each : open_)
      ::shutdown(each, SHUT_RDWR);
  }
  for (std::thread& each : threads_)
    each.join();
}

void scripted_server::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    {
      const std::lock_guard held{lock_};
      open_.push_back(socket);
    }
    threads_.emplace_back([this, socket, number = accepted_++] { serve(socket, number); });
  }
}

void scripted_server::serve(int socket, std::size_t number) {
  peer one;
  one.number = number;
  one.socket_ = socket;
  bool ready = true;
  if (context_) {
    one.tls_ = SSL_new(context_.get());
    SSL_set_fd(one.tls_, socket);
    ready = SSL_accept(one.tls_) == 1;
  }
  if (ready) play_(one);
  SSL_free(one.tls_);
  const std::lock_guard held{lock_};
  open_.erase(std::find(open_.begin(), open_.end(), socket));
  ::close(socket);
  ++closed_;
  changed_.notify_all();
}

void scripted_server::wait_until_closed(std::size_t count) {
  std::unique_lock held{lock_};
  const bool closed = changed_.wait_for(held, std::chrono::seconds(30), [&] { return closed_ >= count; });
  if (!closed) throw std::runtime_error("the client never came, or stays");
}

scripted_server::script always(std::string answer) {
  return [answer = std::move(answer)](scripted_server::peer& peer) {
    while (!peer.read_request().empty())
      peer.write(answer);
  };
}

hanging_port::hanging_port() : socket_(bind_loopback(port_)) {
  ::listen(socket_, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  for (int i = 0; i < 4; ++i) {
    fillers_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(fillers_.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
}

hanging_port::~hanging_port() {
  for (const int each : fillers_)
    ::close(each);
  ::close(socket_);
}

refused_port::refused_port() : socket_(bind_loopback(port_)) {}
refused_port::~refused_port() {
  ::close(socket_);
}

}  // namespace otpd::test
