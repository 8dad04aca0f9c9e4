#pragma once

// A store in memory that keeps the port's word and no more: it waits before and after, it retries every
// transition, and it fails when it is told to.

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "otp/error.hpp"
#include "otp/ports.hpp"

namespace otpd::otp::test {

// Lets everything else on the loop go first.
inline task<void> yield() {
  const auto loop = co_await boost::asio::this_coro::executor;
  constexpr boost::asio::use_awaitable_t<loop_executor> token;
  co_await boost::asio::post(loop, token);
}

enum class fault {
  none,
  full,    // errc::overloaded, nothing was run
  lost,    // errc::store_unavailable; it ran, nothing is durable
  silent,  // errc::store_unavailable; it ran and is durable, but nobody was told
};

class memory_store final : public store {
 public:
  explicit memory_store(const clock& time) : time_(time) {}

  // The `call`-th call from now on, from 1, fails; every later one too if it is `for_ever`.
  void fail(std::size_t call, fault how, bool for_ever) {
    fails_at_ = calls_ + call;
    how_ = how;
    for_ever_ = for_ever;
  }
  void repair() { how_ = fault::none; }
  void set_room(bool room) { room_ = room; }
  [[nodiscard]] std::size_t calls() const { return calls_; }
  [[nodiscard]] std::size_t writes() const { return writes_; }
  [[nodiscard]] std::size_t records() const { return rows_.size(); }
  [[nodiscard]] std::vector<std::string> values(table of) const {
    std::vector<std::string> out;
    for (const auto& [key, each] : rows_) {
      if (key[0] == static_cast<char>(of)) out.push_back(each.value);
    }
    return out;
  }
  // What lies on the disk, all of it.
  [[nodiscard]] std::string contents() const {
    std::string out;
    for (const auto& [key, each] : rows_)
      out += key + each.value;
    return out;
  }

  task<boost::system::result<std::optional<std::string>>> get(record_key key) override {
    const fault how = next_fault();
    co_await yield();
    if (how == fault::full) co_return errc::overloaded;
    if (how != fault::none) co_return errc::store_unavailable;
    std::optional<std::string> value = newest(key);
    co_await yield();
    co_return value;
  }

  task<boost::system::result<void>> update(record_key key, transition& step) override {
    const fault how = next_fault();
    const std::optional<std::string> stale = newest(key);
    co_await yield();
    if (how == fault::full) co_return errc::overloaded;
    run(stale, step);
    const std::optional<std::string> current = newest(key);
    run(current, step);
    const write_set out = run(current, step);
    if (how == fault::lost) co_return errc::store_unavailable;
    commit(out);
    co_await yield();
    if (how == fault::silent) co_return errc::store_unavailable;
    co_return boost::system::result<void>{};
  }

  [[nodiscard]] bool has_room() const noexcept override { return room_; }

 private:
  struct row {
    std::string value;
    instant expires;
  };

  static std::string name(const record_key& key) {
    return static_cast<char>(key.table) + std::string(key.bytes.begin(), key.bytes.end());
  }

  fault next_fault() {
    ++calls_;
    return calls_ == fails_at_ || (for_ever_ && calls_ > fails_at_) ? how_ : fault::none;
  }

  [[nodiscard]] std::optional<std::string> newest(const record_key& key) const {
    const auto found = rows_.find(name(key));
    if (found == rows_.end() || found->second.expires <= time_.now().now) return std::nullopt;
    return found->second.value;
  }

  // On a copy that is gone afterwards.
  static write_set run(const std::optional<std::string>& current, transition& step) {
    std::optional<std::string> copy = current;
    write_set out;
    step.apply(copy, out);
    if (copy) copy->assign(copy->size(), '?');
    return out;
  }

  void commit(const write_set& out) {
    for (const auto& each : out.writes) {
      ++writes_;
      if (each.value) {
        rows_.insert_or_assign(name(each.key), row{*each.value, each.expires});
      } else {
        rows_.erase(name(each.key));
      }
    }
  }

  const clock& time_;
  std::map<std::string, row> rows_;
  std::size_t calls_ = 0;
  std::size_t writes_ = 0;
  std::size_t fails_at_ = 0;
  fault how_ = fault::none;
  bool for_ever_ = false;
  bool room_ = true;
};

}  // namespace otpd::otp::test
