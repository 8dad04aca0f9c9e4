#include "sink.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cerrno>

#include "http_text.hpp"

namespace otpd::bench {
namespace {

constexpr std::string_view accepted =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

struct sink::peer {
  descriptor socket;
  std::size_t size = 0;
  bool gone = false;
  std::array<char, 4096> input{};
};

bool read_message(std::string_view body, std::uint64_t& number, packed_code& code) {
  bool has_number = false;
  bool has_code = false;
  for (std::size_t i = 0; i < body.size() && !(has_number && has_code);) {
    // A percent escape holds digits that are none.
    if (body[i] == '%') {
      i += 3;
      continue;
    }
    const std::size_t start = i;
    while (i < body.size() && is_digit(body[i]))
      i++;
    const std::string_view run = body.substr(start, i - start);
    if (run.size() == number_digits && !has_number) {
      const auto index = number_index(run);
      has_number = index.has_value();
      number = index.value_or(0);
    } else if (run.size() >= 4 && run.size() <= packed_code::max_size && !has_code) {
      code = packed_code{run};
      has_code = true;
    }
    if (run.empty()) i++;
  }
  return has_number && has_code;
}

sink::sink(const sockaddr_in& address, mailbox& inbox)
    : inbox_(inbox), listener_(listen_on(address)), epoll_(make_epoll()) {
  watch(epoll_, listener_.get(), nullptr);
  thread_ = std::thread([this] { run(); });
}

sink::~sink() {
  stop_ = true;
  thread_.join();
}

std::uint64_t sink::cpu_ns() {
  clockid_t clock{};
  timespec used{};
  if (pthread_getcpuclockid(thread_.native_handle(), &clock) != 0 || clock_gettime(clock, &used) != 0)
    return 0;
  return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
}

void sink::run() {
  std::array<epoll_event, 256> events{};
  while (!stop_) {
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 50);
    bool lost = false;
    for (int i = 0; i < count; i++) {
      auto* from = static_cast<peer*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (from == nullptr) {
        accept_all();
      } else if (!from->gone && !serve(*from)) {
        from->gone = lost = true;
      }
    }
    if (lost) sweep();
  }
}

void sink::accept_all() {
  for (;;) {
    descriptor socket{accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!socket.is_open()) return;
    auto from = std::make_unique<peer>();
    from->socket = std::move(socket);
    watch(epoll_, from->socket.get(), from.get());
    peers_.push_back(std::move(from));
  }
}

bool sink::serve(peer& from) {
  for (;;) {
    const std::size_t room = from.input.size() - from.size;
    const ssize_t got = recv(from.socket.get(), from.input.data() + from.size, room, 0);
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    from.size += static_cast<std::size_t>(got);
    if (!answer_all(from)) return false;
    if (static_cast<std::size_t>(got) < room) return true;
  }
}

bool sink::answer_all(peer& from) {
  std::size_t used = 0;
  http_text request;
  for (;;) {
    const std::string_view input{from.input.data() + used, from.size - used};
    const framing state = frame(input, request);
    if (state == framing::malformed || (state == framing::need_more && input.size() == from.input.size())) {
      unreadable_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    if (state == framing::need_more) break;
    std::uint64_t number = 0;
    packed_code code;
    if (read_message(request.body, number, code)) {
      inbox_.put(number, code);
    } else {
      unreadable_.fetch_add(1, std::memory_order_relaxed);
    }
    used += request.size;
    const ssize_t sent = send(from.socket.get(), accepted.data(), accepted.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(accepted.size()) || request.closes) return false;
  }
  std::memmove(from.input.data(), from.input.data() + used, from.size - used);
  from.size -= used;
  return true;
}

void sink::sweep() {
  std::erase_if(peers_, [](const std::unique_ptr<peer>& one) { return one->gone; });
}

}  // namespace otpd::bench
