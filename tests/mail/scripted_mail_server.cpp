#include "mail/scripted_mail_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace otpd::test {

namespace {

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

bool scripted_mail_server::peer::read_some() {
  char piece[4096];
  const ssize_t count = tls_ ? SSL_read(tls_, piece, sizeof piece) : ::recv(socket_, piece, sizeof piece, 0);
  if (count > 0) buffer_.append(piece, static_cast<std::size_t>(count));
  return count > 0;
}

std::string scripted_mail_server::peer::read_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos)
    if (!read_some()) return {};
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string scripted_mail_server::peer::read_content() {
  std::string out;
  for (;;) {
    while (buffer_.find("\r\n") == std::string::npos)
      if (!read_some()) return out;
    const std::string line = read_line();
    if (line == ".") return out;
    out.append(line, line.starts_with('.') ? 1 : 0).append("\r\n");
  }
}

void scripted_mail_server::peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool scripted_mail_server::peer::start_tls() {
  tls_ = SSL_new(context_);
  SSL_set_fd(tls_, socket_);
  return SSL_accept(tls_) == 1;
}

void scripted_mail_server::peer::wait_for_close() {
  while (read_some()) {
  }
}

scripted_mail_server::scripted_mail_server(script play, const identity* who) : play_(std::move(play)) {
  std::signal(SIGPIPE, SIG_IGN);
  if (who) context_.reset(make_context(*who));
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot bind a loopback port");
  port_ = ntohs(address.sin_port);
  ::listen(listener_, 128);
  acceptor_ = std::thread([this] { accept_all(); });
}

scripted_mail_server::~scripted_mail_server() {
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

void scripted_mail_server::accept_all() {
  for (std::size_t number = 0;; ++number) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    {
      const std::lock_guard held{lock_};
      open_.push_back(socket);
    }
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void scripted_mail_server::serve(int socket, std::size_t number) {
  peer one;
  one.number = number;
  one.socket_ = socket;
  one.context_ = context_.get();
  play_(one);
  SSL_free(one.tls_);
  const std::lock_guard held{lock_};
  open_.erase(std::find(open_.begin(), open_.end(), socket));
  ::close(socket);
  ++closed_;
  changed_.notify_all();
}

void scripted_mail_server::wait_until_closed(std::size_t count) {
  std::unique_lock held{lock_};
  const bool closed = changed_.wait_for(held, std::chrono::seconds(30), [&] { return closed_ >= count; });
  if (!closed) throw std::runtime_error("the client never came, or stays");
}

}  // namespace otpd::test
