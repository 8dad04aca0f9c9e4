#include "mail/smtp_carrier.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "mail/mime_message.hpp"
#include "mail/smtp_error.hpp"
#include "net/url.hpp"
#include "net/wiped.hpp"
#include "otp/email.hpp"

namespace otpd::mail {

namespace asio = boost::asio;
using boost::system::error_code;
using otp::failure;
using sms::handover;
using std::chrono::steady_clock;

// What is on its way: an envelope and what is in it.
struct smtp_carrier::mail {
  std::string_view from;
  std::string_view to;
  std::string_view content;
  const sms::rendered_message* message = nullptr;

  [[nodiscard]] bool is_wanted() const { return !message->still_wanted || message->still_wanted(); }
};

namespace {

constexpr std::chrono::seconds keep_names{30};

smtp_options checked(smtp_options options, const net::client_tls* trust) {
  net::url server;
  server.host = options.host;
  const bool is_clear = options.security == smtp_security::none;
  if (is_clear && !options.insecure && !net::is_loopback(server))
    throw std::invalid_argument("security: none is for loopback; everything would travel unencrypted");
  if (!is_clear && !trust) throw std::invalid_argument("ca_file: TLS needs somebody to trust");
  if (!otp::parse_email(options.from)) throw std::invalid_argument("from: is not an e-mail address");
  if (!is_header_text(options.from_name)) throw std::invalid_argument("from_name: is not one line of text");
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  if (options.helo.empty() || !std::ranges::all_of(options.helo, is_visible))
    throw std::invalid_argument("helo: is neither a host name nor an address literal");
  return options;
}

smtp_pool::bounds bounds_of(const smtp_options& options) {
  smtp_pool::bounds out;
  out.connections = std::max(options.max_connections, 1U);
  out.idle = options.keep_idle;
  return out;
}

handover without_reply(failure what, error_code why) {
  handover out;
  out.failure = what;
  out.error = why;
  return out;
}

handover not_begun(error_code why) {
  handover out = without_reply(failure::unavailable, why);
  out.begun = false;
  return out;
}

// 96 bits in hexadecimal digits, for messages that nobody named.
std::string random_name() {
  std::array<unsigned char, 12> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the random generator failed");
  std::string out;
  for (const unsigned char byte : bytes)
    out.append(1, "0123456789abcdef"[byte >> 4]).append(1, "0123456789abcdef"[byte & 15]);
  return out;
}

}  // namespace

smtp_carrier::smtp_carrier(loop_executor loop, smtp_options options,
                           std::shared_ptr<const net::client_tls> trust)
    : loop_(loop),
      options_(checked(std::move(options), trust.get())),
      trust_(std::move(trust)),
      deadlines_(loop),
      names_(loop, keep_names),
      pool_(loop, deadlines_, bounds_of(options_)) {}

void smtp_carrier::close() noexcept {
  closed_ = true;
  pool_.close();
  deadlines_.rest_if_unused();
}

task<handover> smtp_carrier::hand_over(const sms::rendered_message& message,
                                       std::chrono::milliseconds bound) {
  const net::steady_time deadline = steady_clock::now() + std::min(bound, options_.timeout);
  mail_author author;
  author.address = message.from.empty() ? std::string_view{options_.from} : message.from;
  author.name = options_.from_name;
  std::string name;
  if (message.reference.empty()) name = random_name();
  auto content = write_message(author, message, name);
  if (!content) co_return without_reply(failure::rejected, smtp_errc::not_a_message);
  const net::wiped secret{*content};

  mail what;
  what.from = author.address;
  what.to = message.to;
  what.content = *content;
  what.message = &message;
  auto result = co_await carry(what, deadline);
  if (closed_) deadlines_.rest_if_unused();
  co_return result;
}

task<handover> smtp_carrier::carry(const mail& what, net::steady_time deadline) {
  smtp_pool::lease lease;
  const bool leased = co_await pool_.take(lease, deadline);
  if (!leased) co_return not_begun(smtp_errc::busy);
  if (!what.is_wanted()) co_return not_begun(smtp_errc::called_off);
  if (lease.connection()) {
    deadlines_.watch(*lease.connection(), deadline);
    co_await lease.connection()->deliver(what.from, what.to, what.content);
    if (!lease.connection()->was_stale()) co_return lease.connection()->result();
    lease.put(nullptr);
  }
  auto opened = co_await open(lease, deadline);
  if (opened.failure != failure::none) co_return opened;
  if (!what.is_wanted()) co_return not_begun(smtp_errc::called_off);
  deadlines_.watch(*lease.connection(), deadline);
  co_await lease.connection()->deliver(what.from, what.to, what.content);
  co_return lease.connection()->result();
}

task<handover> smtp_carrier::open(smtp_pool::lease& into, net::steady_time deadline) {
  const auto until = std::min(deadline, steady_clock::now() + options_.connect_timeout);
  auto connection = std::make_unique<smtp_connection>(loop_, options_);
  const error_code ec = co_await connect(*connection, until);
  if (ec) co_return without_reply(failure::unavailable, ec);
  ++opened_;
  deadlines_.watch(*connection, until);
  const bool is_ready = co_await connection->open(trust_.get());
  if (!is_ready) co_return connection->result();
  into.put(std::move(connection));
  co_return without_reply(failure::none, {});
}

task<error_code> smtp_carrier::connect(smtp_connection& connection, net::steady_time until) {
  const auto found = co_await names_.resolve(options_.host, until);
  if (!found) co_return smtp_errc::not_resolved;
  std::size_t left = found->size();
  for (const auto& address : *found) {
    // Each address has its share of the time, so that a dead first one leaves some for the others.
    const auto share = (until - steady_clock::now()) / static_cast<long>(left--);
    if (share.count() <= 0) break;
    deadlines_.watch(connection, steady_clock::now() + share);
    const asio::ip::tcp::endpoint peer{address, options_.port};
    const error_code ec = co_await connection.connect(peer);
    if (!ec) co_return ec;
  }
  names_.forget(options_.host);
  co_return smtp_errc::not_connected;
}

}  // namespace otpd::mail
