#include "socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace otpd::bench {
namespace {

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

void set_option(int fd, int level, int name) {
  const int on = 1;
  check(setsockopt(fd, level, name, &on, sizeof on), "setsockopt");
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void descriptor::reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    throw std::invalid_argument("not an IPv4 address: " + host);
  }
  return address;
}

descriptor connect_to(const sockaddr_in& address) {
  descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  check(socket.get(), "socket");
  const timeval patience{5, 0};
  check(setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), "setsockopt");
  check(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "connect");
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  check(fcntl(socket.get(), F_SETFL, O_NONBLOCK), "fcntl");
  return socket;
}

descriptor listen_on(const sockaddr_in& address) {
  descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  check(socket.get(), "socket");
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  check(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  check(listen(socket.get(), 4096), "listen");
  return socket;
}

descriptor make_epoll() {
  descriptor epoll{epoll_create1(EPOLL_CLOEXEC)};
  check(epoll.get(), "epoll_create1");
  return epoll;
}

void watch(const descriptor& epoll, int fd, void* tag) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.ptr = tag;
  check(epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

}  // namespace otpd::bench
