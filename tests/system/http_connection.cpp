#include "system/http_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <utility>

namespace otpd::test {

namespace {

constexpr int receive_bound_ms = 30'000;

// The server writes its field names in one way, so that one spelling is enough.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  return at == head.npos ? 0
                         : std::strtoul(std::string(head.substr(at + name.size(), 20)).c_str(), nullptr, 10);
}

const boost::json::value* member(const std::string& body, std::string_view name,
                                 boost::json::value& storage) {
  boost::json::error_code failed;
  storage = boost::json::parse(body, failed);
  if (failed || !storage.is_object()) return nullptr;
  return storage.as_object().if_contains({name.data(), name.size()});
}

}  // namespace

std::string http_answer::text(std::string_view name) const {
  boost::json::value storage;
  const auto* found = member(body, name, storage);
  return found != nullptr && found->is_string() ? std::string(found->as_string().c_str()) : std::string();
}

std::int64_t http_answer::number(std::string_view name) const {
  boost::json::value storage;
  const auto* found = member(body, name, storage);
  if (found == nullptr) return -1;
  if (found->is_bool()) return found->as_bool() ? 1 : 0;
  return found->is_int64() ? found->as_int64() : -1;
}

http_connection::http_connection(std::uint16_t port)
    : x_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(x_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(x_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  if (x_fd >= 0) ::close(x_fd);
  x_fd = -1;
}

http_connection::http_connection(http_connection&& from) noexcept
    : x_fd(std::exchange(from.x_fd, -1)), x_rest(std::move(from.x_rest)) {}

http_connection& http_connection::operator=(http_connection&& from) noexcept {
  std::swap(x_fd, from.x_fd);
  std::swap(x_rest, from.x_rest);
  return *this;
}

http_connection::~http_connection() {
  if (x_fd >= 0) ::close(x_fd);
}

bool http_connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(x_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool http_connection::is_silent_for(std::chrono::milliseconds time) const {
  pollfd readable{x_fd, POLLIN, 0};
  return ::poll(&readable, 1, static_cast<int>(time.count())) == 0;
}

bool http_connection::receive(http_answer& out) {
  pollfd readable{x_fd, POLLIN, 0};
  if (::poll(&readable, 1, receive_bound_ms) != 1) {
    out.came = http_answer::how::late;
    return false;
  }
  char bytes[16384];
  const auto n = ::recv(x_fd, bytes, sizeof bytes, 0);
  if (n > 0) {
    x_rest.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  out.came = n < 0            ? http_answer::how::reset
             : x_rest.empty() ? http_answer::how::closed
                              : http_answer::how::cut;
  return false;
}

http_answer http_connection::read_answer() {
  http_answer out;
  std::size_t head = 0;
  while ((head = x_rest.find("\r\n\r\n")) == x_rest.npos) {
    if (!receive(out)) return out;
  }
  head += 4;
  const std::size_t whole = head + content_length(std::string_view(x_rest).substr(0, head));
  while (x_rest.size() < whole) {
    if (!receive(out)) return out;
  }
  out.came = http_answer::how::whole;
  out.head = x_rest.substr(0, head);
  out.body = x_rest.substr(head, whole - head);
  out.status = out.head.starts_with("HTTP/1.1 ") ? std::atoi(out.head.c_str() + 9) : 0;
  x_rest.erase(0, whole);
  return out;
}

http_answer http_connection::exchange(std::string_view request, bool* sent) {
  const bool all = send(request);
  if (sent != nullptr) *sent = all;
  return read_answer();
}

std::string http_request(std::string_view method, std::string_view target, std::string_view body) {
  std::string out;
  out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  if (!body.empty()) {
    out.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n");
  }
  return out.append("\r\n").append(body);
}

std::string issue_request(std::string_view to) {
  return http_request("POST", "/v1/verifications", R"({"to":")" + std::string(to) + R"("})");
}

std::string check_request(std::string_view id, std::string_view code) {
  return http_request("POST", "/v1/verifications/" + std::string(id) + "/check",
                      R"({"code":")" + std::string(code) + R"("})");
}

std::string read_request(std::string_view id) {
  return http_request("GET", "/v1/verifications/" + std::string(id));
}

http_answer ask(std::uint16_t port, std::string_view request) {
  http_connection connection(port);
  return connection.is_open() ? connection.exchange(request) : http_answer{};
}

double metric(std::uint16_t admin_port, std::string_view name) {
  const std::string text = "\n" + ask(admin_port, http_request("GET", "/metrics")).body;
  const std::string line = "\n" + std::string(name) + " ";
  const auto at = text.find(line);
  return at == text.npos ? -1 : std::strtod(text.c_str() + at + line.size(), nullptr);
}

}  // namespace otpd::test
