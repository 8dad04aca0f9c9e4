#include "store/directory.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

namespace otpd::store {

namespace {

using mark_bytes = std::array<std::uint8_t, 24>;

void put(mark_bytes& out, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i)
    out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint64_t take(const mark_bytes& in, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= static_cast<std::uint64_t>(in[at + i]) << (8 * i);
  return value;
}

std::uint32_t check_of(const mark_bytes& bytes) {
  std::uint32_t hash = 0x811c9dc5;
  for (std::size_t i = 0; i < 20; ++i)
    hash = (hash ^ bytes[i]) * 0x01000193;
  return hash;
}

// Without a slash at its end, or "<path>.mark" would be inside.
std::filesystem::path plain(const std::filesystem::path& path) {
  const auto out = std::filesystem::absolute(path).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

std::string written_in(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size() - 1, 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

bool is_running(const std::string& pid) {
  pid_t number = 0;
  const auto read = std::from_chars(pid.data(), pid.data() + pid.size(), number);
  if (read.ec != std::errc() || number <= 0) return false;
  return ::kill(number, 0) == 0 || errno == EPERM;
}

// Who has the lock. It writes its name a moment after taking it; until then the file names nobody, or one
// that is gone. Waits half a second at most.
std::string holder(int lock) {
  constexpr std::chrono::milliseconds step(10);
  std::string pid = written_in(lock);
  for (int waits = 0; waits < 50 && !is_running(pid); ++waits) {
    std::this_thread::sleep_for(step);
    pid = written_in(lock);
  }
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

directory::descriptor::~descriptor() {
  if (fd >= 0) ::close(fd);
}

directory::directory(const options& settings) : settings_(settings) {
  settings_.path = plain(settings.path);
  const auto& path = settings_.path;
  std::error_code ec;
  const bool made = std::filesystem::create_directories(path, ec);
  if (ec) throw store_error("store " + path.string() + ": cannot be made: " + ec.message(), 74);
  if (made) std::filesystem::permissions(path, std::filesystem::perms::owner_all, ec);

  lock_.fd = ::open((path / "otpd.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_.fd < 0) throw store_error("store " + path.string() + ": " + std::strerror(errno), 74);
  if (::flock(lock_.fd, LOCK_EX | LOCK_NB) != 0) {
    throw store_error("store " + path.string() + " is in use by process " + holder(lock_.fd), 73);
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(lock_.fd, 0) != 0 || ::pwrite(lock_.fd, pid.data(), pid.size(), 0) < 0) {
    // A full disk must not keep us from starting: the lock itself is held.
  }
  mark_.fd = ::open((path.string() + ".mark").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (mark_.fd < 0) throw store_error("store " + path.string() + ".mark: " + std::strerror(errno), 74);
}

std::optional<mark> directory::read_mark() const {
  mark_bytes bytes{};
  if (::pread(mark_.fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return std::nullopt;
  if (take(bytes, 20, 4) != check_of(bytes)) return std::nullopt;
  return mark{take(bytes, 0, 8),
              otp::instant{otp::milliseconds{static_cast<std::int64_t>(take(bytes, 8, 8))}},
              static_cast<std::uint32_t>(take(bytes, 16, 4))};
}

void directory::write_mark(const mark& value) noexcept {
  mark_bytes bytes{};
  put(bytes, 0, 8, value.commits);
  put(bytes, 8, 8, static_cast<std::uint64_t>(value.life.time_since_epoch().count()));
  put(bytes, 16, 4, value.epoch);
  put(bytes, 20, 4, check_of(bytes));
  if (::pwrite(mark_.fd, bytes.data(), bytes.size(), 0) < 0) return;
}

bool directory::has_room() const noexcept {
  return has_room_beside(0);
}

bool directory::has_room_beside(std::uint64_t bytes) const noexcept {
  struct statvfs status {};
  if (::statvfs(settings_.path.c_str(), &status) != 0) return false;
  const std::uint64_t free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  const std::uint64_t all = static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize;
  if (free < bytes) return false;
  return free - bytes >= settings_.min_free_mib << 20 &&
         free - bytes >= all / 100 * settings_.min_free_percent;
}

void directory::fill_ballast() noexcept {
  const std::filesystem::path file = settings_.path / "ballast";
  if (settings_.ballast_mib == 0 || ::access(file.c_str(), F_OK) == 0) return;
  if (!has_room_beside(settings_.ballast_mib << 20)) return;
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const off_t size = static_cast<off_t>(settings_.ballast_mib << 20);
  if (::posix_fallocate(fd, 0, size) != 0) ::unlink(file.c_str());
  ::close(fd);
}

void directory::drop_ballast() noexcept {
  ::unlink((settings_.path / "ballast").c_str());
}

}  // namespace otpd::store
