#include "store/directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace otpd::store {

namespace {

using mark_bytes = std::array<std::uint8_t, 16>;

void put(mark_bytes& out, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint64_t take(const mark_bytes& in, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value |= static_cast<std::uint64_t>(in[at + i]) << (8 * i);
  return value;
}

std::string holder(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size() - 1, 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "unknown";
}

}  // namespace

directory::directory(const options& settings) : settings_(settings) {
  const auto& path = settings_.path;
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (ec) throw store_error("store " + path.string() + ": cannot be made: " + ec.message(), 74);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, ec);

  lock_ = ::open((path / "otpd.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw store_error("store " + path.string() + ": " + std::strerror(errno), 74);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const std::string pid = holder(lock_);
    ::close(lock_);
    throw store_error("store " + path.string() + " is in use by process " + pid, 73);
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, pid.data(), pid.size(), 0) < 0) {
    // A full disk must not keep us from starting: the lock itself is held.
  }
  mark_ = ::open((path.string() + ".mark").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

directory::~directory() {
  if (mark_ >= 0) ::close(mark_);
  if (lock_ >= 0) ::close(lock_);
}

mark directory::read_mark() const {
  mark_bytes bytes{};
  if (mark_ < 0 || ::pread(mark_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  return {take(bytes, 0), otp::instant{otp::milliseconds{static_cast<std::int64_t>(take(bytes, 8))}}};
}

void directory::write_mark(const mark& value) noexcept {
  mark_bytes bytes{};
  put(bytes, 0, value.commits);
  put(bytes, 8, static_cast<std::uint64_t>(value.life.time_since_epoch().count()));
  if (mark_ >= 0 && ::pwrite(mark_, bytes.data(), bytes.size(), 0) < 0) return;
}

bool directory::has_room() const noexcept {
  struct statvfs status {};
  if (::statvfs(settings_.path.c_str(), &status) != 0) return false;
  const std::uint64_t free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  const std::uint64_t all = static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize;
  return free >= settings_.min_free_mib << 20 && free >= all / 100 * settings_.min_free_percent;
}

void directory::fill_ballast() noexcept {
  if (settings_.ballast_mib == 0) return;
  const std::filesystem::path file = settings_.path / "ballast";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const off_t size = static_cast<off_t>(settings_.ballast_mib << 20);
  if (::posix_fallocate(fd, 0, size) != 0) ::unlink(file.c_str());
  ::close(fd);
}

void directory::drop_ballast() noexcept { ::unlink((settings_.path / "ballast").c_str()); }

}  // namespace otpd::store
