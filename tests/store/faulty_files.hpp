#pragma once

// A file system that fails when it is told to, holds syncs back, and knows what a power cut would leave.

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace otpd::store::test {

class faulty_files final : public rocksdb::FileSystemWrapper {
 public:
  faulty_files() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "otpd.test.faulty_files"; }

  // The n-th append or sync from now fails (n from 1), and with `for_ever` every one after it. A failing
  // append leaves half of its bytes behind. Only files with this ending count.
  void fail(long nth, bool for_ever, rocksdb::IOStatus how, std::string ending = "");
  void heal();
  [[nodiscard]] bool has_failed() const;

  // Syncs wait from here on, until release().
  void hold_syncs();
  void release();
  // Waits until a sync is being held.
  [[nodiscard]] bool holds_one();

  // Copies a store as a power cut would leave it: every file cut to what was synced.
  void copy_synced(const std::filesystem::path& from, const std::filesystem::path& to);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override;

 private:
  class file;
  enum class verb { append, sync };
  [[nodiscard]] rocksdb::IOStatus next(verb what, const std::string& name);
  void remember_synced(const std::string& name, std::uint64_t size);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  long until_failure_ = 0;  // 0: none is planned
  bool for_ever_ = false;
  bool failed_ = false;
  rocksdb::IOStatus how_;
  std::string ending_;
  bool holding_ = false;
  int held_ = 0;
  std::map<std::string, std::uint64_t> synced_;
};

// An environment on `files`, which it shares.
[[nodiscard]] std::unique_ptr<rocksdb::Env> environment_on(const std::shared_ptr<faulty_files>& files);

}  // namespace otpd::store::test
