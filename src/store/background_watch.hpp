#pragma once

#include <rocksdb/env.h>
#include <rocksdb/listener.h>

#include <atomic>

namespace otpd::store {

// Notices that one of RocksDB's own threads has failed, and keeps RocksDB from repairing it in place: on a
// full disk it would go on with files that have failed, which Debian's build answers with abort().
class background_watch final : public rocksdb::EventListener {
 public:
  [[nodiscard]] bool has_failed() const noexcept { return failed_.load(std::memory_order_relaxed); }

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override {
    failed_.store(true, std::memory_order_relaxed);
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  std::atomic<bool> failed_{false};
};

// RocksDB's report of itself. A file of its own fails when the disk is full, and the next line to it would
// abort() the process.
class silent_log final : public rocksdb::Logger {
 public:
  silent_log() : Logger(rocksdb::FATAL_LEVEL) {}
  void Logv(const char*, va_list) override {}
};

}  // namespace otpd::store
