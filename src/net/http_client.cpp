#include "net/http_client.hpp"

#include <algorithm>
#include <cassert>

#include "net/client_tls.hpp"
#include "net/wiped.hpp"

namespace otpd::net {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

// What connections can be shared for.
struct http_client::origin {
  origin(loop_executor loop, client_deadlines& watch, client_pool::bounds limits, const http_call& call)
      : encrypted(call.url.encrypted),
        port(call.url.port),
        host(call.url.host),
        tls(call.tls),
        pool(loop, watch, limits) {}

  [[nodiscard]] bool serves(const http_call& call) const noexcept {
    return port == call.url.port && encrypted == call.url.encrypted && tls == call.tls &&
           host == call.url.host;
  }

  bool encrypted;
  std::uint16_t port;
  std::string host;
  std::shared_ptr<const client_tls> tls;
  client_pool pool;
};

namespace {

std::string_view method_name(method value) noexcept {
  switch (value) {
    case method::get:
      return "GET";
    case method::head:
      return "HEAD";
    case method::post:
      return "POST";
    case method::put:
      return "PUT";
    case method::patch:
      return "PATCH";
    case method::del:
      return "DELETE";
    case method::options:
      return "OPTIONS";
    case method::other:
      break;
  }
  assert(false && "a call names its method");
  return "GET";
}

void append_host(std::string& out, const url& where) {
  const bool is_v6 = where.host.find(':') != std::string::npos;
  out.append("Host: ").append(is_v6 ? "[" : "").append(where.host).append(is_v6 ? "]" : "");
  if (where.port != (where.encrypted ? 443 : 80)) out.append(":").append(std::to_string(where.port));
  out.append("\r\n");
}

std::string write_request(const http_call& call) {
  const bool has_length = !call.body.empty() || (call.method != method::get && call.method != method::head);
  std::string out;
  out.reserve(call.url.target.size() + call.url.host.size() + call.fields.size() + call.body.size() + 128);
  out.append(method_name(call.method)).append(" ").append(call.url.target).append(" HTTP/1.1\r\n");
  append_host(out, call.url);
  out.append(call.fields);
  if (has_length) out.append("Content-Length: ").append(std::to_string(call.body.size())).append("\r\n");
  out.append("\r\n").append(call.body);
  return out;
}

bool is_wanted(const http_call& call) {
  return !call.still_wanted || call.still_wanted();
}

}  // namespace

http_client::http_client(loop_executor loop, http_client_options options)
    : loop_(loop), options_(options), deadlines_(loop), names_(loop, options.keep_names) {}

http_client::~http_client() = default;

void http_client::close() noexcept {
  closed_ = true;
  for (auto& each : origins_)
    each->pool.close();
  deadlines_.rest_if_unused();
}

http_client::origin& http_client::origin_of(const http_call& call) {
  for (auto& each : origins_)
    if (each->serves(call)) return *each;
  origins_.push_back(std::make_unique<origin>(loop_, deadlines_, options_.pool, call));
  return *origins_.back();
}

task<boost::system::result<http_answer>> http_client::send(http_call call) {
  const steady_time deadline = steady_clock::now() + call.timeout;
  const wiped body{call.body}, fields{call.fields}, target{call.url.target};
  if (closed_) co_return http_errc::busy;
  if (call.url.encrypted && !call.tls) co_return http_errc::tls_failed;
  std::string request = write_request(call);
  const wiped whole{request};
  origin& where = origin_of(call);
  auto answer = co_await send_to(where, call, request, deadline);
  if (closed_) deadlines_.rest_if_unused();
  co_return answer;
}

task<boost::system::result<http_answer>> http_client::send_to(origin& where, const http_call& call,
                                                              std::string_view request,
                                                              steady_time deadline) {
  client_pool::lease lease;
  // Who waited longer would have too little time left for the answer, and blame the peer for that.
  const steady_time ready_by = std::min(deadline, steady_clock::now() + call.connect_timeout);
  if (!where.pool.try_lease(lease, std::max(call.max_connections, 1U))) {
    const bool leased = co_await where.pool.wait_for_lease(lease, ready_by);
    if (!leased) co_return http_errc::busy;
    if (!is_wanted(call)) {
      if (lease.connection()) lease.keep();
      co_return http_errc::called_off;
    }
  }
  const bool is_head = call.method == method::head;
  if (lease.connection()) {
    deadlines_.watch(*lease.connection(), deadline);
    auto answer = co_await lease.connection()->exchange(request, is_head, options_.answer);
    if (answer && lease.connection()->reusable()) lease.keep();
    if (answer || answer.error() != http_errc::not_connected) co_return answer;
    lease.put(nullptr);
  }
  const error_code ec = co_await open(lease, call, ready_by);
  if (ec) co_return ec;
  if (!is_wanted(call)) {
    lease.keep();
    co_return http_errc::called_off;
  }
  deadlines_.watch(*lease.connection(), deadline);
  auto answer = co_await lease.connection()->exchange(request, is_head, options_.answer);
  if (answer && lease.connection()->reusable()) lease.keep();
  co_return answer;
}

task<error_code> http_client::open(client_pool::lease& into, const http_call& call, steady_time until) {
  const auto found = co_await names_.resolve(call.url.host, until);
  if (!found) co_return found.error();

  auto connection = std::make_unique<client_connection>(loop_);
  error_code ec = http_errc::not_connected;
  std::size_t left = found->size();
  for (const auto& address : *found) {
    // Each address has its share of the time, so that a dead first one leaves some for the others.
    const auto share = (until - steady_clock::now()) / static_cast<long>(left--);
    if (share.count() <= 0) break;
    deadlines_.watch(*connection, steady_clock::now() + share);
    const asio::ip::tcp::endpoint peer{address, call.url.port};
    ec = co_await connection->connect(peer);
    if (!ec) break;
  }
  if (ec) {
    names_.forget(call.url.host);
    co_return http_errc::not_connected;
  }
  deadlines_.watch(*connection, until);
  if (call.url.encrypted) {
    ec = co_await connection->secure(*call.tls, call.url.host);
    if (ec) co_return ec;
  }
  ++opened_;
  into.put(std::move(connection));
  co_return error_code{};
}

}  // namespace otpd::net
