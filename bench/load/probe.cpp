#include "probe.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

#include "socket.hpp"
#include "usage.hpp"
#include "worker.hpp"

namespace otpd::bench {
namespace {

// The status of the answer to one GET; 0 when there was none in time.
int get(const descriptor& socket, const endpoint& server, int patience_ms) {
  const std::string request = "GET " + server.path + " HTTP/1.1\r\nHost: " + server.host + "\r\n\r\n";
  if (send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return 0;
  }
  std::array<char, 16'384> input;
  std::size_t size = 0;
  http_text answer;
  while (size < input.size()) {
    pollfd waiting{socket.get(), POLLIN, 0};
    if (poll(&waiting, 1, patience_ms) <= 0) return 0;
    const ssize_t got = recv(socket.get(), input.data() + size, input.size() - size, 0);
    if (got <= 0) return 0;
    size += static_cast<std::size_t>(got);
    const framing state = frame({input.data(), size}, answer);
    if (state == framing::malformed) return 0;
    if (state == framing::complete) return answer.status();
  }
  return 0;
}

bool is_open(const descriptor& socket) {
  char byte = 0;
  return recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int wait_until_ready(const options& how) {
  const sockaddr_in server = address_of(how.server.host, how.server.port);
  const std::uint64_t begun = now_ns();
  const auto patience = static_cast<std::uint64_t>(how.timeout * 1e9);
  while (now_ns() - begun < patience) {
    try {
      const descriptor socket = connect_to(server);
      if (get(socket, how.server, 1000) == 200) return 0;
    } catch (const std::system_error&) {
      // Nobody listens yet.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return 2;
}

int weigh_idle_connections(const options& how) {
  raise_descriptor_limit();
  const sockaddr_in server = address_of(how.server.host, how.server.port);
  const usage before = usage::of(how.server_pids);
  std::vector<descriptor> sockets;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < how.connections; i++) {
    sockets.push_back(connect_to(server));
    if (get(sockets.back(), how.server, static_cast<int>(how.timeout * 1000)) == 0) break;
    answered++;
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(how.seconds));
  const usage after = usage::of(how.server_pids);
  std::size_t open = 0;
  for (const descriptor& socket : sockets)
    open += is_open(socket) ? 1 : 0;
  const double grown = static_cast<double>(after.rss_kib) - static_cast<double>(before.rss_kib);
  const char* form =
      how.json
          ? "{\"connections\":%zu,\"answered\":%zu,\"open\":%zu,\"rss_before_kib\":%zu,\"rss_after_kib\":%zu,"
            "\"kib_per_connection\":%.2f}\n"
          : "connections %zu\nanswered %zu\nopen %zu\nrss_before_kib %zu\nrss_after_kib "
            "%zu\nkib_per_connection %.2f\n";
  std::printf(form, how.connections, answered, open, before.rss_kib, after.rss_kib,
              open == 0 ? 0.0 : grown / static_cast<double>(open));
  return open == how.connections ? 0 : 2;
}

}  // namespace otpd::bench
