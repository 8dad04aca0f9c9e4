#include "net/client_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "net/ascii.hpp"

namespace otpd::net::test {
namespace {

constexpr int bound_ms = 20'000;

}  // namespace

client_socket::client_socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // For who reads from fd() itself.
  const timeval bound{bound_ms / 1000, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
}

client_socket::~client_socket() {
  close();
}

void client_socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool client_socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void client_socket::finish_sending() {
  ::shutdown(fd_, SHUT_WR);
}

bool client_socket::wait_readable(int milliseconds) const {
  pollfd p{fd_, POLLIN, 0};
  return ::poll(&p, 1, milliseconds) == 1;
}

bool client_socket::receive() {
  if (end_ != end::open) return false;
  if (!wait_readable(bound_ms)) {
    end_ = end::never;
    return false;
  }
  char bytes[16384];
  const auto n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n > 0) {
    rest_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  end_ = n == 0 ? end::clean : end::reset;
  return false;
}

std::string client_socket::read_answer(bool head_only) {
  std::size_t head = 0;
  while ((head = rest_.find("\r\n\r\n")) == rest_.npos) {
    if (!receive()) return {};
  }
  const std::string_view lines(rest_.data(), head + 4);
  const auto length =
      head_only ? 0 : std::strtoul(std::string(header_of(lines, "content-length")).c_str(), nullptr, 10);
  const std::size_t whole = head + 4 + length;
  while (rest_.size() < whole) {
    if (!receive()) return {};
  }
  std::string answer = rest_.substr(0, whole);
  rest_.erase(0, whole);
  return answer;
}

std::string client_socket::read_all() {
  while (receive()) {
  }
  return std::exchange(rest_, {});
}

int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

std::string_view body_of(std::string_view answer) {
  const auto head = answer.find("\r\n\r\n");
  return head == answer.npos ? std::string_view() : answer.substr(head + 4);
}

std::string_view header_of(std::string_view answer, std::string_view name) {
  auto lines = answer.substr(0, answer.find("\r\n\r\n"));
  for (auto end = lines.find("\r\n"); end != lines.npos; end = lines.find("\r\n")) {
    lines.remove_prefix(end + 2);
    const auto line = lines.substr(0, lines.find("\r\n"));
    const auto colon = line.find(": ");
    if (colon != line.npos && equal_without_case(line.substr(0, colon), name)) return line.substr(colon + 2);
  }
  return {};
}

}  // namespace otpd::net::test
