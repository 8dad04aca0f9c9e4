#include "store/faulty_files.hpp"

#include <chrono>

#include "store/scratch.hpp"

namespace otpd::store::test {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class faulty_files::file final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  file(std::string name, std::unique_ptr<rocksdb::FSWritableFile> target, faulty_files& owner)
      : FSWritableFileOwnerWrapper(std::move(target)), name_(std::move(name)), owner_(owner) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    const IOStatus fault = owner_.next(verb::append, name_);
    if (fault.ok()) return FSWritableFileOwnerWrapper::Append(data, options, context);
    FSWritableFileOwnerWrapper::Append(Slice(data.data(), data.size() / 2), options, context)
        .PermitUncheckedError();
    return fault;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return synced(options, context, [&] { return FSWritableFileOwnerWrapper::Sync(options, context); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return synced(options, context, [&] { return FSWritableFileOwnerWrapper::Fsync(options, context); });
  }

 private:
  template <class Run>
  IOStatus synced(const IOOptions& options, IODebugContext* context, Run run) {
    const std::uint64_t size = GetFileSize(options, context);
    if (IOStatus fault = owner_.next(verb::sync, name_); !fault.ok()) return fault;
    IOStatus done = run();
    if (done.ok()) owner_.remember_synced(name_, size);
    return done;
  }

  std::string name_;
  faulty_files& owner_;
};

void faulty_files::fail(long nth, bool for_ever, IOStatus how, std::string ending) {
  const std::lock_guard lock(mutex_);
  until_failure_ = nth;
  for_ever_ = for_ever;
  failed_ = false;
  how_ = std::move(how);
  ending_ = std::move(ending);
}

void faulty_files::heal() {
  const std::lock_guard lock(mutex_);
  until_failure_ = 0;
}

bool faulty_files::has_failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

void faulty_files::hold_syncs() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void faulty_files::release() {
  const std::lock_guard lock(mutex_);
  holding_ = false;
  changed_.notify_all();
}

bool faulty_files::holds_one() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [this] { return held_ > 0; });
}

IOStatus faulty_files::next(verb what, const std::string& name) {
  std::unique_lock lock(mutex_);
  if (what == verb::sync && holding_) {
    ++held_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !holding_; });
    --held_;
  }
  if (until_failure_ == 0 || !name.ends_with(ending_)) return IOStatus::OK();
  if (until_failure_ > 1) {
    --until_failure_;
    return IOStatus::OK();
  }
  if (!for_ever_) until_failure_ = 0;
  failed_ = true;
  return how_;
}

void faulty_files::remember_synced(const std::string& name, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  synced_[name] = size;
}

IOStatus faulty_files::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* out,
                                       IODebugContext* context) {
  std::unique_ptr<rocksdb::FSWritableFile> target;
  IOStatus made = FileSystemWrapper::NewWritableFile(name, options, &target, context);
  if (made.ok()) {
    remember_synced(name, 0);
    *out = std::make_unique<file>(name, std::move(target), *this);
  }
  return made;
}

IOStatus faulty_files::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                  IODebugContext* context) {
  IOStatus done = FileSystemWrapper::RenameFile(from, to, options, context);
  const std::lock_guard lock(mutex_);
  if (auto node = synced_.extract(from); done.ok() && node) synced_[to] = node.mapped();
  return done;
}

void faulty_files::copy_synced(const std::filesystem::path& from, const std::filesystem::path& to) {
  copy_store(from, to);
  const std::lock_guard lock(mutex_);
  for (const auto& [name, size] : synced_) {
    const auto copy = to / "db" / std::filesystem::path(name).filename();
    if (std::filesystem::exists(copy) && std::filesystem::file_size(copy) > size)
      std::filesystem::resize_file(copy, size);
  }
}

std::unique_ptr<rocksdb::Env> environment_on(const std::shared_ptr<faulty_files>& files) {
  return rocksdb::NewCompositeEnv(files);
}

}  // namespace otpd::store::test
