#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "otp/time.hpp"
#include "store/options.hpp"

namespace otpd::store {

// The store cannot be used. `exit_code` follows sysexits.h: 73 another process has it, 74 the disk fails, 78 it is not ours.
class store_error : public std::runtime_error {
 public:
  store_error(const std::string& what, int code) : std::runtime_error(what), exit_code(code) {}
  int exit_code;
};

// How far the store had come: kept in each batch, and after it in a file of its own. A store that is behind its file was
// rolled back (a restored backup, a snapshot, a damaged log). All zero: nothing was written yet.
struct mark {
  std::uint64_t commits = 0;  // groups committed in the life of the store
  otp::instant life{};        // the life clock at the last of them
};

// The directory of a store: made with mode 0700, held by one process, with the files that are not RocksDB's:
//
//   otpd.lock   flock()ed while a process serves; holds its pid
//   ballast     space kept for the moment the disk is full
//   <path>.mark beside the directory: `commits` and `life` of a mark, 8 bytes each, little endian
class directory {
 public:
  // Throws store_error, within a moment, if another process holds the directory (73) or it cannot be used (74).
  explicit directory(const options& settings);
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;
  ~directory();

  // The mark in the file; all zero if there is none.
  [[nodiscard]] mark read_mark() const;
  // Writes it to the kernel; a failure is not an error: the file only helps to notice rollbacks.
  void write_mark(const mark& value) noexcept;

  // True if more than the configured space is free.
  [[nodiscard]] bool has_room() const noexcept;
  // Makes the ballast if it is missing and there is room for it.
  void fill_ballast() noexcept;
  // Gives the ballast's space back, so that deletions and compactions can go on.
  void drop_ballast() noexcept;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return settings_.path; }

 private:
  options settings_;
  int lock_ = -1;
  int mark_ = -1;
};

}  // namespace otpd::store
