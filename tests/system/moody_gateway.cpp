#include "system/moody_gateway.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace otpd::test {

namespace {

using steady = std::chrono::steady_clock;

constexpr int most_failures_in_a_row = 3;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

std::string_view text_of(reply what) {
  switch (what) {
    case reply::accepted:
      return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    case reply::busy:
      return "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
    case reply::refused:
      return "HTTP/1.1 400 Refused\r\nContent-Length: 0\r\n\r\n";
    case reply::broken:
      return "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";
    case reply::reset:
    case reply::silent:
      break;
  }
  return {};
}

// otpd writes its field names in one way.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  return at == head.npos ? 0
                         : std::strtoul(std::string(head.substr(at + name.size(), 12)).c_str(), nullptr, 10);
}

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

}  // namespace

moody_gateway::moody_gateway(const gateway_mood& mood, std::uint64_t seed) : x_random(seed), x_mood(mood) {
  x_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  x_stop = ::eventfd(0, EFD_CLOEXEC);
  x_epoll = ::epoll_create1(EPOLL_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(x_listener, generic, size) != 0) fail("gateway");
  if (::getsockname(x_listener, generic, &size) != 0) fail("gateway");
  x_port = ntohs(address.sin_port);
  watch(x_epoll, x_stop);
  x_thread = std::thread([this] { run(); });
}

moody_gateway::~moody_gateway() {
  ::eventfd_write(x_stop, 1);
  x_thread.join();
  for (const auto& [fd, ignored] : x_connections)
    ::close(fd);
  for (const int fd : {x_listener, x_stop, x_epoll})
    ::close(fd);
}

void moody_gateway::open() {
  if (::listen(x_listener, 4096) != 0) fail("listen");
  watch(x_epoll, x_listener);
}

void moody_gateway::change(const gateway_mood& mood) {
  const std::lock_guard lock(x_mutex);
  x_mood = mood;
}

std::string moody_gateway::tables(int process, const std::string& timeout) const {
  return "[providers.gateway]\ntype = \"http\"\nmax_connections = 64\ntimeout = \"" + timeout + "\"\n" +
         "url = \"http://127.0.0.1:" + std::to_string(x_port) + "/" + std::to_string(process) + "\"\n" +
         "body = '{\"to\":\"{to}\",\"reference\":\"{reference}\",\"text\":\"{text}\"}'\n" +
         "[delivery]\nsms = [\"gateway\"]\nemail = \"\"\nmode = \"queue\"\n";
}

std::vector<sms_request> moody_gateway::requests() const {
  const std::lock_guard lock(x_mutex);
  return x_requests;
}

std::size_t moody_gateway::received() const {
  const std::lock_guard lock(x_mutex);
  return x_requests.size();
}

void moody_gateway::run() {
  for (;;) {
    std::array<epoll_event, 64> events{};
    const int wait_ms = x_later.empty() ? -1 : 1;
    const int count = ::epoll_wait(x_epoll, events.data(), static_cast<int>(events.size()), wait_ms);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == x_stop) return;
      handle(fd);
    }
    answer_due();
  }
}

void moody_gateway::handle(int fd) {
  if (fd == x_listener) return accept_all();
  const auto found = x_connections.find(fd);
  if (found != x_connections.end() && !read_from(found->second)) end(fd);
}

void moody_gateway::accept_all() {
  for (;;) {
    const int fd = ::accept4(x_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    connection& made = x_connections[fd];
    made.fd = fd;
    made.number = ++x_accepted;
    made.input.clear();
    watch(x_epoll, fd);
  }
}

bool moody_gateway::read_from(connection& from) {
  std::array<char, 16384> bytes;
  const auto n = ::recv(from.fd, bytes.data(), bytes.size(), 0);
  if (n <= 0) return n < 0 && errno == EAGAIN;
  from.input.append(bytes.data(), static_cast<std::size_t>(n));
  const auto end_of_head = from.input.find("\r\n\r\n");
  if (end_of_head == from.input.npos) return true;
  const std::size_t head = end_of_head + 4;
  const std::size_t whole = head + content_length(std::string_view(from.input).substr(0, head));
  if (from.input.size() < whole) return true;
  const std::string target = from.input.substr(0, from.input.find(" HTTP/1.1\r\n"));
  const std::string body = from.input.substr(head, whole - head);
  from.input.erase(0, whole);  // the client sends the next one after our answer
  take(from, target.substr(target.find('/')), body);
  return true;
}

void moody_gateway::take(connection& from, const std::string& target, const std::string& body) {
  const auto message = boost::json::parse(body).as_object();
  sms_request seen;
  seen.process = std::atoi(target.c_str() + 1);
  seen.to = message.at("to").as_string().c_str();
  seen.reference = message.at("reference").as_string().c_str();
  seen.at = steady::now();
  seen.at_wall = std::chrono::system_clock::now();
  std::chrono::milliseconds delay{0};
  {
    const std::lock_guard lock(x_mutex);
    seen.reply = choose();
    const auto slowest = x_mood.slowest.count();
    delay = std::chrono::milliseconds(
        std::max<std::int64_t>(0, std::uniform_int_distribution<std::int64_t>(-slowest, slowest)(x_random)));
    x_requests.push_back(seen);
  }
  const pending_reply one{from.fd, from.number, seen.reply};
  x_later.emplace(seen.at + delay, one);
}

// The mutex is held.
reply moody_gateway::choose() {
  int dice = std::uniform_int_distribution<int>(0, 999)(x_random);
  const std::array<std::pair<reply, int>, 5> shares{{{reply::busy, x_mood.busy},
                                                     {reply::refused, x_mood.refused},
                                                     {reply::broken, x_mood.broken},
                                                     {reply::reset, x_mood.reset},
                                                     {reply::silent, x_mood.silent}}};
  for (const auto& [what, share] : shares) {
    dice -= share;
    if (dice >= 0) continue;
    if (share < 1000 && ++x_failed_in_a_row > most_failures_in_a_row) break;
    return what;
  }
  x_failed_in_a_row = 0;
  return reply::accepted;
}

void moody_gateway::answer_due() {
  while (!x_later.empty() && x_later.begin()->first <= steady::now()) {
    const pending_reply one = x_later.begin()->second;
    x_later.erase(x_later.begin());
    const auto found = x_connections.find(one.fd);
    if (found != x_connections.end() && found->second.number == one.number) answer(one);
  }
}

void moody_gateway::answer(const pending_reply& one) {
  const std::string_view text = text_of(one.what);
  if (one.what == reply::reset) {
    const linger at_once{1, 0};
    ::setsockopt(one.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return end(one.fd);
  }
  if (!text.empty() && ::send(one.fd, text.data(), text.size(), MSG_NOSIGNAL) < 0) end(one.fd);
}

// Not left to close(): a child that is just being forked may still have it.
void moody_gateway::end(int fd) {
  ::epoll_ctl(x_epoll, EPOLL_CTL_DEL, fd, nullptr);
  ::close(fd);
  x_connections.erase(fd);
}

}  // namespace otpd::test
