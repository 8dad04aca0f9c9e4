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
  const ssize_t count =
      x_tls ? SSL_read(x_tls, into, static_cast<int>(size)) : ::recv(x_socket, into, size, 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::string scripted_server::peer::read_request() {
  char piece[4096];
  std::size_t whole = std::string::npos;
  while (whole == std::string::npos || x_buffer.size() < whole) {
    if (whole == std::string::npos) {
      const std::size_t end = x_buffer.find("\r\n\r\n");
      if (end != std::string::npos) {
        const std::size_t length = x_buffer.find("Content-Length: ");
        whole = end + 4 + (length < end ? std::strtoul(x_buffer.c_str() + length + 16, nullptr, 10) : 0);
        continue;
      }
    }
    const std::size_t count = read_some(piece, sizeof piece);
    if (count == 0) return {};
    x_buffer.append(piece, count);
  }
  std::string request = x_buffer.substr(0, whole);
  x_buffer.erase(0, whole);
  return request;
}

void scripted_server::peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = x_tls ? SSL_write(x_tls, bytes.data(), static_cast<int>(bytes.size()))
                                : ::send(x_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
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
  ::setsockopt(x_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

scripted_server::scripted_server(script play, const identity* who) : x_play(std::move(play)) {
  std::signal(SIGPIPE, SIG_IGN);
  if (who) x_context.reset(make_context(*who));
  x_listener = bind_loopback(x_port);
  ::listen(x_listener, 128);
  x_acceptor = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server() {
  ::shutdown(x_listener, SHUT_RDWR);
  x_acceptor.join();
  ::close(x_listener);
  {
    const std::lock_guard held{x_lock};
    for (const int each : x_open)
      ::shutdown(each, SHUT_RDWR);
  }
  for (std::thread& each : x_threads)
    each.join();
}

void scripted_server::accept_all() {
  for (;;) {
    const int socket = ::accept4(x_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    {
      const std::lock_guard held{x_lock};
      x_open.push_back(socket);
    }
    x_threads.emplace_back([this, socket, number = x_accepted++] { serve(socket, number); });
  }
}

void scripted_server::serve(int socket, std::size_t number) {
  peer one;
  one.number = number;
  one.x_socket = socket;
  bool ready = true;
  if (x_context) {
    one.x_tls = SSL_new(x_context.get());
    SSL_set_fd(one.x_tls, socket);
    ready = SSL_accept(one.x_tls) == 1;
  }
  if (ready) x_play(one);
  SSL_free(one.x_tls);
  const std::lock_guard held{x_lock};
  x_open.erase(std::find(x_open.begin(), x_open.end(), socket));
  ::close(socket);
  ++x_closed;
  x_changed.notify_all();
}

void scripted_server::wait_until_closed(std::size_t count) {
  std::unique_lock held{x_lock};
  x_changed.wait(held, [&] { return x_closed >= count; });
}

scripted_server::script always(std::string answer) {
  return [answer = std::move(answer)](scripted_server::peer& peer) {
    while (!peer.read_request().empty())
      peer.write(answer);
  };
}

hanging_port::hanging_port() : x_socket(bind_loopback(x_port)) {
  ::listen(x_socket, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(x_port);
  for (int i = 0; i < 4; ++i) {
    x_fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(x_fillers.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
}

hanging_port::~hanging_port() {
  for (const int each : x_fillers)
    ::close(each);
  ::close(x_socket);
}

refused_port::refused_port() : x_socket(bind_loopback(x_port)) {}
refused_port::~refused_port() {
  ::close(x_socket);
}

}  // namespace otpd::test
