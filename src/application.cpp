#include "application.hpp"

#include <charconv>
#include <thread>

#include "crypto/mac.hpp"
#include "loop_parts.hpp"
#include "otp/phone.hpp"

namespace otpd {

namespace {

namespace asio = boost::asio;

// Several servers may share a loop's handler; each owns a handle on it.
class shared_handler final : public net::handler {
 public:
  explicit shared_handler(net::handler& to) : to_(to) {}
  task<void> handle(const net::request& in, net::response& out) override { return to_.handle(in, out); }
  void refuse(unsigned status, std::string_view code, net::response& out) override {
    to_.refuse(status, code, out);
  }

 private:
  net::handler& to_;
};

crypto::secret_key master_key(const config& settings) try {
  if (!settings.master_key.empty()) return crypto::parse_master_key(settings.master_key);
  const auto file = settings.master_key_file.empty() ? settings.store.path.string() + ".key"
                                                     : settings.master_key_file.string();
  return crypto::load_or_create_master_key(file);
} catch (const std::runtime_error& error) {
  throw config_error(error.what());
}

auth::token_signer signer_of(const config& settings, const crypto::key_ring& ring) try {
  return {settings.tokens, ring};
} catch (const std::invalid_argument& error) {
  throw config_error(std::string("tokens.private_keys: ") + error.what());
}

std::size_t loop_count(const config& settings) {
  if (settings.server.threads != 0) return settings.server.threads;
  return std::max(1u, std::thread::hardware_concurrency());
}

store::engine::settings engine_settings(const config& settings, const crypto::key_ring& ring, log& lines) {
  store::engine::settings out;
  out.store = settings.store;
  std::ranges::copy(ring.check.bytes(), out.key_check.begin());
  out.accept_restore = settings.accept_restore;
  out.clock_confirmed = settings.clock_suspect_confirmed;
  // The supervisor starts a new process; nothing here can be saved any more.
  out.on_fatal = [&lines] {
    lines.write(log_level::error, "exit", {{"detail", "the store cannot be reopened"}});
    std::_Exit(75);
  };
  return out;
}

asio::ip::tcp::endpoint endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  return {asio::ip::make_address(host), port};
}

std::vector<std::array<std::uint8_t, 32>> key_hashes(const config& settings) {
  std::vector<std::array<std::uint8_t, 32>> out;
  for (const auto& each : settings.api_keys)
    out.push_back(each.sha256);
  return out;
}

}  // namespace

application::application(const config& settings, log& lines)
    : settings_(settings),
      lines_(lines),
      ring_(master_key(settings)),
      numbers_(make_registry(loop_count(settings), settings)),
      store_watch_(*numbers_, lines),
      clock_(time_),
      loops_(loop_count(settings)),
      store_(engine_settings(settings, ring_, lines), clock_, store_watch_),
      limits_(store_, clock_),
      keys_(key_hashes(settings)),
      origins_(settings.server.cors_origins),
      proxies_(settings.server.trusted_proxies, settings.server.proxy_hops),
      signer_(signer_of(settings, ring_)),
      hasher_(settings.passwords),
      unix_ms_([this](otp::instant when) { return clock_.wall_ms(when); }),
      delivery_(settings,
                [this] { return std::chrono::sys_seconds(std::chrono::seconds(time_.wall_ms() / 1000)); }) {
  if (clock_.is_suspect()) {
    lines_.write(log_level::warn, "clock_suspect",
                 {{"detail",
                   "the wall clock is over an hour past the store's last mark; nothing expired is collected "
                   "until a start "
                   "with --confirm-clock"}});
  }
  warn_of_dialects();
  otp::prepare_phones();
  make_loops();
  start_outboxes();
  make_servers();
  add_gauges();
  add_delivery_gauges();
}

application::~application() {
  store_.close();
}

void application::make_loops() {
  for (std::size_t i = 0; i < loops_.size(); ++i)
    parts_.push_back(std::make_unique<loop_parts>(*this, i));
}

// RELIABILITY: whoever runs codes that are easier to guess than NIST SP 800-63B allows shall read of it.
void application::warn_of_dialects() {
  const auto& all = settings_.dialects;
  const std::pair<bool, std::string_view> served[] = {{all.s0.enabled, all.s0.profile},
                                                      {all.s1.enabled, all.s1.profile},
                                                      {all.s2.enabled, all.s2.profile},
                                                      {all.s3.enabled, all.s3.profile},
                                                      {all.s4.enabled, all.s4.profile}};
  std::string weak;
  for (const auto& [enabled, name] : served) {
    const auto profile = std::ranges::find(settings_.profiles, name, &otp::profile::name);
    if (!enabled || profile == settings_.profiles.end() || !profile->legacy) continue;
    if (!weak.empty()) weak += ", ";
    weak += name;
  }
  if (weak.empty()) return;
  const std::string detail = "served with codes below what NIST SP 800-63B asks: " + weak +
                             "; [dialects.NAME] enabled = false switches one off";
  lines_.write(log_level::warn, "legacy", {{"detail", detail}});
}

// Each loop goes on with its share of what an earlier process has left.
void application::start_outboxes() {
  std::vector<std::vector<std::string>> shares(loops_.size());
  std::size_t next = 0;
  store_.scan(otp::table::outbox, [&](std::string_view, std::string_view row) {
    shares[next++ % shares.size()].emplace_back(row);
  });
  for (std::size_t i = 0; i < loops_.size(); ++i)
    parts_[i]->queue.start(parts_[i]->verifier, std::move(shares[i]));
}

void application::make_servers() {
  const server_config& from = settings_.server;
  net::server_options options;
  options.address = endpoint(from.listen);
  options.times.header = from.header_timeout;
  options.times.body = from.body_timeout;
  options.times.write = from.write_timeout;
  options.times.idle = from.idle_timeout;
  // A request waits for its message, which may take one channel's time and then the other's.
  options.times.answer =
      settings_.delivery.sms_deadline + settings_.delivery.email_deadline + std::chrono::seconds(5);
  options.connections.total = from.max_connections;
  options.connections.per_address = from.max_connections_per_ip;
  options.connections.counts_loopback = false;
  options.report = [this](std::string_view text) {
    lines_.write(log_level::warn, "transport", {{"detail", text}});
  };
  if (from.tls) {
    tls_ = load_certificate(settings_);
    options.tls = tls_;
  }
  api_ = std::make_unique<net::server>(loops_, options, [this](loop_executor, std::size_t loop) {
    return std::make_unique<shared_handler>(parts_[loop]->open);
  });
  if (from.admin_listen.empty()) return;
  options.address = endpoint(from.admin_listen);
  options.tls = nullptr;
  options.loop_count = 1;
  options.connections.total = 64;
  admin_ = std::make_unique<net::server>(loops_, options, [this](loop_executor, std::size_t loop) {
    return std::make_unique<shared_handler>(parts_[loop]->admin);
  });
}

std::vector<std::string> application::why_not_ready() const {
  std::vector<std::string> out;
  if (stopping_) out.emplace_back("stopping");
  if (!store_.is_open()) out.emplace_back("store closed after a failure");
  if (!store_.has_room()) out.emplace_back("storage low");
  return out;
}

bool application::force_breaker(std::string_view provider, std::string_view mode) {
  sms::provider_health* health = delivery_.health_of(provider);
  if (health == nullptr) return false;
  for (const sms::breaker_mode each :
       {sms::breaker_mode::automatic, sms::breaker_mode::forced_open, sms::breaker_mode::forced_closed}) {
    if (name_of(each) != mode) continue;
    const sms::breaker_changes changes = health->force(each, sms::boot_time_now());
    if (!changes.empty())
      lines_.write(log_level::warn, "breaker",
                   {{"provider", provider}, {"why", "operator_says"}, {"to", mode}});
    return true;
  }
  return false;
}

void application::start() {
  api_->start();
  if (admin_) admin_->start();
  loops_.start();
  limits_.start(loops_[0].executor());
}

std::string application::reload_certificate() {
  return tls_ ? tls_->reload() : std::string();
}

void application::stop_now() {
  for (const auto& each : parts_)
    each->queue.abandon();
  api_->drain(std::chrono::milliseconds(0));
  if (admin_) admin_->drain(std::chrono::milliseconds(0));
}

std::shared_ptr<net::tls_contexts> application::load_certificate(const config& settings) try {
  const auto& from = settings.server.tls;
  if (!from) return nullptr;
  return std::make_shared<net::tls_contexts>(
      net::tls_files{from->certificate.string(), from->private_key.string()});
} catch (const std::runtime_error& error) {
  throw config_error(std::string("server.tls: ") + error.what());
}

void application::verify_store(const config& settings) {
  const crypto::key_ring ring(master_key(settings));
  const store::system_time time;
  store::life_clock clock(time);
  store::directory place(settings.store);
  store::database opened(settings.store, place, clock, ring.check.bytes(), settings.accept_restore);
  opened.verify();
  opened.close();
}

bool application::stop(std::chrono::milliseconds bound) {
  stopping_ = true;
  const auto until = std::chrono::steady_clock::now() + bound;
  api_->drain(bound);
  if (admin_) admin_->drain(bound);
  for (const auto& each : parts_)
    each->queue.stop();  // what is queued from now on stays in the store
  bool ended = api_->join();
  ended = (!admin_ || admin_->join()) && ended;
  for (const auto& each : parts_)
    ended = each->queue.wait(until) && ended;
  limits_.stop();
  store_.close();
  loops_.stop();
  loops_.join();
  return ended;
}

}  // namespace otpd
