#include "system/sms_sink.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace otpd::test {

namespace {

constexpr std::string_view accepted = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
constexpr std::chrono::seconds bound{30};
constexpr int backlog = 4096;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

std::size_t content_length(std::string_view head) {
  std::string lower(head);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view name = "\r\ncontent-length:";
  const auto at = lower.find(name);
  return at == lower.npos ? 0 : std::strtoul(lower.c_str() + at + name.size(), nullptr, 10);
}

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

}  // namespace

sms_sink::sms_sink() {
  x_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  x_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(x_listener, generic, size) != 0 || ::listen(x_listener, backlog) != 0) fail("sink");
  if (::getsockname(x_listener, generic, &size) != 0) fail("sink");
  x_port = ntohs(address.sin_port);
  x_thread = std::thread([this] { run(); });
}

sms_sink::~sms_sink() {
  {
    const std::lock_guard lock(x_mutex);
    x_stopped = true;
  }
  ::eventfd_write(x_wake, 1);
  x_thread.join();
  for (const auto& [fd, ignored] : x_connections)
    ::close(fd);
  for (const int fd : x_fillers)
    ::close(fd);
  ::close(x_listener);
  ::close(x_wake);
}

void sms_sink::run() {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, x_listener);
  watch(epoll, x_wake);
  for (bool stopped = false; !stopped;) {
    epoll_event events[64];
    const int count = ::epoll_wait(epoll, events, 64, -1);
    bool woken = false;
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == x_wake) {
        woken = true;
      } else if (fd == x_listener) {
        accept_all(epoll);
      } else if (!serve(x_connections.at(fd))) {
        // Not left to close(): a child that is just being forked may still have it.
        ::epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr);
        ::close(fd);
        x_connections.erase(fd);
      }
    }
    if (!woken) continue;
    eventfd_t ignored = 0;
    ::eventfd_read(x_wake, &ignored);
    adapt(epoll);
    const std::lock_guard lock(x_mutex);
    stopped = x_stopped;
  }
  ::close(epoll);
}

void sms_sink::adapt(int epoll) {
  std::unique_lock lock(x_mutex);
  const bool shall_be_shut = x_manner == manner::shut;
  if (x_is_shut == shall_be_shut) return;
  lock.unlock();
  if (shall_be_shut) {
    ::epoll_ctl(epoll, EPOLL_CTL_DEL, x_listener, nullptr);
    fill_backlog();
    close_all(epoll);
  } else {
    for (const int fd : x_fillers)
      ::close(fd);
    x_fillers.clear();
    if (::listen(x_listener, backlog) != 0) fail("listen");
    watch(epoll, x_listener);
  }
  lock.lock();
  x_is_shut = shall_be_shut;
  x_changed.notify_all();
}

// Linux drops the SYN of whoever finds the backlog full. The connections that are open still answer
// meanwhile, so that nobody else has a reason to come.
void sms_sink::fill_backlog() {
  if (::listen(x_listener, 0) != 0) fail("listen");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(x_port);
  for (bool full = false; !full;) {
    x_fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(x_fillers.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    pollfd connected{x_fillers.back(), POLLOUT, 0};
    full = ::poll(&connected, 1, 20) == 0;
  }
}

void sms_sink::close_all(int epoll) {
  for (const auto& [fd, ignored] : x_connections) {
    ::epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr);
    ::close(fd);
  }
  x_connections.clear();
}

void sms_sink::accept_all(int epoll) {
  for (;;) {
    const int fd = ::accept4(x_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    x_connections[fd] = {fd, {}};
    watch(epoll, fd);
  }
}

bool sms_sink::serve(connection& from) {
  char bytes[16384];
  const auto n = ::recv(from.fd, bytes, sizeof bytes, 0);
  if (n <= 0) return n < 0 && errno == EAGAIN;
  from.input.append(bytes, static_cast<std::size_t>(n));
  for (;;) {
    const auto end = from.input.find("\r\n\r\n");
    if (end == from.input.npos) return true;
    const std::size_t head = end + 4;
    const std::size_t whole = head + content_length(from.input.substr(0, head));
    if (from.input.size() < whole) return true;
    const bool answers = keep(from.input.substr(head, whole - head));
    from.input.erase(0, whole);
    if (answers && ::send(from.fd, accepted.data(), accepted.size(), MSG_NOSIGNAL) < 0) return false;
  }
}

bool sms_sink::keep(const std::string& body) {
  const auto message = boost::json::parse(body).as_object();
  const std::lock_guard lock(x_mutex);
  std::string code = message.at("code").as_string().c_str();
  const std::string to = message.at("to").as_string().c_str();
  const bool answers = x_manner != manner::hangs;
  x_calls.push_back({to, code, std::chrono::steady_clock::now(), answers});
  x_latest[to] = std::move(code);
  x_changed.notify_all();
  return answers;
}

std::optional<std::string> sms_sink::code_for(const std::string& to) const {
  const std::lock_guard lock(x_mutex);
  const auto found = x_latest.find(to);
  return found == x_latest.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> sms_sink::codes() const {
  const std::lock_guard lock(x_mutex);
  std::vector<std::string> out;
  for (const call& each : x_calls)
    out.push_back(each.code);
  return out;
}

std::size_t sms_sink::received() const {
  const std::lock_guard lock(x_mutex);
  return x_calls.size();
}

bool sms_sink::has_received(std::size_t count) {
  std::unique_lock lock(x_mutex);
  return x_changed.wait_for(lock, bound, [&] { return x_calls.size() >= count; });
}

std::vector<sms_sink::call> sms_sink::calls() const {
  const std::lock_guard lock(x_mutex);
  return x_calls;
}

void sms_sink::hang() {
  change(manner::hangs);
}

void sms_sink::shut() {
  change(manner::shut);
}

void sms_sink::heal() {
  change(manner::serves);
}

void sms_sink::change(manner to) {
  std::unique_lock lock(x_mutex);
  x_manner = to;
  ::eventfd_write(x_wake, 1);
  x_changed.wait(lock, [&] { return x_is_shut == (to == manner::shut); });
}

}  // namespace otpd::test
