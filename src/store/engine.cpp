#include "store/engine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/container/static_vector.hpp>

#include "otp/error.hpp"
#include "store/envelope.hpp"

namespace otpd::store {

namespace {

using boost::system::error_code;
using boost::system::result;
namespace asio = boost::asio;

}  // namespace

engine::engine(settings options, life_clock& clock, observer& watch)
    : settings_(std::move(options)),
      clock_(clock),
      watch_(watch),
      directory_(settings_.store),
      overlay_((settings_.store.cache_mib << 20) / 2) {
  database_ = std::make_unique<database>(settings_.store, directory_, clock_, settings_.key_check,
                                         settings_.accept_restore, settings_.env);
  recovered_ = database_->recovered();
  last_write_ = database_->last_mark().life;
  clock_.start(last_write_, settings_.clock_confirmed, database_->was_suspect());
  database_->note_suspect(clock_.is_suspect());
  if (settings_.clock_confirmed)
    last_write_ = clock_.now().now;  // the next tick's mark keeps what was confirmed
  begin_service();
  writer_ = std::thread([this] { run_writer(); });
}

engine::~engine() {
  try {
    close();
  } catch (const store_error& error) {
    watch_.on_event(error.what());
  }
}

task<result<std::optional<std::string>>> engine::get(otp::record_key key) {
  if (!is_open())
    co_return otp::errc::store_unavailable;  // rather than wait while the store is being reopened
  const std::lock_guard lock(overlay_.of(key).mutex);
  if (!is_open()) co_return otp::errc::store_unavailable;
  co_return read_durable(key);
}

// The shard's lock is held.
result<std::optional<std::string>> engine::read_durable(const otp::record_key& key) {
  const otp::instant now = clock_.now().now;
  if (const auto found = overlay_.of(key).recent.find(key, now)) {
    return found->value ? std::optional<std::string>(*found->value) : std::nullopt;
  }
  rocksdb::PinnableSlice value;
  const auto status = database_->read(key, value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return otp::errc::store_unavailable;
  const auto record = open_envelope({value.data(), value.size()});
  if (!record) return otp::errc::store_unavailable;
  if (record->expires <= now) return std::optional<std::string>{};
  return std::optional<std::string>(record->payload);
}

task<result<void>> engine::update(otp::record_key key, otp::transition& step) {
  commit mine(co_await asio::this_coro::executor);
  bool wait = false;
  if (const auto ec = stage(key, step, mine, wait)) co_return ec;
  if (!wait) co_return result<void>{};
  // The writer may be done already, but it completes on this loop, which is busy here until the handler is in
  // place.
  auto initiate = [&mine](auto handler) { mine.resume.emplace(std::move(handler)); };
  const auto token = asio::as_tuple(asio::use_awaitable_t<loop_executor>{});
  const std::tuple<error_code> outcome =
      co_await asio::async_initiate<decltype(token), void(error_code)>(std::move(initiate), token);
  if (std::get<0>(outcome)) co_return std::get<0>(outcome);
  co_return result<void>{};
}

// Runs the transition under the locks of every shard it touches and queues what it wrote.
error_code engine::stage(const otp::record_key& key, otp::transition& step, commit& into, bool& wait) {
  // Rather than wait while the store is being reopened: the caller's moment may be of an older epoch than the
  // reopened store.
  if (!is_open()) return otp::errc::store_unavailable;
  if (queued() >= settings_.max_queued) return otp::errc::overloaded;
  shard_set needed;
  needed.set(overlay::index(key));
  for (;;) {
    boost::container::static_vector<std::unique_lock<std::mutex>, overlay::shard_count> locks;
    for (std::size_t i = needed._Find_first(); i < needed.size(); i = needed._Find_next(i))
      locks.emplace_back(overlay_.at(i).mutex);
    if (!is_open()) return otp::errc::store_unavailable;
    into.set.writes.clear();
    bool saw_pending = false;
    if (const auto ec = stage_locked(key, step, into, saw_pending)) return ec;
    const shard_set before = needed;
    for (const auto& write : into.set.writes)
      needed.set(overlay::index(write.key));
    // Locks are taken in ascending order only; the transition is run again under all of them. `needed` only
    // grows.
    if (needed != before) continue;
    if (into.set.writes.empty() && !saw_pending) return {};
    if (const auto ec = enqueue(into)) return ec;
    for (const auto& write : into.set.writes)
      overlay_.put(write, into.sequence);
    wait = true;
    return {};
  }
}

error_code engine::stage_locked(const otp::record_key& key, otp::transition& step, commit& into,
                                bool& saw_pending) {
  const overlay::shard& part = overlay_.of(key);
  const otp::instant now = clock_.now().now;
  if (const auto found = part.pending.find(key); found != part.pending.end()) {
    saw_pending = true;
    const auto* write = found->second.write;
    const bool there = write->value && write->expires > now;
    step.apply(there ? std::optional<std::string_view>(*write->value) : std::nullopt, into.set);
    return {};
  }
  if (const auto found = part.recent.find(key, now)) {
    step.apply(found->value, into.set);
    return {};
  }
  rocksdb::PinnableSlice value;
  const auto status = database_->read(key, value);
  if (!status.ok() && !status.IsNotFound()) return otp::errc::store_unavailable;
  std::optional<std::string_view> current;
  if (status.ok()) {
    const auto record = open_envelope({value.data(), value.size()});
    if (!record) return otp::errc::store_unavailable;
    if (record->expires > now) current = record->payload;
  }
  step.apply(current, into.set);
  return {};
}

// The shard locks are held, so commits of one key are queued in the order of their transitions.
error_code engine::enqueue(commit& one) {
  bool wake = false;
  {
    const std::lock_guard lock(queue_mutex_);
    if (closing_) return otp::errc::store_unavailable;
    if (queue_.size() >= settings_.max_queued) return otp::errc::overloaded;
    one.sequence = ++sequence_;
    queue_.push_back(&one);
    queued_.store(queue_.size(), std::memory_order_relaxed);
    wake = writer_waits_;
    writer_waits_ = false;
  }
  if (wake) queue_filled_.notify_one();
  return {};
}

recovery engine::recovered() const {
  const std::lock_guard lock(queue_mutex_);
  return recovered_;
}

std::uint64_t engine::estimated_records(otp::table table) {
  if (!is_open()) return 0;
  const std::lock_guard lock(overlay_.at(0).mutex);
  return is_open() ? database_->estimated_records(table) : 0;
}

void engine::scan(otp::table table, const std::function<void(std::string_view, std::string_view)>& visit) {
  const std::lock_guard lock(overlay_.at(0).mutex);  // keeps the writer from replacing the database
  if (!is_open()) throw store_error("the store is closed", 74);
  const otp::instant now = clock_.now().now;
  database_->scan(table, [&](std::string_view key, std::string_view value) {
    const auto record = open_envelope(value);
    if (record && record->expires > now) visit(key, record->payload);
  });
}

void engine::close() {
  {
    const std::lock_guard lock(queue_mutex_);
    if (closing_) return;
    closing_ = true;
  }
  queue_filled_.notify_one();
  writer_.join();
  const auto locks = overlay_.lock_all();         // nobody reads it any more
  if (open_.exchange(false)) database_->close();  // what has failed is not touched again
  database_.reset();
}

}  // namespace otpd::store
